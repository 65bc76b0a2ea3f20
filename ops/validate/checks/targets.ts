import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { ReadError } from "../readError.ts";
import { type Snapshot, targetsPath } from "../snapshot.ts";
import { prometheuses } from "./prometheus.ts";

interface Target {
    /** `serviceMonitor/<namespace>/<name>/<index of the endpoint>`. */
    scrapePool: string;
    scrapeUrl: string;
    health: "up" | "down" | "unknown";
    lastError: string;
}

const remedies = {
    down: "Call the address from inside the cluster; look at the network policy between Prometheus and the pods.",
    none: "Compare the monitor's selector and port name with the Service; a new one takes two minutes.",
    proxy: "Look at the pods of Prometheus; its network policy must let the control plane in at 9090.",
};

function judge(object: string, targets: readonly Target[]): Outcome {
    if (targets.length === 0) {
        return { object, status: "fail", message: "Prometheus has no target of it", remedy: remedies.none };
    }
    const down = targets.filter(({ health }) => health === "down");
    const [first] = down;
    if (first) {
        const message = `${down.length} of ${targets.length} targets are down, such as ${first.scrapeUrl}: ${first.lastError}`;
        return { object, status: "fail", message, remedy: remedies.down };
    }
    const unknown = targets.filter(({ health }) => health === "unknown").length;
    if (unknown > 0) {
        const message = `${unknown} of ${targets.length} targets have not been scraped yet`;
        return { object, status: "warn", message, remedy: "Wait half a minute, or use --watch." };
    }
    return { object, status: "pass", message: `${targets.length} targets are up` };
}

/** The targets of all Prometheis; those of two that scrape the same are there twice. */
function readTargets(cluster: Snapshot, namespaces: readonly string[]): Target[] {
    return [...new Set(namespaces)].flatMap((namespace) => cluster.at(targetsPath(namespace)) as Target[]);
}

export const targets: Check = {
    name: "targets",
    title: "Prometheus scrapes the application's pods and gets answers.",
    needs: ["namespace", "monitoring"],
    run(context) {
        const { cluster, planned } = context;
        const monitors = planned.of(kinds.serviceMonitors);
        const found = prometheuses(context);
        if (!Array.isArray(found)) return [found];
        let all: Target[];
        try {
            all = readTargets(
                cluster,
                found.map(({ metadata }) => metadata.namespace ?? ""),
            );
        } catch (error) {
            if (!(error instanceof ReadError) || error.reason === "forbidden") throw error;
            const message = `does not answer through the API server (${error.message})`;
            return [{ object: "Prometheus", status: "fail", message, remedy: remedies.proxy }];
        }
        const pool = (name: string | undefined) => `serviceMonitor/${planned.namespace}/${name ?? ""}/`;
        const ours = monitors.map((monitor) =>
            judge(
                objectName(monitor),
                all.filter(({ scrapePool }) => scrapePool.startsWith(pool(monitor.metadata.name))),
            ),
        );
        const others = all.filter(
            ({ scrapePool, health }) =>
                health === "down" &&
                !monitors.some(({ metadata }) => scrapePool.startsWith(pool(metadata.name))),
        );
        const pools = [...new Set(others.map(({ scrapePool }) => scrapePool))];
        return [
            ...ours,
            ...(pools.length > 0
                ? [
                      {
                          object: "Prometheus",
                          status: "warn" as const,
                          message: `${others.length} other targets are down: ${pools.slice(0, 3).join(", ")}`,
                          remedy: remedies.down,
                      },
                  ]
                : []),
        ];
    },
};
