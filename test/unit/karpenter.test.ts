import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument } from "../../infra/aws/policyDocument.ts";
import { controllerPolicies } from "../../infra/platform/karpenter/controllerPolicies.ts";
import { Karpenter, type KarpenterArgs } from "../../infra/platform/karpenter/karpenter.ts";
import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { record } from "../../ops/plan/record.ts";
import { ancestors, object, resource } from "../support/plans.ts";

const nodes: KarpenterArgs["nodes"] = {
    capacityTypes: ["on-demand", "spot"],
    instanceTypes: ["m6i.large", "m6i.xlarge"],
    amiAlias: "al2023@v20260923",
    volumeGiB: 40,
    limits: { cpu: "32", memory: "128Gi" },
    expireAfter: "336h",
    consolidateAfter: "1m",
    budgets: [
        { nodes: "1" },
        { nodes: "0", reasons: ["Drifted"], schedule: "0 8 * * mon-fri", duration: "10h" },
    ],
    terminationGracePeriod: "15m",
};

class Earlier extends pulumi.CustomResource {
    constructor(name: string) {
        super("test:index:Earlier", name, {});
    }
}

function planOf(
    change: Omit<Partial<KarpenterArgs>, "nodes"> & { nodes?: Partial<KarpenterArgs["nodes"]> } = {},
): Promise<Plan> {
    return record("spywatcher", "test", () => {
        const provider = new k8s.Provider("kubernetes", { clusterIdentifier: "blue" });
        const cluster = new Earlier("cluster").urn.apply(() => "blue");
        new Karpenter(
            "karpenter",
            {
                account: { accountId: "123456789012", region: "eu-west-1" },
                clusterName: "blue",
                cluster,
                securityGroupId: "sg-0a",
                subnetIds: ["subnet-0a", "subnet-0b"],
                replicas: 2,
                systemNodeSelector: { "spywatcher/role": "system" },
                tags: { environment: "dev" },
                startAfter: Promise.resolve([new Earlier("routes")]),
                ...change,
                nodes: { ...nodes, ...change.nodes },
            },
            { providers: [provider] },
        );
    });
}

function ofType(plan: Plan, type: string): PlannedResource[] {
    return plan.resources.filter((each) => each.type === type);
}

function one(plan: Plan, type: string, name?: string): PlannedResource {
    const [only, ...others] = ofType(plan, type).filter((each) => name === undefined || each.name === name);
    assert.ok(only && others.length === 0, `${type} ${name ?? ""}`);
    return only;
}

const release = "kubernetes:helm.sh/v3:Release";
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

describe("Karpenter's releases", () => {
    it("install the definitions so that they outlive the release", async () => {
        assert.deepEqual(one(await planOf(), release, "karpenter-crd").inputs, {
            name: "karpenter-crd",
            namespace: "kube-system",
            chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
            version: "1.14.1",
            values: { additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
            compat: "true",
        });
    });

    it("install the controller on system nodes, with the queue and without the definitions", async () => {
        assert.deepEqual(one(await planOf(), release, "karpenter-controller").inputs, {
            name: "karpenter",
            namespace: "kube-system",
            chart: "oci://public.ecr.aws/karpenter/karpenter",
            version: "1.14.1",
            skipCrds: true,
            values: {
                settings: { clusterName: "blue", interruptionQueue: "blue-karpenter" },
                serviceAccount: { name: "karpenter" },
                replicas: 2,
                controller: {
                    resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
                },
                nodeSelector: { "spywatcher/role": "system" },
                tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "topology.kubernetes.io/zone",
                        whenUnsatisfiable: "DoNotSchedule",
                    },
                ],
            },
            compat: "true",
        });
    });

    it("take a small controller", async () => {
        const plan = await planOf({ replicas: 1, resources: { cpu: "200m", memory: "512Mi" } });
        const values = one(plan, release, "karpenter-controller").inputs["values"] as Record<string, unknown>;
        assert.equal(values["replicas"], 1);
        assert.deepEqual(values["controller"], {
            resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "512Mi" } },
        });
    });
});

describe("Karpenter's node class", () => {
    it("selects by id, asks for IMDSv2 and encrypts", async () => {
        const { apiVersion, metadata, spec } = object(await planOf(), "EC2NodeClass", "default");
        assert.equal(apiVersion, "karpenter.k8s.aws/v1");
        assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "condition=Ready" });
        assert.deepEqual(spec, {
            role: "blue-karpenter-node",
            amiSelectorTerms: [{ alias: "al2023@v20260923" }],
            securityGroupSelectorTerms: [{ id: "sg-0a" }],
            subnetSelectorTerms: [{ id: "subnet-0a" }, { id: "subnet-0b" }],
            metadataOptions: {
                httpEndpoint: "enabled",
                httpProtocolIPv6: "disabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            },
            blockDeviceMappings: [
                {
                    deviceName: "/dev/xvda",
                    ebs: {
                        volumeSize: "40Gi",
                        volumeType: "gp3",
                        encrypted: true,
                        deleteOnTermination: true,
                    },
                },
            ],
            tags: { environment: "dev" },
        });
    });

    it("gives Bottlerocket's data volume the size, and encrypts both", async () => {
        const plan = await planOf({ nodes: { amiAlias: "bottlerocket@v1.50.0" } });
        const mappings = object(plan, "EC2NodeClass", "default").spec.blockDeviceMappings;
        assert.deepEqual(
            mappings.map(({ deviceName, ebs }: any) => [deviceName, ebs.volumeSize, ebs.encrypted]),
            [
                ["/dev/xvda", "4Gi", true],
                ["/dev/xvdb", "40Gi", true],
            ],
        );
    });

    it("refuses an image whose volumes it does not know", async () => {
        for (const amiAlias of ["al2@v20260923", "ami-0123", "windows2025@latest"]) {
            await assert.rejects(planOf({ nodes: { amiAlias } }), {
                message: `The image ${amiAlias} of nodes is neither al2023@… nor bottlerocket@….`,
            });
        }
    });
});

