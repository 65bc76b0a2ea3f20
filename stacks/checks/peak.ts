import { inClusterResources } from "../../infra/data/defaults.ts";
import type { Resources } from "../../infra/kubernetes/resources.ts";
import type { Config } from "../schema/index.ts";
import { parseQuantity } from "../schema/quantity.ts";
import { storesOf } from "../stores.ts";

/** Pods a rollout adds to the replicas (`maxSurge`). */
export const surge = 1;

/** The workloads that scale. */
export const workloads = ["backend", "frontend"] as const;

/** The number a Kubernetes quantity stands for. */
export function amount(quantity: string): number {
    return parseQuantity(quantity) ?? Number.NaN;
}

/** Pods of one kind that may run at once. */
export interface PeakPods<R extends Pick<Resources, "requests"> = Pick<Resources, "requests">> {
    resources: R;
    pods: number;
}

/** Everything that may run at once: each workload at its maximum and in a rollout. */
export function peak({ app, data }: Config): PeakPods<Resources>[] {
    const stores = storesOf(data);
    return [
        ...workloads.map((name) => ({
            resources: app[name].resources,
            pods: app[name].autoscaling.maxReplicas + surge,
        })),
        ...(app.bot.enabled ? [{ resources: app.bot.resources, pods: 1 }] : []),
        ...(app.migration.enabled ? [{ resources: app.migration.resources, pods: 1 }] : []),
        ...(["postgres", "redis"] as const)
            .filter((store) => stores[store].kind === "in-cluster")
            .map((store) => ({ resources: inClusterResources[store], pods: 1 })),
    ];
}
