import { instanceTypes, type InstanceType, nodeResources } from "../../infra/cluster/instanceTypes.ts";
import { parseQuantity } from "../../stacks/schema/quantity.ts";
import { type NodePool, nodePools, podGroups } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import { instancePrice } from "./listPrices.ts";

/** Nodes that the node autoscaler has to make for the pods that always run. */
export interface WorkloadNodes {
    readonly instanceType: InstanceType;
    readonly count: number;
    readonly pool: NodePool;
}

/** What the agents on each node request. Assumed: network, proxy, storage, identity and log agents together. */
const agents = { cpu: 0.25, memory: 300 * 2 ** 20 };

/**
 * The nodes for the smallest number of pods, of the type in the preferred pool that costs least. Karpenter takes the wish
 * not to share a node for a demand, so there are at least as many nodes as the most replicated such workload has pods.
 * Undefined when the plan has no node pool, or none of its types has a price.
 */
export function workloadNodes(plan: Plan): WorkloadNodes | undefined {
    const [pool] = nodePools(plan);
    if (!pool) return undefined;
    const pods = podGroups(plan);
    const sum = (resource: "cpu" | "memory"): number =>
        pods.reduce((total, each) => total + each.minReplicas * each[resource], 0);
    const apart = pods.filter(({ avoidsSharing }) => avoidsSharing).map(({ minReplicas }) => minReplicas);
    const options = pool.instanceTypes.filter(isKnown).flatMap((instanceType) => {
        const price = instancePrice(instanceType)?.usd;
        if (price === undefined) return [];
        const { allocatable } = nodeResources(instanceType);
        const nodesFor = (resource: "cpu" | "memory"): number =>
            Math.ceil(sum(resource) / ((parseQuantity(allocatable[resource]) ?? 0) - agents[resource]));
        const count = Math.max(nodesFor("cpu"), nodesFor("memory"), ...apart);
        return [{ instanceType, count, pool, price: count * price }];
    });
    const [cheapest] = options.toSorted((left, right) => left.price - right.price);
    return cheapest && { instanceType: cheapest.instanceType, count: cheapest.count, pool };
}

function isKnown(type: string): type is InstanceType {
    return type in instanceTypes;
}
