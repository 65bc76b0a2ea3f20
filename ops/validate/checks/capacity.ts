import type { V1PodSpec } from "@kubernetes/client-node";

import { kinds, type NodePool } from "../kinds.ts";
import { type Check, type Context, objectName, type Outcome } from "../model.ts";
import { type Amounts, amount, place, podRequests, resourceNames, rooms } from "../placement.ts";
import { livePods } from "../pods.ts";

/** Pods of one workload that may still come: up to the HPA's maximum, and those a rollout adds. */
interface Missing {
    object: string;
    count: number;
    pod: V1PodSpec;
}

function missing({ cluster, planned }: Context): Missing[] {
    const pods = cluster.list(kinds.pods);
    return planned.of(kinds.autoscalers).flatMap((hpa): Missing[] => {
        const max = cluster.find(kinds.autoscalers, hpa.metadata?.name)?.spec.maxReplicas;
        const deployment = cluster.find(kinds.deployments, hpa.spec.scaleTargetRef.name);
        const pod = deployment?.spec?.template.spec;
        if (max === undefined || !pod) return [];
        const surge = Number(deployment.spec?.strategy?.rollingUpdate?.maxSurge ?? 0);
        const running = livePods(pods, deployment.spec?.selector).filter(({ spec }) => spec?.nodeName);
        const object = objectName({ kind: "Deployment", metadata: { name: hpa.spec.scaleTargetRef.name } });
        return [{ object, count: Math.max(0, max + surge - running.length), pod }];
    });
}

function total(all: readonly { pods: number; pod: V1PodSpec }[]): Amounts {
    const sum = (name: keyof Amounts): number =>
        all.reduce((each, { pods, pod }) => each + pods * podRequests(pod)[name], 0);
    return { cpu: sum("cpu"), memory: sum("memory") };
}

function shown({ cpu, memory }: Amounts): string {
    return `${Math.round(cpu * 100) / 100} CPU, ${Math.ceil(memory / 2 ** 20)}Mi`;
}

/** What Karpenter may still make; a pool without a limit may make everything. */
function headroom(pools: readonly NodePool[]): Amounts {
    const left = (name: keyof Amounts): number =>
        pools.reduce((sum, { spec, status }) => {
            const limit = spec.limits?.[name];
            return (
                sum +
                (limit === undefined
                    ? Number.POSITIVE_INFINITY
                    : Math.max(0, amount(limit) - amount(status?.resources?.[name])))
            );
        }, 0);
    return { cpu: left("cpu"), memory: left("memory") };
}

function onNodes({ cluster }: Context, all: readonly Missing[]): Outcome {
    const object = "Nodes";
    const space = rooms(cluster.list(kinds.nodes), cluster.list(kinds.allPods));
    const left = all
        // The largest first, as they are the hardest to place.
        .toSorted((one, other) => podRequests(other.pod).memory - podRequests(one.pod).memory)
        .map((each) => ({
            ...each,
            pods: Array.from({ length: each.count }).filter(() => !place(each.pod, space)).length,
        }))
        .filter(({ pods }) => pods > 0);
    const wanted = all.reduce((sum, { count }) => sum + count, 0);
    if (left.length === 0) {
        return { object, status: "pass", message: `room for all ${wanted} further pods at the maximum` };
    }
    const need = total(left);
    const names = left.map(({ object: name, pods }) => `${pods} of ${name}`).join(", ");
    const pools = cluster.listIfKnown(kinds.nodePools) ?? [];
    if (pools.length === 0) {
        return {
            object,
            status: "fail",
            message: `no room for ${names} at the maximum (${shown(need)})`,
            remedy: "Add nodes or uncordon them, or lower maxReplicas or the requests.",
        };
    }
    const may = headroom(pools);
    if (resourceNames.some((name) => may[name] < need[name])) {
        return {
            object,
            status: "fail",
            message: `no room for ${names} at the maximum (${shown(need)}); the NodePools may add ${shown(may)}`,
            remedy: "Raise cluster.nodePools.limits.",
        };
    }
    return { object, status: "pass", message: `Karpenter may add nodes for ${names} (${shown(need)})` };
}

function inQuota({ cluster }: Context, all: readonly Missing[]): Outcome[] {
    const need = total(all.map((each) => ({ ...each, pods: each.count })));
    return cluster.list(kinds.resourceQuotas).map((quota) => {
        const object = objectName({ kind: "ResourceQuota", metadata: { name: quota.metadata?.name ?? "" } });
        const hard = quota.status?.hard ?? {};
        const used = quota.status?.used ?? {};
        const short = resourceNames.filter((name) => {
            const limit = hard[`requests.${name}`];
            return limit !== undefined && amount(used[`requests.${name}`]) + need[name] > amount(limit);
        });
        return short.length === 0
            ? { object, status: "pass", message: "holds the maximum" }
            : {
                  object,
                  status: "fail",
                  message: `has no room for the maximum in ${short.join(" and ")}: ${shown(need)} are still to come`,
                  remedy: "Other pods take their share; end them, or lower maxReplicas.",
              };
    });
}

export const capacity: Check = {
    name: "capacity",
    title: "Nodes, or what Karpenter may add, and the quota hold every HPA's maximum and a rollout.",
    needs: ["namespace"],
    run(context) {
        const all = missing(context);
        return [onNodes(context, all), ...inQuota(context, all)];
    },
};
