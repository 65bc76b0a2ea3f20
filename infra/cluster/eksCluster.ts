import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, managedPolicyArn } from "../aws/account.ts";
import type { AwsNetwork } from "../network/network.ts";
import type { KubernetesVersion } from "../versions.ts";
import { type AccessArgs, accessEntries } from "./access.ts";
import { addon } from "./addons.ts";
import type { Cluster } from "./cluster.ts";
import { controlPlane } from "./controlPlane.ts";
import type { InstanceType } from "./instanceTypes.ts";
import { eksKubeconfig } from "./kubeconfig.ts";
import { PodIdentity } from "./podIdentity.ts";
import { type OperatingSystem, SystemNodes } from "./systemNodes.ts";

export interface EksClusterArgs {
    account: AwsAccount;
    /** Name of the cluster and prefix of physical names. Cannot change while the cluster exists. */
    name: string;
    kubernetesVersion: KubernetesVersion;
    network: AwsNetwork;
    access: AccessArgs;
    /** CIDR blocks that reach the public endpoint; with none there is only the private one. */
    publicCidrs: readonly string[];
    logRetentionDays: number;
    /** KMS key of log groups. */
    logKeyArn: pulumi.Input<string>;
    /** KMS key of Kubernetes Secrets. */
    secretsKeyArn: pulumi.Input<string>;
    deletionProtection: boolean;
    protect: boolean;
    systemNodes: {
        operatingSystem: OperatingSystem;
        instanceType: InstanceType;
        count: number;
        volumeGiB: number;
    };
    /** Tags of what is not made by the provider itself: instances, volumes, interfaces. */
    tags: Record<string, string>;
}

/** An EKS cluster: control plane, access, add-ons, and a small group of nodes for the controllers. */
export class EksCluster extends pulumi.ComponentResource implements Cluster {
    readonly name: pulumi.Output<string>;
    readonly provider: k8s.Provider;
    /** Security group that EKS makes; nodes wear it and no other one with the cluster's tag. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Secret: whoever may assume the role in it rules the cluster. */
    readonly kubeconfig: pulumi.Output<string>;
    /** What must exist before a controller's pods can run: nodes, DNS and the Pod Identity agent. */
    readonly controllersReady: pulumi.Resource[];
    /** What must exist before a volume can be claimed. */
    readonly volumesReady: pulumi.Resource[];

    constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:cluster:EksCluster", name, {}, opts);
        const child = { parent: this };
        const { account, network } = args;
        const plane = controlPlane(
            name,
            {
                name: args.name,
                kubernetesVersion: args.kubernetesVersion,
                vpcId: network.vpcId,
                subnetIds: network.privateSubnetIds,
                publicCidrs: args.publicCidrs,
                logRetentionDays: args.logRetentionDays,
                logKeyArn: args.logKeyArn,
                secretsKeyArn: args.secretsKeyArn,
                deletionProtection: args.deletionProtection,
                protect: args.protect,
            },
            child,
        );
        const { eksCluster } = plane;
        this.name = eksCluster.name;
        this.securityGroupId = eksCluster.vpcConfig.clusterSecurityGroupId;
        this.kubeconfig = pulumi.secret(
            pulumi
                .all([eksCluster.endpoint, eksCluster.certificateAuthority.data])
                .apply(([endpoint, certificateAuthority]) =>
                    eksKubeconfig({
                        clusterName: args.name,
                        region: account.region,
                        endpoint,
                        certificateAuthority,
                        roleArn: args.access.deployRole,
                    }),
                ),
        );
        const access = accessEntries(
            `${name}-access`,
            { region: account.region, cluster: this.name, access: args.access },
            child,
        );
        this.provider = new k8s.Provider(
            `${name}-kubernetes`,
            {
                kubeconfig: this.kubeconfig,
                // Without it a changed kubeconfig counts as another cluster and replaces every object (pulumi-eks#764).
                clusterIdentifier: args.name,
            },
            // Without an entry the role is nobody in the cluster; on destroy it must stay until the last object is gone.
            { ...child, dependsOn: access },
        );

        const addonArgs = {
            cluster: this.name,
            region: account.region,
            kubernetesVersion: args.kubernetesVersion,
        };
        // DaemonSets that each node needs from its first minute; without the first one no node becomes ready.
        const nodeAddons = (
            ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent"] as const
        ).map((each) => addon(name, each, addonArgs, child));
        const nodes = new SystemNodes(
            `${name}-system`,
            {
                account,
                clusterName: args.name,
                cluster: this.name,
                kubernetesVersion: args.kubernetesVersion,
                subnetIds: network.privateSubnetIds,
                ...args.systemNodes,
                tags: args.tags,
                startAfter: [...nodeAddons, ...network.internetAccess],
            },
            child,
        );
        // Created before nodes these two would count as degraded, and time out (pulumi-eks#1819).
        const afterNodes = { ...child, dependsOn: [nodes.group] };
        const dns = addon(name, "coredns", addonArgs, afterNodes);
        const volumeRole = new PodIdentity(
            `${name}-ebs-csi`,
            {
                account,
                clusterName: args.name,
                cluster: this.name,
                roleName: `${args.name}-ebs-csi`,
                namespace: "kube-system",
                serviceAccount: "ebs-csi-controller-sa",
                policies: {},
                managedPolicyArns: [
                    managedPolicyArn(account.region, "service-role/AmazonEBSCSIDriverPolicyV2"),
                ],
            },
            child,
        );
        const volumes = addon(name, "aws-ebs-csi-driver", addonArgs, {
            ...child,
            dependsOn: [nodes.group, ...volumeRole.resources],
        });
        this.controllersReady = [...nodeAddons, nodes.group, dns, ...access];
        this.volumesReady = [volumes];
        this.registerOutputs({ name: this.name });
    }
}
