import type { V1Deployment, V1PodSpec } from "@kubernetes/client-node";

import { kinds, type NodePool } from "../kinds.ts";
import { type Check, type Context, objectName, type Outcome } from "../model.ts";
import { type Amounts, amount, place, podAmount, podRequests, resourceNames, rooms } from "../placement.ts";
import { livePods } from "../pods.ts";

/** Pods of one workload that may still come: up to the HPA's maximum, and those a rollout adds. */
interface Missing {
    object: string;
    /** Pods without a node, those that wait for one included. */
    unplaced: number;
    /** Pods that do not exist. */
    unmade: number;
    pod: V1PodSpec;
}

/** Pods that a rollout adds to so many; a share is rounded up, as the Deployment controller does. */
function surgeOf(deployment: V1Deployment, replicas: number): number {
    const surge = deployment.spec?.strategy?.rollingUpdate?.maxSurge ?? 0;
    if (typeof surge === "number") return surge;
    return surge.endsWith("%") ? Math.ceil((Number.parseFloat(surge) / 100) * replicas) : Number(surge);
}

function missing({ cluster, planned }: Context): Missing[] {
    const pods = cluster.list(kinds.pods);
    return planned.of(kinds.autoscalers).flatMap((hpa): Missing[] => {
        const max = cluster.find(kinds.autoscalers, hpa.metadata?.name)?.spec.maxReplicas;
        const deployment = cluster.find(kinds.deployments, hpa.spec.scaleTargetRef.name);
        const pod = deployment?.spec?.template.spec;
        if (max === undefined || !pod) return [];
        const most = max + surgeOf(deployment, max);
        const there = livePods(pods, deployment.spec?.selector);
        const placed = there.filter(({ spec }) => spec?.nodeName);
        const object = objectName({ kind: "Deployment", metadata: { name: hpa.spec.scaleTargetRef.name } });
        return [
            {
                object,
                unplaced: Math.max(0, most - placed.length),
                unmade: Math.max(0, most - there.length),
                pod,
            },
        ];
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
            pods: Array.from({ length: each.unplaced }).filter(() => !place(each.pod, space)).length,
        }))
        .filter(({ pods }) => pods > 0);
    const wanted = all.reduce((sum, { unplaced }) => sum + unplaced, 0);
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

/** What a pod takes of a quota's key; undefined for a key that is not about pods. */
function podShare(key: string, pod: V1PodSpec): number | undefined {
    if (key === "pods" || key === "count/pods") return 1;
    const [, prefix = "requests.", name] =
        /^(requests\.|limits\.)?(cpu|memory|ephemeral-storage)$/.exec(key) ?? [];
    return name === undefined
        ? undefined
        : podAmount(pod, prefix === "limits." ? "limits" : "requests", name);
}

function shownAmount(key: string, value: number): string {
    return /memory|storage/.test(key)
        ? `${Math.ceil(value / 2 ** 20)}Mi`
        : String(Math.round(value * 100) / 100);
}

function inQuota({ cluster }: Context, all: readonly Missing[]): Outcome[] {
    return cluster.list(kinds.resourceQuotas).map((quota) => {
        const object = objectName({ kind: "ResourceQuota", metadata: { name: quota.metadata?.name ?? "" } });
        const used = quota.status?.used ?? {};
        const short = Object.entries(quota.status?.hard ?? {}).flatMap(([key, hard]) => {
            const need = all.reduce((sum, { pod, unmade }) => sum + unmade * (podShare(key, pod) ?? 0), 0);
            if (need === 0 || amount(used[key]) + need <= amount(hard)) return [];
            const [is, more] = [amount(used[key]), need].map((value) => shownAmount(key, value));
            return [`${key} (${is ?? ""} used, ${more ?? ""} to come, ${hard} allowed)`];
        });
        return short.length === 0
            ? { object, status: "pass", message: "holds the maximum" }
            : {
                  object,
                  status: "fail",
                  message: `has no room for the maximum in ${short.join(" and ")}`,
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
