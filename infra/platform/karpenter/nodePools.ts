import { nodeClassName } from "./nodeClass.ts";

/** How Amazon sells an instance. */
export type CapacityType = "on-demand" | "spot";

/** How many nodes may be disrupted at once. Does not hold back expiry and interruptions. */
export interface DisruptionBudget {
    /** Number or percentage of the pool's nodes, such as `1` or `10%`; `0` for none. */
    readonly nodes: string;
    /** Default: all reasons. */
    readonly reasons?: readonly ("Drifted" | "Empty" | "Underutilized")[];
    /** Beginning of the time in which it counts, as a cron expression in UTC; with `duration`. Default: always. */
    readonly schedule?: string;
    /** Length of that time in hours and minutes, such as `8h` or `1h30m`. */
    readonly duration?: string;
}

export interface NodePoolArgs {
    /** Instance types to choose from. */
    instanceTypes: readonly string[];
    /** What the nodes of one pool may have together, as Kubernetes quantities. */
    limits: { readonly cpu: string; readonly memory: string };
    /** Age at which a node is replaced, in hours, minutes and seconds such as `720h`, or `Never`. */
    expireAfter: string;
    /** Time after the last change to a node's pods before it may be emptied or removed to save money. */
    consolidateAfter: string;
    /** Limits to disruption; the strictest counts. */
    budgets: readonly DisruptionBudget[];
    /** Time after which pods that hold up a node's end are deleted, PodDisruptionBudget or not. */
    terminationGracePeriod: string;
}

/** One NodePool for each capacity type, named after it; the first is used as long as it can give nodes. */
export function nodePools(capacityTypes: readonly CapacityType[], args: NodePoolArgs) {
    return capacityTypes.map((capacityType, index) => ({
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: {
            name: capacityType,
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
            template: {
                spec: {
                    nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: nodeClassName },
                    requirements: [
                        { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
                        {
                            key: "node.kubernetes.io/instance-type",
                            operator: "In",
                            values: [...args.instanceTypes],
                        },
                    ],
                    expireAfter: args.expireAfter,
                    terminationGracePeriod: args.terminationGracePeriod,
                },
            },
            disruption: {
                consolidationPolicy: "WhenEmptyOrUnderutilized",
                consolidateAfter: args.consolidateAfter,
                budgets: args.budgets.map((budget) => ({ ...budget })),
            },
            limits: { ...args.limits },
            // Within one pool Karpenter takes spot first, whatever the order of the requirement's values.
            weight: capacityTypes.length - index,
        },
    }));
}
