import assert from "node:assert/strict";

import { controllerPolicies } from "../../infra/platform/karpenter/controllerPolicies.ts";

describe("the controller's policies", () => {
    const statements = controllerPolicies({
        account: { accountId: "123456789012", region: "cn-north-1" },
        clusterName: "blue",
        nodeRoleArn: "arn:node",
        queueArn: "arn:queue",
    });
    const bySid = (suffix: string, sid: string) => {
        const found = statements[suffix]?.filter(({ Sid }) => Sid === sid) ?? [];
        assert.equal(found.length, 1, sid);
        return found[0];
    };
    const made = {
        "aws:RequestTag/kubernetes.io/cluster/blue": "owned",
        "aws:RequestTag/eks:eks-cluster-name": "blue",
    };
    const owned = {
        StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/blue": "owned" },
        StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
    };

    it("are 17 statements, each with a name of its own", () => {
        assert.deepEqual(
            Object.entries(statements).map(([suffix, each]) => [
                suffix,
                new Set(each.map(({ Sid }) => Sid)).size,
            ]),
            [
                ["node-lifecycle", 6],
                ["instance-profiles", 4],
                ["cluster", 1],
                ["interruption", 1],
                ["discovery", 5],
            ],
        );
    });

    it("launch only what carries the cluster's tags", () => {
        assert.deepEqual(bySid("node-lifecycle", "LaunchTagged"), {
            Sid: "LaunchTagged",
            Effect: "Allow",
            Action: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
            Resource: [
                "arn:aws-cn:ec2:cn-north-1:*:fleet/*",
                "arn:aws-cn:ec2:cn-north-1:*:instance/*",
                "arn:aws-cn:ec2:cn-north-1:*:volume/*",
                "arn:aws-cn:ec2:cn-north-1:*:network-interface/*",
                "arn:aws-cn:ec2:cn-north-1:*:launch-template/*",
                "arn:aws-cn:ec2:cn-north-1:*:spot-instances-request/*",
            ],
            Condition: {
                StringEquals: made,
                StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
            },
        });
        assert.deepEqual(bySid("node-lifecycle", "LaunchFrom")?.Resource, [
            "arn:aws-cn:ec2:cn-north-1::image/*",
            "arn:aws-cn:ec2:cn-north-1::snapshot/*",
            "arn:aws-cn:ec2:cn-north-1:*:security-group/*",
            "arn:aws-cn:ec2:cn-north-1:*:subnet/*",
            "arn:aws-cn:ec2:cn-north-1:*:capacity-reservation/*",
            "arn:aws-cn:ec2:cn-north-1:*:placement-group/*",
        ]);
        assert.deepEqual(bySid("node-lifecycle", "TagAtLaunch")?.Condition, {
            StringEquals: {
                ...made,
                "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
            },
            StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
        });
    });

    it("tag and delete only what the cluster owns", () => {
        assert.deepEqual(bySid("node-lifecycle", "LaunchFromOwnTemplate")?.Condition, owned);
        assert.deepEqual(bySid("node-lifecycle", "DeleteOwn"), {
            Sid: "DeleteOwn",
            Effect: "Allow",
            Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            Resource: [
                "arn:aws-cn:ec2:cn-north-1:*:instance/*",
                "arn:aws-cn:ec2:cn-north-1:*:launch-template/*",
            ],
            Condition: owned,
        });
        assert.deepEqual(bySid("node-lifecycle", "TagOwn")?.Condition, {
            ...owned,
            StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": "blue" },
            "ForAllValues:StringEquals": {
                "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
            },
        });
    });

    it("touch only the cluster's instance profiles", () => {
        const region = { "aws:RequestTag/topology.kubernetes.io/region": "cn-north-1" };
        assert.deepEqual(bySid("instance-profiles", "Tag"), {
            Sid: "Tag",
            Effect: "Allow",
            Action: "iam:TagInstanceProfile",
            Resource: "arn:aws-cn:iam::123456789012:instance-profile/*",
            Condition: {
                StringEquals: {
                    "aws:ResourceTag/kubernetes.io/cluster/blue": "owned",
                    "aws:ResourceTag/topology.kubernetes.io/region": "cn-north-1",
                    ...made,
                    ...region,
                },
                StringLike: {
                    "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*",
                    "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*",
                },
            },
        });
        assert.deepEqual(bySid("instance-profiles", "Create")?.Condition, {
            StringEquals: { ...made, ...region },
            StringLike: { "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*" },
        });
        assert.deepEqual(bySid("instance-profiles", "PassNodeRole")?.Condition, {
            StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
        });
    });
});
