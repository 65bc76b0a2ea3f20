import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "./cluster.ts";

export interface ExistingClusterArgs {
    /** Name of the cluster; also the provider's `clusterIdentifier`, so it must not change while the stack exists. */
    name: string;
    /** Content of a kubeconfig file. Treated as a secret. */
    kubeconfig: pulumi.Input<string>;
    /** Context in the kubeconfig. Default: its current context. */
    context?: string | undefined;
}

/** A cluster that exists already and is reached by a kubeconfig. */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
    readonly name: pulumi.Output<string>;
    readonly provider: k8s.Provider;

    constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:cluster:ExistingCluster", name, {}, opts);
        this.name = pulumi.output(args.name);
        this.provider = new k8s.Provider(
            `${name}-kubernetes`,
            {
                kubeconfig: pulumi.secret(args.kubeconfig),
                ...(args.context === undefined ? {} : { context: args.context }),
                // Without it a changed kubeconfig counts as another cluster and replaces every object (pulumi-eks#764).
                clusterIdentifier: args.name,
            },
            { parent: this },
        );
        this.registerOutputs({ name: this.name });
    }
}
