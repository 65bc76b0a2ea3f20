import type { Tier } from "../kubernetes/labels.ts";
import type { Thresholds } from "./thresholds.ts";

/** What the rules are about. */
export interface RuleArgs {
    /** The application's namespace. */
    readonly namespace: string;
    /** Namespace of Prometheus, whose volumes are shown as well. */
    readonly monitoringNamespace: string;
    /** Tiers with a Service, an HPA and a PodDisruptionBudget. */
    readonly autoscaled: readonly Tier[];
    /** Tiers with one pod and nothing in front. */
    readonly singletons: readonly Tier[];
    /** Data stores in the cluster, each one pod of a StatefulSet named after its tier. */
    readonly stores: readonly Tier[];
    /** Services in kube-system by which Prometheus reaches the controllers whose errors alert. */
    readonly controllers: readonly string[];
    /** Prometheus scrapes the VPC CNI of every node. */
    readonly vpcCni: boolean;
    /** Seconds after which Kubernetes gives a rollout up that makes no progress. */
    readonly rolloutTimeoutSeconds: number;
    readonly thresholds: Thresholds;
    /** Address of the root of this repository, for links to the runbooks. Default: links are relative to it. */
    readonly runbookBase?: string | undefined;
}
