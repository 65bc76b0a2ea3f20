import type { Plan, PlannedResource } from "../plan/model.ts";
import { typicalSeconds } from "./typicalSeconds.ts";

/** A stage of a chain that no order of creation avoids: the slowest resource of the plan that belongs to it. */
export interface Stage {
    readonly stage: string;
    readonly urn: string;
    readonly name: string;
    /** Typical seconds to create it. */
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
    "schema job": typed("kubernetes:batch/v1:Job"),
    workloads: typed("kubernetes:apps/v1:Deployment"),
} satisfies Record<string, (resource: PlannedResource) => boolean>;

type StageName = keyof typeof members;

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

function slowest(plan: Plan, stage: StageName): Stage | undefined {
    const [first] = plan.resources
        .filter(members[stage])
        .map(({ urn, name, ...resource }) => ({
            stage,
            urn,
            name,
            seconds: typicalSeconds({ ...resource }),
        }))
        .toSorted((left, right) => right.seconds - left.seconds || (left.urn < right.urn ? -1 : 1));
    return first;
}

/** The longest of the chains that no order of creation avoids, from the same table of times as the longest chain. */
export function lowerBound(plan: Plan): LowerBound {
    const bounds = chains.map((chain) => {
        const stages = chain.flatMap((stage) => slowest(plan, stage) ?? []);
        return { seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0), stages };
    });
    return bounds.reduce((longest, each) => (each.seconds > longest.seconds ? each : longest));
}
