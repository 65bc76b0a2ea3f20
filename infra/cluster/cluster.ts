import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What the layers above need to know of a Kubernetes cluster, whoever made it. */
export interface Cluster {
    /** Name of the cluster. */
    readonly name: pulumi.Output<string>;
    /** The one Kubernetes provider of the stack; its `clusterIdentifier` is fixed. */
    readonly provider: k8s.Provider;
}
