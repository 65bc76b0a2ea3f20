import type { CacheNodeType, InstanceClass } from "../../data/aws/sizes.ts";
import type { RuleArgs } from "../ruleArgs.ts";

/** A PostgreSQL instance in AWS. */
export interface ShownPostgres {
    /** Identifier of the instance. */
    readonly name: string;
    readonly instanceClass: InstanceClass;
    readonly storageGiB: number;
}

/** A cache in AWS. */
export interface ShownCache {
    /** Identifier of the replication group. */
    readonly name: string;
    readonly nodeType: CacheNodeType;
    readonly nodes: number;
}

/** The data stores of ours: those in AWS as CloudWatch knows them. */
export interface ShownStores {
    /** Default: not in AWS. */
    readonly postgres?: ShownPostgres | undefined;
    /** Default: not in AWS. */
    readonly redis?: ShownCache | undefined;
    /** At least one of them runs in the cluster. */
    readonly inCluster: boolean;
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
    readonly stores?: ShownStores | undefined;
}