describe("Karpenter's node pools", () => {
    it("are one for each capacity type, the first one preferred", async () => {
        const plan = await planOf();
        const common = (capacityType: string, weight: number) => ({
            template: {
                spec: {
                    nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
                    requirements: [
                        { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
                        {
                            key: "node.kubernetes.io/instance-type",
                            operator: "In",
                            values: ["m6i.large", "m6i.xlarge"],
                        },
                    ],
                    expireAfter: "336h",
                    terminationGracePeriod: "15m",
                },
            },
            disruption: {
                consolidationPolicy: "WhenEmptyOrUnderutilized",
                consolidateAfter: "1m",
                budgets: [
                    { nodes: "1" },
                    {
                        nodes: "0",
                        reasons: ["Drifted"],
                        schedule: "0 8 * * mon-fri",
                        duration: "10h",
                    },
                ],
            },
            limits: { cpu: "32", memory: "128Gi" },
            weight,
        });
        assert.equal(ofType(plan, "kubernetes:karpenter.sh/v1:NodePool").length, 2);
        for (const [capacityType, weight] of [
            ["on-demand", 2],
            ["spot", 1],
        ] as const) {
            const { apiVersion, metadata, spec } = object(plan, "NodePool", capacityType);
            assert.equal(apiVersion, "karpenter.sh/v1");
            assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "condition=Ready" });
            assert.deepEqual(spec, common(capacityType, weight));
        }
    });

    it("follow the order of preference", async () => {
        const plan = await planOf({ nodes: { capacityTypes: ["spot", "on-demand"] } });
        assert.equal(object(plan, "NodePool", "spot").spec.weight, 2);
        assert.equal(object(plan, "NodePool", "on-demand").spec.weight, 1);
        const spotOnly = await planOf({ nodes: { capacityTypes: ["spot"] } });
        assert.deepEqual(
            ofType(spotOnly, "kubernetes:karpenter.sh/v1:NodePool").map(({ name }) => name),
            ["karpenter-spot"],
        );
    });

    it("have half an hour to drain", async () => {
        const plan = await planOf();
        for (const each of [
            resource(plan, "NodePool", "on-demand"),
            resource(plan, "NodePool", "spot"),
            resource(plan, "EC2NodeClass", "default"),
        ]) {
            assert.deepEqual(each.customTimeouts, { delete: "30m" }, each.urn);
        }
    });
});

describe("the order of Karpenter's parts", () => {
    it("is pools, class, controller, and only then what these need", async () => {
        const plan = await planOf();
        const controller = one(plan, release, "karpenter-controller");
        const nodeClass = resource(plan, "EC2NodeClass", "default");
        for (const capacityType of ["on-demand", "spot"]) {
            const pool = resource(plan, "NodePool", capacityType);
            assert.ok(pool.dependsOn.includes(nodeClass.urn), pool.urn);
        }
        assert.ok(nodeClass.dependsOn.includes(controller.urn));
        const needed = plan.resources.filter(
            ({ type, name }) =>
                type.startsWith("aws:") || name === "karpenter-crd" || type === "test:index:Earlier",
        );
        // 2 roles, 5 policies, 9 attachments, association, access entry, queue with policy, 5 rules with targets.
        assert.equal(needed.length, 30 + 1 + 2);
        const before = ancestors(plan, controller);
        for (const { urn } of needed) assert.ok(before.has(urn), `the controller must come after ${urn}`);
    });

    it("takes what to wait for as a list, too", async () => {
        const plan = await record("spywatcher", "test", () => {
            const provider = new k8s.Provider("kubernetes", {});
            const routes = new Earlier("routes");
            const startAfter = [routes];
            new Karpenter(
                "karpenter",
                {
                    account: { accountId: "123456789012", region: "eu-west-1" },
                    clusterName: "blue",
                    cluster: "blue",
                    securityGroupId: "sg-0a",
                    subnetIds: ["subnet-0a"],
                    replicas: 1,
                    nodes,
                    systemNodeSelector: {},
                    tags: {},
                    startAfter,
                },
                { providers: [provider] },
            );
            assert.deepEqual(startAfter, [routes]);
        });
        const before = ancestors(plan, one(plan, release, "karpenter-controller"));
        assert.ok(before.has(one(plan, "test:index:Earlier").urn));
    });

    it("leaves nothing without the component as its parent, and one provider", async () => {
        const plan = await planOf();
        const components = new Set(
            plan.resources.filter(({ type }) => type.startsWith("spywatcher:")).map(({ urn }) => urn),
        );
        assert.equal(components.size, 4);
        for (const { type, parent, provider, urn } of plan.resources) {
            if (type.startsWith("aws:") || type.startsWith("kubernetes:")) {
                assert.ok(components.has(parent ?? ""), urn);
            }
            if (type.startsWith("kubernetes:")) {
                assert.equal(provider, one(plan, "pulumi:providers:kubernetes").urn, urn);
            }
        }
    });
});

describe("Karpenter in AWS", () => {
    it("lets nodes join, and only nodes", async () => {
        const plan = await planOf();
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
        const plan = await planOf();
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
        const plan = await planOf();
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
        const plan = await planOf({
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
