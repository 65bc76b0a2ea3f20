import { type AwsAccount, iamArn, partition, regionalArn } from "../../aws/account.ts";
import type { Statement } from "../../aws/policyDocument.ts";
import { requestTags, resourceTags, type Tags } from "../../aws/tagConditions.ts";
import { nodeLifecycle } from "./nodeLifecycle.ts";

export interface ControllerPoliciesArgs {
    account: AwsAccount;
    clusterName: string;
    /** Role of the nodes, the only one the controller may give to an instance. */
    nodeRoleArn: string;
    /** Queue of interruption events. */
    queueArn: string;
}

/**
 * What Karpenter's controller may do, by policy: as upstream's own template for the version in `versions.ts`, without
 * zonal shift. One policy would be too long for AWS when cluster and region have long names (aws/karpenter-provider-aws#7874).
 */
export function controllerPolicies(args: ControllerPoliciesArgs): Record<string, Statement[]> {
    const { account, clusterName, queueArn } = args;
    return {
        "node-lifecycle": nodeLifecycle(account, clusterName),
        "instance-profiles": instanceProfiles(args),
        cluster: [
            {
                Sid: "DescribeCluster",
                Effect: "Allow",
                Action: "eks:DescribeCluster",
                Resource: regionalArn(account, "eks", `cluster/${clusterName}`),
            },
        ],
        interruption: [
            {
                Sid: "ReadQueue",
                Effect: "Allow",
                Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
                Resource: queueArn,
            },
        ],
        discovery: discovery(account),
    };
}

function instanceProfiles({ account, clusterName, nodeRoleArn }: ControllerPoliciesArgs): Statement[] {
    const ownedByCluster: Tags = {
        [`kubernetes.io/cluster/${clusterName}`]: "owned",
        "topology.kubernetes.io/region": account.region,
    };
    const madeForCluster: Tags = { ...ownedByCluster, "eks:eks-cluster-name": clusterName };
    const ofNodeClass: Tags = { "karpenter.k8s.aws/ec2nodeclass": "*" };
    const profiles = iamArn(account, "instance-profile/*");
    return [
        {
            Sid: "PassNodeRole",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: nodeRoleArn,
            Condition: {
                StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
            },
        },
        {
            Sid: "Create",
            Effect: "Allow",
            Action: "iam:CreateInstanceProfile",
            Resource: profiles,
            Condition: { StringEquals: requestTags(madeForCluster), StringLike: requestTags(ofNodeClass) },
        },
        {
            Sid: "Tag",
            Effect: "Allow",
            Action: "iam:TagInstanceProfile",
            Resource: profiles,
            Condition: {
                StringEquals: { ...resourceTags(ownedByCluster), ...requestTags(madeForCluster) },
                StringLike: { ...resourceTags(ofNodeClass), ...requestTags(ofNodeClass) },
            },
        },
        {
            Sid: "ChangeOwn",
            Effect: "Allow",
            Action: [
                "iam:AddRoleToInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:DeleteInstanceProfile",
            ],
            Resource: profiles,
            Condition: { StringEquals: resourceTags(ownedByCluster), StringLike: resourceTags(ofNodeClass) },
        },
    ];
}

function discovery(account: AwsAccount): Statement[] {
    const { region } = account;
    return [
        {
            Sid: "ReadRegion",
            Effect: "Allow",
            Action: [
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribePlacementGroups",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ],
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
        },
        {
            Sid: "ReadImageParameters",
            Effect: "Allow",
            Action: "ssm:GetParameter",
            Resource: `arn:${partition(region)}:ssm:${region}::parameter/aws/service/*`,
        },
        { Sid: "ReadPrices", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
        {
            Sid: "ListInstanceProfiles",
            Effect: "Allow",
            Action: "iam:ListInstanceProfiles",
            Resource: "*",
        },
        {
            Sid: "ReadInstanceProfiles",
            Effect: "Allow",
            Action: "iam:GetInstanceProfile",
            Resource: iamArn(account, "instance-profile/*"),
        },
    ];
}
