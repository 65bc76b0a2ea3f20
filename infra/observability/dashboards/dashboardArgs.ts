import type { CacheNodeType, InstanceClass } from "../../data/aws/sizes.ts";
import type { RuleArgs } from "../ruleArgs.ts";

/** Data stores in AWS, by the names CloudWatch knows them by. */
export interface AwsStores {
    readonly kind: "aws";
    readonly postgres: {
        /** Identifier of the instance. */
        readonly name: string;
        readonly instanceClass: InstanceClass;
        readonly storageGiB: number;
    };
    readonly redis: {
        /** Identifier of the replication group. */
        readonly name: string;
        readonly nodeType: CacheNodeType;
        readonly nodes: number;
    };
}

/** What the dashboards show. */
export interface DashboardArgs {
    /** The alerts' arguments: the same objects, thresholds and runbooks. */
    readonly rules: RuleArgs;
    /** The backend's HPA also reads metrics of the application. */
    readonly customMetrics: boolean;
    /** Nodes come from Karpenter. */
    readonly karpenter: boolean;
    /** The load balancer as its controller tags it. Default: no CloudWatch to ask. */
    readonly loadBalancer?: { readonly clusterName: string; readonly ingress: string } | undefined;
    /** Default: somebody else's, nothing to show. */
    readonly stores?: AwsStores | { readonly kind: "in-cluster" } | undefined;
}
