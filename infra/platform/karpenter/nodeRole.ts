import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, dnsSuffix, managedPolicyArn } from "../../aws/account.ts";
import { serviceTrust } from "../../aws/policyDocument.ts";

export interface NodeRoleArgs {
    account: AwsAccount;
    /** Name of the cluster; the role is called after it. */
    clusterName: string;
    /** The same name, known when the control plane exists. */
    cluster: pulumi.Input<string>;
}

const policies = [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
];

/** Name of the role of a cluster's Karpenter nodes. */
export function nodeRoleName(clusterName: string): string {
    return `${clusterName}-karpenter-node`;
}

/** The role of the nodes that Karpenter makes, with which they may join the cluster. */
export class NodeRole extends pulumi.ComponentResource {
    /** Name of the role, known when it exists. */
    readonly roleName: pulumi.Output<string>;
    /** What must exist before the first node and go after the last. */
    readonly resources: pulumi.Resource[];

    constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:KarpenterNodeRole", name, {}, opts);
        const { region } = args.account;
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: nodeRoleName(args.clusterName),
                assumeRolePolicy: serviceTrust(`ec2.${dnsSuffix(region)}`),
            },
            { parent: this },
        );
        const attachments = policies.map(
            (policy) =>
                new aws.iam.RolePolicyAttachment(
                    `${name}-${policy}`,
                    { role: role.name, policyArn: managedPolicyArn(region, policy) },
                    { parent: this },
                ),
        );
        const accessEntry = new aws.eks.AccessEntry(
            `${name}-access-entry`,
            // With type STANDARD instances run and no node joins (aws/karpenter-provider-aws#7558).
            { clusterName: args.cluster, principalArn: role.arn, type: "EC2_LINUX" },
            { parent: this },
        );
        this.roleName = role.name;
        this.resources = [accessEntry, ...attachments];
        this.registerOutputs({ roleName: this.roleName });
    }
}
