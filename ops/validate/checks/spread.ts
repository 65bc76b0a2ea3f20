import type { V1Node, V1Pod } from "@kubernetes/client-node";

import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { hasCondition, livePods } from "../pods.ts";

const zoneLabel = "topology.kubernetes.io/zone";

/** Number of pods in each domain, the most first. */
function distribution(pods: readonly V1Pod[], domainOf: (pod: V1Pod) => string): [string, number][] {
    const groups = Map.groupBy(pods, domainOf);
    return [...groups]
        .map(([domain, each]): [string, number] => [domain, each.length])
        .sort(([left, most], [right, least]) => least - most || left.localeCompare(right, "en"));
}

function judge(
    what: "zone" | "node",
    found: readonly [string, number][],
    domains: number,
    pods: number,
): { status: "pass" | "warn" | "fail"; text: string } {
    const text = found.map(([domain, count]) => `${domain} ${count}`).join(", ");
    if (domains < 2) return { status: "warn", text: `there is one ${what} only: ${text}` };
    if (found.length < 2) return { status: "fail", text: `all in one of ${domains} ${what}s: ${text}` };
    const least = pods < domains || found.length < domains ? 0 : (found.at(-1)?.[1] ?? 0);
    const skew = (found[0]?.[1] ?? 0) - least;
    return { status: skew > 1 ? "warn" : "pass", text: `${what}s: ${text}` };
}

export const spread: Check = {
    name: "spread",
    title: "The pods of each workload are spread over zones and nodes.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        const nodes = cluster.list(kinds.nodes).filter((node) => hasCondition(node, "Ready"));
        const zones = new Map(nodes.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel]]));
        const zoneOf = ({ spec }: V1Pod): string => zones.get(spec?.nodeName) ?? "unknown";
        const allZones = new Set(nodes.map(({ metadata }: V1Node) => metadata?.labels?.[zoneLabel]));
        const pods = cluster.list(kinds.pods);
        return planned.of(kinds.deployments).flatMap((deployment): Outcome[] => {
            const template = deployment.spec?.template.spec;
            if ((template?.topologySpreadConstraints ?? []).length === 0) return [];
            const object = objectName(deployment);
            const placed = livePods(pods, deployment.spec?.selector).filter(({ spec }) => spec?.nodeName);
            if (placed.length < 2) {
                return [{ object, status: "skip", message: `${placed.length} pods cannot be spread` }];
            }
            const parts = [
                judge("zone", distribution(placed, zoneOf), allZones.size, placed.length),
                judge(
                    "node",
                    distribution(placed, ({ spec }) => spec?.nodeName ?? ""),
                    nodes.length,
                    placed.length,
                ),
            ];
            const message = parts.map(({ text }) => text).join("; ");
            if (parts.some(({ status }) => status === "fail")) {
                const remedy = `Have them placed anew once the other zones have nodes: kubectl -n ${planned.namespace} rollout restart deployment ${deployment.metadata?.name ?? ""}.`;
                return [{ object, status: "fail", message, remedy }];
            }
            if (parts.some(({ status }) => status === "warn")) {
                return [
                    {
                        object,
                        status: "warn",
                        message,
                        remedy: "The loss of the fullest zone or node takes more pods than it need. A rollout places them anew.",
                    },
                ];
            }
            return [{ object, status: "pass", message }];
        });
    },
};
