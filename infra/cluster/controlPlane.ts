import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

export interface ControlPlaneArgs {
    /** Name of the cluster. */
    name: string;
    kubernetesVersion: string;
    vpcId: pulumi.Input<string>;
    /** Private subnets in at least two zones: the control plane's interfaces. */
    subnetIds: pulumi.Input<string[]>;
    /** CIDR blocks that reach the public endpoint; with none there is only the private one. */
    publicCidrs: readonly string[];
    /** Days the control plane's logs are kept. */
    logRetentionDays: number;
    /** KMS key of the log group. */
    logKeyArn: pulumi.Input<string>;
    /** KMS key that encrypts Kubernetes Secrets in etcd. Cannot be taken away again. */
    secretsKeyArn: pulumi.Input<string>;
    /** AWS refuses to delete the cluster. */
    deletionProtection: boolean;
    /** Pulumi refuses to delete or replace the cluster. */
    protect: boolean;
}

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** Name of the log group that EKS writes a cluster's logs to; EKS chooses it. */
export function controlPlaneLogGroupName(clusterName: string): string {
    return `/aws/eks/${clusterName}/cluster`;
}

/**
 * The EKS control plane, without nodes or add-ons. Whoever creates it gets no rights inside: access entries give them.
 * The only user of `@pulumi/eks`.
 */
export function controlPlane(
    name: string,
    args: ControlPlaneArgs,
    opts: { parent: pulumi.Resource },
): eks.Cluster {
    // EKS would make it by itself, without retention.
    const logGroup = new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        {
            name: controlPlaneLogGroupName(args.name),
            retentionInDays: args.logRetentionDays,
            kmsKeyId: args.logKeyArn,
        },
        opts,
    );
    return new eks.Cluster(
        `${name}-control-plane`,
        {
            name: args.name,
            version: args.kubernetesVersion,
            vpcId: args.vpcId,
            privateSubnetIds: args.subnetIds,
            authenticationMode: "API",
            endpointPrivateAccess: true,
            endpointPublicAccess: args.publicCidrs.length > 0,
            ...(args.publicCidrs.length > 0 && { publicAccessCidrs: [...args.publicCidrs] }),
            encryptionConfigKeyArn: args.secretsKeyArn,
            // Deleted before the cluster, the group would come back and stay. By an input, because the engine ignores a
            // `dependsOn` that a component's transform gives to a child.
            enabledClusterLogTypes: logGroup.arn.apply(() => [...logTypes]),
            // Extended support is on by default and costs six times as much (Amazon EKS pricing).
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: args.deletionProtection,
            // Nodes and load balancers wear the security group EKS itself makes; a second one with the cluster's tag would
            // stop the load balancer controller.
            skipDefaultSecurityGroups: true,
            skipDefaultNodeGroup: true,
            createInstanceRole: false,
            // All add-ons are resources of ours with pinned versions; unpinned ones would change at every update.
            bootstrapSelfManagedAddons: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: { enabled: false },
            corednsAddonOptions: { enabled: false },
            // The component wants to know the credentials of its kubeconfig, which nobody uses.
            providerCredentialOpts: {},
            clusterTags: { Name: args.name },
        },
        {
            ...opts,
            protect: args.protect,
            transforms: [
                ({ type, props, opts }) =>
                    type === "aws:eks/cluster:Cluster"
                        ? {
                              props: {
                                  ...props,
                                  accessConfig: {
                                      authenticationMode: "API",
                                      bootstrapClusterCreatorAdminPermissions: false,
                                  },
                              },
                              opts,
                          }
                        : undefined,
            ],
        },
    );
}
