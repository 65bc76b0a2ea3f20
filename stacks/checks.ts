import { allowedDisruptions } from "../infra/app/disruptionBudget.ts";
import * as defaults from "../infra/app/defaults.ts";
import { refusedAttributePairs } from "../infra/app/loadBalancer.ts";
import { inClusterResources } from "../infra/data/defaults.ts";
import { nodeResources } from "../infra/cluster/instanceTypes.ts";
import type { Resources } from "../infra/kubernetes/resources.ts";
import type { Problem } from "./problems.ts";
import type { Config } from "./schema/index.ts";
import { parseQuantity } from "./schema/quantity.ts";

/** Connections PostgreSQL keeps for superusers (`superuser_reserved_connections`). */
const reservedConnections = 3;

/** Pods a rollout adds to the replicas (`maxSurge`). */
const surge = 1;

const workloads = ["backend", "frontend"] as const;

function amount(quantity: string): number {
    return parseQuantity(quantity) ?? Number.NaN;
}

function replicaBounds({ app }: Config): Problem[] {
    return workloads.flatMap((name) => {
        const { minReplicas, maxReplicas } = app[name].autoscaling;
        const path = ["app", name, "autoscaling"];
        return minReplicas <= maxReplicas
            ? []
            : [
                  {
                      path: [...path, "minReplicas"],
                      message: `must not be greater than maxReplicas, which is ${maxReplicas}`,
                      related: [[...path, "maxReplicas"]],
                  },
              ];
    });
}

function disruptions({ app }: Config): Problem[] {
    return workloads.flatMap((name): Problem[] => {
        const { disruptionBudget, autoscaling } = app[name];
        if (allowedDisruptions(disruptionBudget, autoscaling.minReplicas) >= 1) return [];
        const path = ["app", name, "disruptionBudget"];
        const related = [["app", name, "autoscaling", "minReplicas"]];
        return "minAvailable" in disruptionBudget
            ? [
                  {
                      path: [...path, "minAvailable"],
                      message: `must be less than autoscaling.minReplicas, which is ${autoscaling.minReplicas}, or no node can ever be drained; or use {maxUnavailable: 1}`,
                      related,
                  },
              ]
            : [
                  {
                      path: [...path, "maxUnavailable"],
                      message: "must be at least 1, or no node can ever be drained",
                      related,
                  },
              ];
    });
}

function requestsWithinLimits({ app }: Config): Problem[] {
    return [...workloads, "bot" as const, "migration" as const].flatMap((name) =>
        (["cpu", "memory"] as const).flatMap((resource): Problem[] => {
            const { requests, limits } = app[name].resources;
            const path = ["app", name, "resources"];
            return amount(requests[resource]) <= amount(limits[resource])
                ? []
                : [
                      {
                          path: [...path, "requests", resource],
                          message: `must not be more than limits.${resource}, which is ${limits[resource]}`,
                          related: [[...path, "limits", resource]],
                      },
                  ];
        }),
    );
}

function attributePairs({ app }: Config): Problem[] {
    const { algorithm, slowStartSeconds, stickiness, stickinessSeconds, crossZone } = app.ingress;
    return refusedAttributePairs({
        deregistrationDelaySeconds: app.ingress.drainSeconds,
        algorithm,
        slowStartSeconds,
        stickinessSeconds: stickiness ? stickinessSeconds : undefined,
        crossZone,
    }).map((sentence) => ({
        path: ["app", "ingress"],
        message: `the load balancer refuses this: ${sentence}`,
        related: ["algorithm", "slowStartSeconds", "stickiness", "crossZone"].map((key) => [
            "app",
            "ingress",
            key,
        ]),
    }));
}

function connections({ app, data }: Config): Problem[] {
    const processes =
        app.backend.autoscaling.maxReplicas +
        surge +
        (app.bot.enabled ? 1 : 0) +
        (app.migration.enabled ? 1 : 0);
    const needed = processes * data.connectionLimit;
    const available = data.maxConnections - reservedConnections;
    return needed <= available
        ? []
        : [
              {
                  path: ["data", "connectionLimit"],
                  message: `${processes} processes at most (replicas, surge, bot, schema job) need ${needed} connections, but PostgreSQL gives ${available} (maxConnections ${data.maxConnections} less ${reservedConnections} for superusers); at most ${Math.floor(available / processes)} is allowed`,
                  related: [
                      ["data", "maxConnections"],
                      ["app", "backend", "autoscaling", "maxReplicas"],
                  ],
              },
          ];
}

