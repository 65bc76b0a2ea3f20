import { type AwsAccount, partition } from "../../aws/account.ts";
import type { Statement } from "../../aws/policyDocument.ts";
import { requestTags, resourceTags, type Tags } from "../../aws/tagConditions.ts";

/** What Karpenter's controller may do to instances: make them with its tags, and end those that have them. */
export function nodeLifecycle({ region }: AwsAccount, clusterName: string): Statement[] {
    const ec2 = (accountPart: "" | "*", ...kinds: string[]): string[] =>
        kinds.map((kind) => `arn:${partition(region)}:ec2:${region}:${accountPart}:${kind}/*`);
    const ownedByCluster: Tags = { [`kubernetes.io/cluster/${clusterName}`]: "owned" };
    const madeForCluster: Tags = { ...ownedByCluster, "eks:eks-cluster-name": clusterName };
    const ofNodePool: Tags = { "karpenter.sh/nodepool": "*" };
    const owned: Statement["Condition"] = {
        StringEquals: resourceTags(ownedByCluster),
        StringLike: resourceTags(ofNodePool),
    };
    const launch = ["ec2:RunInstances", "ec2:CreateFleet"];
    const launched = ec2(
        "*",
        "fleet",
        "instance",
        "volume",
        "network-interface",
        "launch-template",
        "spot-instances-request",
    );
    return [
        {
            Sid: "LaunchFrom",
            Effect: "Allow",
            Action: launch,
            Resource: [
                ...ec2("", "image", "snapshot"),
                ...ec2("*", "security-group", "subnet", "capacity-reservation", "placement-group"),
            ],
        },
        {
            Sid: "LaunchFromOwnTemplate",
            Effect: "Allow",
            Action: launch,
            Resource: ec2("*", "launch-template"),
            Condition: owned,
        },
        {
            Sid: "LaunchTagged",
            Effect: "Allow",
            Action: [...launch, "ec2:CreateLaunchTemplate"],
            Resource: launched,
            Condition: {
                StringEquals: requestTags(madeForCluster),
                StringLike: requestTags(ofNodePool),
            },
        },
        {
            Sid: "TagAtLaunch",
            Effect: "Allow",
            Action: "ec2:CreateTags",
            Resource: launched,
            Condition: {
                StringEquals: {
                    ...requestTags(madeForCluster),
                    "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
                },
                StringLike: requestTags(ofNodePool),
            },
        },
        {
            Sid: "TagOwn",
            Effect: "Allow",
            Action: "ec2:CreateTags",
            Resource: ec2("*", "instance"),
            Condition: {
                ...owned,
                StringEqualsIfExists: requestTags({ "eks:eks-cluster-name": clusterName }),
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
                },
            },
        },
        {
            Sid: "DeleteOwn",
            Effect: "Allow",
            Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            Resource: ec2("*", "instance", "launch-template"),
            Condition: owned,
        },
    ];
}
