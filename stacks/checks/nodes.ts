import { architectureOf, type InstanceType, nodeResources } from "../../infra/cluster/instanceTypes.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import { amount, type PeakPods, peak, workloads } from "./peak.ts";
import { monitoringPods } from "./monitoringPods.ts";

type Resource = "cpu" | "memory";

const resources = ["cpu", "memory"] as const;

/** What the DaemonSets of add-ons and monitoring request on every node (their charts' defaults, rounded up). */
const daemonSets = { cpu: "250m", memory: "400Mi" } as const;

const shown = (resource: Resource, value: number): string =>
    resource === "cpu" ? String(Math.ceil(value * 100) / 100) : `${Math.ceil(value / 2 ** 20)}Mi`;

const podKeys = workloads.map((name) => ["app", name, "resources"]);

/** Everything that runs on nodes the program makes for it. */
function allPods(config: Config): PeakPods[] {
    return [...peak(config), ...monitoringPods(config)];
}

function largestPod(config: Config, resource: Resource): string {
    return allPods(config)
        .map((use) => use.resources.requests[resource])
        .reduce((left, right) => (amount(left) >= amount(right) ? left : right));
}

function tooSmall(
    config: Config,
    type: InstanceType,
    reserved: Record<Resource, number>,
): string | undefined {
    const { allocatable } = nodeResources(type);
    for (const resource of resources) {
        const largest = largestPod(config, resource);
        const free = amount(allocatable[resource]) - reserved[resource];
        if (amount(largest) > free) {
            const amountFree = reserved[resource] === 0 ? allocatable[resource] : shown(resource, free);
            return `a pod requests ${largest} of ${resource}, but a node has ${amountFree} for pods`;
        }
    }
    return undefined;
}

/** The largest pod fits a simulated node. */
export function podsFitSimulatedNodes(config: Config): Problem[] {
    if (config.environment !== "local" || config.cluster.kind !== "existing") return [];
    const reason = tooSmall(config, config.cluster.embedded.instanceType, { cpu: 0, memory: 0 });
    return reason === undefined
        ? []
        : [
              {
                  path: ["cluster", "embedded", "instanceType"],
                  message: `must be larger: ${reason}`,
                  related: podKeys,
              },
          ];
}

/** The largest pod fits each instance type that Karpenter may choose, beside what runs on every node. */
export function podsFitNodePools(config: Config): Problem[] {
    if (config.cluster.kind !== "eks") return [];
    const reserved = { cpu: amount(daemonSets.cpu), memory: amount(daemonSets.memory) };
    return config.cluster.nodePools.instanceTypes.flatMap((type, index): Problem[] => {
        const reason = tooSmall(config, type, reserved);
        return reason === undefined
            ? []
            : [
                  {
                      path: ["cluster", "nodePools", "instanceTypes", index],
                      message: `must be larger: ${reason}`,
                      related: podKeys,
                  },
              ];
    });
}

/** The images run on each instance type that Karpenter may choose. */
export function imagesRunOnNodePools({ app, cluster }: Config): Problem[] {
    if (cluster.kind !== "eks") return [];
    return cluster.nodePools.instanceTypes.flatMap((type, index): Problem[] => {
        const architecture = architectureOf(type);
        return app.architectures.includes(architecture)
            ? []
            : [
                  {
                      path: ["cluster", "nodePools", "instanceTypes", index],
                      message: `is an ${architecture} type, but the images are built for ${app.architectures.join(", ")} only (app.architectures)`,
                      related: [["app", "architectures"]],
                  },
              ];
    });
}

/**
 * The limits of the preferred node pool hold everything at its peak. Limits count whole nodes, so what the kubelet and the
 * DaemonSets take of the least efficient type is added.
 */
export function peakFitsNodePools(config: Config): Problem[] {
    const { cluster } = config;
    if (cluster.kind !== "eks") return [];
    return resources.flatMap((resource): Problem[] => {
        const shares = cluster.nodePools.instanceTypes.map((type) => {
            const { capacity, allocatable } = nodeResources(type);
            return (
                (amount(allocatable[resource]) - amount(daemonSets[resource])) / amount(capacity[resource])
            );
        });
        const requested = allPods(config).reduce(
            (sum, use) => sum + use.pods * amount(use.resources.requests[resource]),
            0,
        );
        const needed = requested / Math.min(...shares);
        const limit = cluster.nodePools.limits[resource];
        return needed <= amount(limit)
            ? []
            : [
                  {
                      path: ["cluster", "nodePools", "limits", resource],
                      message: `must be at least ${shown(resource, needed)}: with all replicas, a rollout and monitoring the pods request ${shown(resource, requested)}, and a part of each node is not theirs`,
                      related: [
                          ["cluster", "nodePools", "instanceTypes"],
                          ...workloads.flatMap((name) => [
                              ["app", name, "resources"],
                              ["app", name, "autoscaling"],
                          ]),
                      ],
                  },
              ];
    });
}

/** Bottlerocket's versions are not pinned by the program. */
export function amiVersionGiven({ cluster }: Config): Problem[] {
    return cluster.kind === "eks" &&
        cluster.operatingSystem === "bottlerocket" &&
        cluster.nodePools.amiVersion === undefined
        ? [
              {
                  path: ["cluster", "nodePools", "amiVersion"],
                  message: "is required with operatingSystem bottlerocket, such as v1.50.0",
                  related: [["cluster", "operatingSystem"]],
              },
          ]
        : [];
}
