import type { Plan, PlannedResource } from "../plan/model.ts";
import { newNodeSeconds, onExistingNodes, typicalSeconds } from "./typicalSeconds.ts";

/** A stage of a chain that no order of creation avoids: the slowest resource of the plan that belongs to it. */
export interface Stage {
    readonly stage: string;
    readonly urn: string;
    readonly name: string;
    /** Typical seconds to create it, without the new node when an earlier stage has made one. */
    readonly seconds: number;
}

/** The least time any order of creation takes. */
export interface LowerBound {
    readonly seconds: number;
    /** The stages of the longest unavoidable chain that the plan has something of. */
    readonly stages: Stage[];
}

const typed =
    (...types: string[]) =>
    ({ type }: PlannedResource): boolean =>
        types.includes(type);

const release =
    (name: string) =>
    ({ type, inputs }: PlannedResource): boolean =>
        type === "kubernetes:helm.sh/v3:Release" && inputs["name"] === name;

const members = {
    network: typed("awsx:ec2:Vpc"),
    "control plane": typed("eks:index:Cluster"),
    nodes: typed("aws:eks/nodeGroup:NodeGroup"),
    "load balancer controller": release("aws-load-balancer-controller"),
    "node autoscaler": release("karpenter"),
    Ingress: typed("kubernetes:networking.k8s.io/v1:Ingress"),
    database: typed("aws:rds/instance:Instance"),
    cache: typed("aws:elasticache/replicationGroup:ReplicationGroup"),
    "in-cluster store": typed("kubernetes:apps/v1:StatefulSet"),
    "schema job": ({ type, inputs }: PlannedResource) =>
        type === "kubernetes:batch/v1:Job" && !onExistingNodes(inputs),
    workloads: typed("kubernetes:apps/v1:Deployment"),
} satisfies Record<string, (resource: PlannedResource) => boolean>;

type StageName = keyof typeof members;

/** Stages whose time includes the start of a node. The next one finds it there. */
const startsNode: readonly StageName[] = ["in-cluster store", "schema job", "workloads"];

/**
 * What cannot be done at the same time. The load balancer has to exist before the pods, so that each waits for its target;
 * data stores are made beside the cluster and count only where they take longer.
 */
const chains: readonly (readonly StageName[])[] = [
    ["network", "control plane", "nodes", "load balancer controller", "Ingress", "workloads"],
    ["network", "control plane", "nodes", "node autoscaler", "in-cluster store", "schema job", "workloads"],
    ["network", "database", "schema job", "workloads"],
    ["network", "cache", "workloads"],
];

function slowest(plan: Plan, stage: StageName): Stage[] {
    return plan.resources
        .filter(members[stage])
        .map((resource) => ({
            stage,
            urn: resource.urn,
            name: resource.name,
            seconds: typicalSeconds(resource),
        }))
        .toSorted((left, right) => right.seconds - left.seconds || (left.urn < right.urn ? -1 : 1))
        .slice(0, 1);
}

function boundOf(plan: Plan, chain: readonly StageName[]): LowerBound {
    const firstPods = chain.find((stage) => startsNode.includes(stage) && slowest(plan, stage).length > 0);
    const stages = chain.flatMap((stage) => {
        const hasNode = startsNode.includes(stage) && stage !== firstPods;
        return slowest(plan, stage).map((each) => ({
            ...each,
            seconds: hasNode ? each.seconds - newNodeSeconds : each.seconds,
        }));
    });
    return { seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0), stages };
}

/** The longest of the chains that no order of creation avoids, from the same table of times as the longest chain. */
export function lowerBound(plan: Plan): LowerBound {
    return chains
        .map((chain) => boundOf(plan, chain))
        .reduce((longest, each) => (each.seconds > longest.seconds ? each : longest));
}