/** Everything that may run at once: each workload at its maximum and in a rollout. */
function peak({ app, data }: Config): { resources: Resources; pods: number }[] {
    return [
        ...workloads.map((name) => ({
            resources: app[name].resources,
            pods: app[name].autoscaling.maxReplicas + surge,
        })),
        ...(app.bot.enabled ? [{ resources: app.bot.resources, pods: 1 }] : []),
        ...(app.migration.enabled ? [{ resources: app.migration.resources, pods: 1 }] : []),
        ...(data.kind === "in-cluster"
            ? Object.values(inClusterResources).map((resources) => ({ resources, pods: 1 }))
            : []),
    ];
}

function quota(config: Config): Problem[] {
    const uses = peak(config);
    return (["requests", "limits"] as const).flatMap((kind) =>
        (["cpu", "memory"] as const).flatMap((resource): Problem[] => {
            const hard = defaults.resourceQuota[`${kind}.${resource}`];
            const needed = uses.reduce(
                (sum, use) => sum + use.pods * amount(use.resources[kind][resource]),
                0,
            );
            const shown =
                resource === "cpu" ? `${Math.ceil(needed * 100) / 100}` : `${Math.ceil(needed / 2 ** 20)}Mi`;
            return needed <= amount(hard)
                ? []
                : [
                      {
                          path: ["app"],
                          message: `at the maximum of all replicas the pods' ${kind}.${resource} add up to ${shown}, more than the namespace's quota of ${hard}; lower maxReplicas or resources.${kind}.${resource}`,
                          related: workloads.flatMap((name) => [
                              ["app", name, "autoscaling"],
                              ["app", name, "resources"],
                          ]),
                      },
                  ];
        }),
    );
}

function podsFitNodes(config: Config): Problem[] {
    if (config.environment !== "local") return [];
    const { instanceType } = config.cluster.embedded;
    const { allocatable } = nodeResources(instanceType);
    return (["cpu", "memory"] as const).flatMap((resource): Problem[] => {
        const largest = peak(config)
            .map(({ resources }) => resources.requests[resource])
            .reduce((left, right) => (amount(left) >= amount(right) ? left : right));
        return amount(largest) <= amount(allocatable[resource])
            ? []
            : [
                  {
                      path: ["cluster", "embedded", "instanceType"],
                      message: `must be larger: a pod requests ${largest} of ${resource}, but a node has ${allocatable[resource]} for pods`,
                      related: workloads.map((name) => ["app", name, "resources"]),
                  },
              ];
    });
}

function differentHosts({ app }: Config): Problem[] {
    return app.hosts.api === app.hosts.frontend
        ? [
              {
                  path: ["app", "hosts", "api"],
                  message: "must differ from hosts.frontend: each request is routed by its host",
                  related: [["app", "hosts", "frontend"]],
              },
          ]
        : [];
}

function differentKeys({ secrets }: Config): Problem[] {
    return secrets.jwtSecret === secrets.jwtRefreshSecret
        ? [
              {
                  path: ["secrets", "jwtRefreshSecret"],
                  message:
                      "must differ from jwtSecret: with one key an access token would pass as a refresh token",
                  related: [["secrets", "jwtSecret"]],
              },
          ]
        : [];
}

function loadBalancerNetworks({ environment, network }: Config): Problem[] {
    return environment !== "local" && network.loadBalancerCidrs.length === 0
        ? [
              {
                  path: ["network", "loadBalancerCidrs"],
                  message: `must name the load balancer's subnets in ${environment}: without them the network policies let no request in`,
                  related: [["environment"]],
              },
          ]
        : [];
}

function readinessGates({ environment, app }: Config): Problem[] {
    return environment === "prod" && !app.ingress.waitForAddress
        ? [
              {
                  path: ["app", "ingress", "waitForAddress"],
                  message:
                      "must be true in prod: pods that start before their target group exists get no readiness gate",
                  related: [["environment"]],
              },
          ]
        : [];
}

/** Every combination of keys that is impossible although each key by itself is allowed. */
export function crossChecks(config: Config): Problem[] {
    return [
        replicaBounds,
        disruptions,
        requestsWithinLimits,
        attributePairs,
        connections,
        quota,
        podsFitNodes,
        differentHosts,
        differentKeys,
        loadBalancerNetworks,
        readinessGates,
    ].flatMap((check) => check(config));
}
