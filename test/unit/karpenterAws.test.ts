import assert from "node:assert/strict";

import { policyDocument } from "../../infra/aws/policyDocument.ts";
import { karpenterPlan, ofType, one } from "../support/karpenter.ts";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

describe("Karpenter in AWS", () => {
    it("lets nodes join, and only nodes", async () => {
        const plan = await karpenterPlan();
        const role = one(plan, "aws:iam/role:Role", "karpenter-node-role");
        assert.deepEqual(role.inputs, {
            name: "blue-karpenter-node",
            assumeRolePolicy: policyDocument([
                { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            ]),
        });
        assert.deepEqual(
            ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
                .filter(({ inputs }) => inputs["role"] === "blue-karpenter-node")
                .map(({ inputs }) => inputs["policyArn"]),
            [
                "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
                "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
                "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
                "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            ],
        );
        assert.deepEqual(one(plan, "aws:eks/accessEntry:AccessEntry").inputs, {
            clusterName: "blue",
            principalArn: "arn:aws:iam::123456789012:role/blue-karpenter-node",
            type: "EC2_LINUX",
        });
    });

    it("gives the controller its role", async () => {
        const plan = await karpenterPlan();
        assert.deepEqual(one(plan, "aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs, {
            clusterName: "blue",
            namespace: "kube-system",
            serviceAccount: "karpenter",
            roleArn: "arn:aws:iam::123456789012:role/blue-karpenter",
        });
        assert.deepEqual(
            ofType(plan, "aws:iam/policy:Policy").map(({ inputs }) => inputs["name"]),
            [
                "blue-karpenter-node-lifecycle",
                "blue-karpenter-instance-profiles",
                "blue-karpenter-cluster",
                "blue-karpenter-interruption",
                "blue-karpenter-discovery",
            ],
        );
        const policy = (suffix: string): unknown =>
            JSON.parse(
                one(plan, "aws:iam/policy:Policy", `karpenter-controller-${suffix}`).inputs[
                    "policy"
                ] as string,
            );
        assert.match(
            JSON.stringify(policy("instance-profiles")),
            /"iam:PassRole","Resource":"arn:aws:iam::123456789012:role\/blue-karpenter-node"/,
        );
        assert.match(
            JSON.stringify(policy("interruption")),
            new RegExp(`"Resource":"${arn("sqs", "blue-karpenter")}"`),
        );
    });

    it("queues the five kinds of events for five minutes", async () => {
        const plan = await karpenterPlan();
        assert.deepEqual(one(plan, "aws:sqs/queue:Queue").inputs, {
            name: "blue-karpenter",
            messageRetentionSeconds: 300,
            sqsManagedSseEnabled: true,
        });
        const kinds = [
            ["health", "aws.health", "AWS Health Event"],
            ["spot", "aws.ec2", "EC2 Spot Instance Interruption Warning"],
            ["rebalance", "aws.ec2", "EC2 Instance Rebalance Recommendation"],
            ["state", "aws.ec2", "EC2 Instance State-change Notification"],
            ["reservation", "aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"],
        ] as const;
        const byName = (type: string) =>
            Object.fromEntries(ofType(plan, type).map(({ name, inputs }) => [name, inputs]));
        assert.deepEqual(
            byName("aws:cloudwatch/eventRule:EventRule"),
            Object.fromEntries(
                kinds.map(([event, source, detailType]) => [
                    `karpenter-interruption-${event}`,
                    {
                        name: `blue-karpenter-${event}`,
                        description: `${detailType}, for Karpenter in blue`,
                        eventPattern: JSON.stringify({ source: [source], "detail-type": [detailType] }),
                    },
                ]),
            ),
        );
        assert.deepEqual(
            byName("aws:cloudwatch/eventTarget:EventTarget"),
            Object.fromEntries(
                kinds.map(([event]) => [
                    `karpenter-interruption-${event}`,
                    {
                        rule: `blue-karpenter-${event}`,
                        targetId: "karpenter",
                        arn: "arn:aws:sqs:us-east-1:123456789012:blue-karpenter",
                    },
                ]),
            ),
        );
        assert.deepEqual(
            JSON.parse(one(plan, "aws:sqs/queuePolicy:QueuePolicy").inputs["policy"] as string).Statement,
            [
                {
                    Sid: "SendEvents",
                    Effect: "Allow",
                    Principal: { Service: "events.amazonaws.com" },
                    Action: "sqs:SendMessage",
                    Resource: arn("sqs", "blue-karpenter"),
                    Condition: {
                        ArnEquals: {
                            "aws:SourceArn": kinds.map(([event]) =>
                                arn("events", `rule/blue-karpenter-${event}`),
                            ),
                        },
                    },
                },
                {
                    Sid: "DenyInsecureTransport",
                    Effect: "Deny",
                    Principal: "*",
                    Action: "sqs:*",
                    Resource: arn("sqs", "blue-karpenter"),
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        );
    });

    it("keeps to the limits of AWS with a cluster's name of 40 letters in a region with long ARNs", async () => {
        const clusterName = "c".repeat(40);
        const plan = await karpenterPlan({
            clusterName,
            account: { accountId: "123456789012", region: "us-gov-west-1" },
        });
        const lengths = ofType(plan, "aws:iam/policy:Policy").map(
            ({ inputs }) => (inputs["policy"] as string).length,
        );
        assert.deepEqual(lengths, [3110, 1899, 220, 255, 962]);
        const names = ofType(plan, "aws:cloudwatch/eventRule:EventRule").map(({ inputs }) => inputs["name"]);
        assert.equal(names.length, 5);
        for (const name of names) assert.ok((name as string).length <= 64, name as string);
    });
});
