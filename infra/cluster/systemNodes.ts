import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, managedPolicyArn } from "../aws/account.ts";
import { serviceTrust } from "../aws/policyDocument.ts";
import { kubernetesReleases, type KubernetesVersion } from "../versions.ts";
import { architectureOf, type InstanceType } from "./instanceTypes.ts";

export type OperatingSystem = "al2023" | "bottlerocket";

const groupName = "system";

/** Selects the nodes of the system group by the label EKS gives them. */
export const systemNodeSelector = { "eks.amazonaws.com/nodegroup": groupName } as const;

const taint = { key: "CriticalAddonsOnly", value: "true" } as const;

/** Lets a controller's pods onto the system group. */
export const systemTolerations = [{ key: taint.key, operator: "Exists" }] as const;

export interface SystemNodesArgs {
    account: AwsAccount;
    clusterName: string;
    /** The cluster's name, known when the control plane exists. */
    cluster: pulumi.Input<string>;
    kubernetesVersion: KubernetesVersion;
    subnetIds: pulumi.Input<string[]>;
    operatingSystem: OperatingSystem;
    instanceType: InstanceType;
    /** Number of nodes. */
    count: number;
    /** Size of a node's volume in GiB. */
    volumeGiB: number;
    /** Tags of instances and volumes: the provider's default tags do not reach what a launch template makes. */
    tags: Record<string, string>;
    /** What must exist before a node can join. */
    startAfter: readonly pulumi.Resource[];
}

/** Policies a node's role needs: to join, for pod networking, to pull from ECR, and for a shell by Session Manager. */
export const nodePolicies = [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
] as const;

const amiTypes = {
    al2023: { amd64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" },
    bottlerocket: { amd64: "BOTTLEROCKET_x86_64", arm64: "BOTTLEROCKET_ARM_64" },
} as const;

/** Device of the volume that holds images and pods' files. Bottlerocket keeps its own system on another, small one. */
export const dataDevices = { al2023: "/dev/xvda", bottlerocket: "/dev/xvdb" } as const;

/** A managed node group for the controllers, tainted so that nothing else runs there. */
export class SystemNodes extends pulumi.ComponentResource {
    readonly group: aws.eks.NodeGroup;

    constructor(name: string, args: SystemNodesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:cluster:SystemNodes", name, {}, opts);
        const child = { parent: this };
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: `${args.clusterName}-system-node`,
                description: "Nodes of the system group",
                assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
            },
            child,
        );
        const policies = nodePolicies.map(
            (policy) =>
                new aws.iam.RolePolicyAttachment(
                    `${name}-${policy}`,
                    { role: role.name, policyArn: managedPolicyArn(args.account.region, policy) },
                    child,
                ),
        );
        const tags = { ...args.tags, Name: `${args.clusterName}-system` };
        const template = new aws.ec2.LaunchTemplate(
            `${name}-template`,
            {
                name: `${args.clusterName}-system`,
                updateDefaultVersion: true,
                // One hop: only what runs on the node itself gets the node's credentials.
                metadataOptions: {
                    httpEndpoint: "enabled",
                    httpTokens: "required",
                    httpPutResponseHopLimit: 1,
                },
                blockDeviceMappings: [
                    {
                        deviceName: dataDevices[args.operatingSystem],
                        ebs: {
                            volumeSize: args.volumeGiB,
                            volumeType: "gp3",
                            encrypted: "true",
                            deleteOnTermination: "true",
                        },
                    },
                ],
                // No security group here: EKS then gives the nodes its own, the one with the cluster's tag.
                tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
                    resourceType,
                    tags,
                })),
            },
            child,
        );
        this.group = new aws.eks.NodeGroup(
            name,
            {
                clusterName: args.cluster,
                nodeGroupName: groupName,
                nodeRoleArn: role.arn,
                subnetIds: args.subnetIds,
                version: args.kubernetesVersion,
                amiType: amiTypes[args.operatingSystem][architectureOf(args.instanceType)],
                ...(args.operatingSystem === "al2023" && {
                    releaseVersion: kubernetesReleases[args.kubernetesVersion].al2023Release,
                }),
                capacityType: "ON_DEMAND",
                instanceTypes: [args.instanceType],
                scalingConfig: { minSize: args.count, desiredSize: args.count, maxSize: args.count + 1 },
                updateConfig: { maxUnavailable: 1 },
                nodeRepairConfig: { enabled: true },
                launchTemplate: {
                    id: template.id,
                    version: template.latestVersion.apply(String),
                },
                taints: [{ ...taint, effect: "NO_SCHEDULE" }],
            },
            { ...child, dependsOn: [...policies, ...args.startAfter] },
        );
        this.registerOutputs({});
    }
}
