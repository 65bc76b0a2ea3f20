import assert from "node:assert/strict";

import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import type { Plan } from "../../ops/plan/model.ts";
import { toPolicy } from "../../policies/policy.ts";
import { type RuleResource, violations } from "../../policies/rule.ts";
import { rules } from "../../policies/rules/index.ts";
import { bootstrapPlan } from "../support/bootstrapping.ts";
import { planOf, stacks } from "../support/plans.ts";

function resourcesOf({ resources }: Plan): RuleResource[] {
    return resources.map(({ urn, type, name, inputs }) => ({ urn, type, name, props: inputs }));
}

function resource(type: string, props: Record<string, unknown>): RuleResource {
    return { urn: `urn:${type}::example`, type, name: "example", props };
}

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const pod = (container: object, kind = "Deployment", group = "apps") =>
    resource(`kubernetes:${group}/v1:${kind}`, {
        kind,
        spec: { template: { spec: { containers: [container] } } },
    });
const sized = { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } } };
const budget = (spec: object) =>
    resource("kubernetes:policy/v1:PodDisruptionBudget", {
        metadata: { name: "example", namespace: "a" },
        spec: { selector: { matchLabels: { app: "x" } }, ...spec },
    });
const workload = (replicas: number | undefined, change: object = {}) =>
    resource("kubernetes:apps/v1:Deployment", {
        kind: "Deployment",
        metadata: { name: "x", namespace: "a" },
        spec: {
            ...(replicas !== undefined && { replicas }),
            template: { metadata: { labels: { app: "x", more: "y" } }, spec: { containers: [] } },
        },
        ...change,
    });
const scaler = (minReplicas: number) =>
    resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
        metadata: { name: "x", namespace: "a" },
        spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name: "x" } },
    });
const bucket = resource("aws:s3/bucket:Bucket", { bucket: "logs" });
const block = (change: object = {}) =>
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
        bucket: "logs",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
        ...change,
    });
const trust = (statement: object) =>
    resource("aws:iam/role:Role", { assumeRolePolicy: policy({ Effect: "Allow", ...statement }) });
const github = "token.actions.githubusercontent.com:sub";
const webIdentity = "sts:AssumeRoleWithWebIdentity";

interface Example {
    resources: RuleResource[];
    /** What is wrong; empty when it is right. */
    found: string[];
}

/** What each rule finds, and what it lets through. */
const examples: Record<string, Example[]> = {
    "bucket-is-private": [
        { resources: [bucket, block()], found: [] },
        {
            resources: [
                bucket,
                resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: "other" }),
            ],
            found: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
                (each) => `has no public access block with ${each}`,
            ),
        },
        {
            resources: [bucket, block({ blockPublicPolicy: false })],
            found: ["has no public access block with blockPublicPolicy"],
        },
        {
            resources: [resource("aws:s3/bucket:Bucket", { bucket: "logs", acl: "public-read" }), block()],
            found: ["has the ACL public-read"],
        },
        {
            resources: [
                resource("aws:s3/bucketPolicy:BucketPolicy", {
                    policy: policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }),
                }),
            ],
            found: ["lets everybody in"],
        },
        {
            resources: [
                resource("aws:s3/bucketPolicy:BucketPolicy", {
                    policy: policy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject" }),
                }),
            ],
            found: ["lets everybody in"],
        },
        {
            resources: [
                resource("aws:s3/bucketPolicy:BucketPolicy", {
                    policy: policy({ Effect: "Deny", Principal: "*", Action: "s3:*" }),
                }),
            ],
            found: [],
        },
    ],
    "storage-is-encrypted": [
        ...(
            [
                ["aws:rds/instance:Instance", {}, ["is without storageEncrypted"]],
                [
                    "aws:elasticache/replicationGroup:ReplicationGroup",
                    { atRestEncryptionEnabled: "false" },
                    ["is without atRestEncryptionEnabled", "is without transitEncryptionEnabled"],
                ],
                [
                    "aws:elasticache/replicationGroup:ReplicationGroup",
                    { atRestEncryptionEnabled: "true", transitEncryptionEnabled: true },
                    [],
                ],
                ["aws:cloudwatch/logGroup:LogGroup", { name: "/a" }, ["is without kmsKeyId"]],
                ["aws:secretsmanager/secret:Secret", {}, ["is without kmsKeyId"]],
                ["aws:sns/topic:Topic", {}, ["is without kmsMasterKeyId"]],
                ["aws:sqs/queue:Queue", {}, ["is without sqsManagedSseEnabled or kmsMasterKeyId"]],
                ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: true }, []],
                ["aws:ebs/volume:Volume", { size: 1 }, ["is without encrypted"]],
                [
                    "aws:ec2/launchTemplate:LaunchTemplate",
                    { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { ebs: { volumeSize: 20 } }] },
                    ["is without ebs.encrypted of each device"],
                ],
                ["aws:kms/key:Key", {}, ["is without enableKeyRotation"]],
                [
                    "kubernetes:storage.k8s.io/v1:StorageClass",
                    { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
                    ["is without parameters.encrypted"],
                ],
                ["kubernetes:storage.k8s.io/v1:StorageClass", { provisioner: "example.com/local" }, []],
                [
                    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
                    { spec: { blockDeviceMappings: [{ ebs: { volumeSize: "20Gi" } }] } },
                    ["is without ebs.encrypted of each device"],
                ],
            ] as const
        ).map(([type, props, found]) => ({ resources: [resource(type, props)], found: [...found] })),
    ],
    "rights-are-named": [
        ...(
            [
                [{ Effect: "Allow", Action: "*", Resource: "*" }, ["allows *"]],
                [{ Effect: "Allow", Action: ["s3:*", "sqs:SendMessage"], Resource: "*" }, ["allows s3:*"]],
                [{ Effect: "Allow", Action: "ec2:Describe*", Resource: "*" }, []],
                [{ Effect: "Deny", Action: "*", Resource: "*" }, []],
            ] as const
        ).flatMap(([statement, found]) =>
            ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"].map((type) => ({
                resources: [resource(type, { policy: policy(statement) })],
                found: [...found],
            })),
        ),
        {
            resources: [
                resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
                    policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
                }),
            ],
            found: ["attaches AdministratorAccess"],
        },
        {
            resources: [
                resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
                    policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
                }),
            ],
            found: [],
        },
        {
            resources: [trust({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" })],
            found: ["trusts everybody"],
        },
        {
            resources: [trust({ Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" })],
            found: [],
        },
        {
            resources: [trust({ Principal: { Federated: "arn" }, Action: webIdentity })],
            found: ["trusts tokens without naming their subjects"],
        },
        {
            resources: [
                trust({
                    Principal: { Federated: "arn" },
                    Action: webIdentity,
                    Condition: { StringLike: { [github]: "repo:acme/*" } },
                }),
            ],
            found: ["trusts tokens without naming their subjects"],
        },
        {
            resources: [
                trust({
                    Principal: { Federated: "arn" },
                    Action: webIdentity,
                    Condition: { StringLike: { [github]: ["repo:acme/infrastructure:ref:refs/tags/v*"] } },
                }),
            ],
            found: [],
        },
    ],
    "not-open-to-the-internet": [
        ...(
            [
                ["aws:rds/instance:Instance", { publiclyAccessible: true }, ["has a public address"]],
                [
                    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                    { cidrIpv4: "0.0.0.0/0" },
                    ["lets 0.0.0.0/0 in"],
                ],
                [
                    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                    { cidrIpv4: "10.0.0.0/16" },
                    [],
                ],
                [
                    "aws:ec2/securityGroup:SecurityGroup",
                    { ingress: [{ cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["::/0"] }] },
                    ["lets ::/0 in"],
                ],
                ["aws:eks/cluster:Cluster", { vpcConfig: {} }, ["lets 0.0.0.0/0 to the API server"]],
                ["aws:eks/cluster:Cluster", { vpcConfig: { publicAccessCidrs: ["203.0.113.0/24"] } }, []],
                [
                    "eks:index:Cluster",
                    { publicAccessCidrs: ["0.0.0.0/0"] },
                    ["lets 0.0.0.0/0 to the API server"],
                ],
                ["eks:index:Cluster", { endpointPublicAccess: false }, []],
            ] as const
        ).map(([type, props, found]) => ({ resources: [resource(type, props)], found: [...found] })),
    ],
    "image-has-version": [
        ...(
            [
                ["docker.io/library/redis:7.4.5-alpine", []],
                [`redis@sha256:${"0".repeat(64)}`, []],
                ["redis", ["container c has an image without a tag: redis"]],
                ["registry:5000/redis", ["container c has an image without a tag: registry:5000/redis"]],
                ["redis:latest", ["container c has the image redis:latest, whose tag moves"]],
            ] as const
        ).map(([image, found]) => ({ resources: [pod({ name: "c", image })], found: [...found] })),
        {
            resources: [
                resource("kubernetes:batch/v1:CronJob", {
                    spec: {
                        jobTemplate: {
                            spec: {
                                template: {
                                    spec: { initContainers: [{ name: "c", image: "redis:latest" }] },
                                },
                            },
                        },
                    },
                }),
            ],
            found: ["container c has the image redis:latest, whose tag moves"],
        },
        {
            resources: [
                resource("kubernetes:core/v1:Pod", { spec: { containers: [{ name: "c", image: "redis" }] } }),
            ],
            found: ["container c has an image without a tag: redis"],
        },
    ],
    "container-has-resources": [
        { resources: [pod({ name: "c", ...sized })], found: [] },
        {
            resources: [pod({ name: "c" }, "Job", "batch")],
            found: ["requests.cpu", "requests.memory", "limits.memory"].map(
                (each) => `container c has no resources.${each}`,
            ),
        },
        {
            resources: [
                pod(
                    { name: "c", resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } } },
                    "StatefulSet",
                ),
            ],
            found: ["container c has no resources.requests.memory"],
        },
    ],
    "budget-allows-disruption": [
        { resources: [budget({ minAvailable: 1 }), workload(undefined), scaler(2)], found: [] },
        {
            resources: [budget({ minAvailable: 1 }), workload(undefined), scaler(1)],
            found: ["lets no pod of Deployment x go when there are 1"],
        },
        {
            resources: [budget({ minAvailable: 1 }), workload(undefined)],
            found: ["lets no pod of Deployment x go when there are 1"],
        },
        {
            resources: [budget({ minAvailable: "60%" }), workload(2)],
            found: ["lets no pod of Deployment x go when there are 2"],
        },
        { resources: [budget({ minAvailable: "50%" }), workload(2)], found: [] },
        { resources: [budget({ maxUnavailable: 1 }), workload(1)], found: [] },
        {
            resources: [budget({ maxUnavailable: 0 }), workload(5)],
            found: ["lets no pod of Deployment x go when there are 5"],
        },
        {
            resources: [
                budget({ minAvailable: 1 }),
                workload(1, { metadata: { name: "x", namespace: "elsewhere" } }),
            ],
            found: [],
        },
    ],
    "service-stays-inside": [
        { resources: [resource("kubernetes:core/v1:Service", { spec: {} })], found: [] },
        {
            resources: [resource("kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } })],
            found: ["is of type LoadBalancer"],
        },
        {
            resources: [resource("kubernetes:core/v1:Service", { spec: { type: "NodePort" } })],
            found: ["is of type NodePort"],
        },
    ],
    "provider-has-tags": [
        {
            resources: [
                resource("pulumi:providers:aws", {
                    defaultTags: JSON.stringify({ tags: { Project: "p", Owner: "o", ManagedBy: "pulumi" } }),
                }),
            ],
            found: ["gives no tag Environment", "gives no tag CostCenter"],
        },
        {
            resources: [resource("pulumi:providers:aws", {})],
            found: ["Project", "Environment", "Owner", "CostCenter", "ManagedBy"].map(
                (each) => `gives no tag ${each}`,
            ),
        },
    ],
};

describe("policies", () => {
    for (const stack of stacks) {
        it(`hold for everything in ${stack}`, async () => {
            const resources = resourcesOf(await planOf(stack));
            const found = rules.flatMap((rule) =>
                violations(rule, resources).map(({ urn, message }) => `${rule.name}: ${urn} ${message}`),
            );
            assert.deepEqual(found, []);
        });
    }

    it("hold for what delivery stands on", async () => {
        const resources = resourcesOf(await bootstrapPlan());
        assert.deepEqual(
            rules.flatMap((rule) => violations(rule, resources)),
            [],
        );
    });

    it("look at something: each rule meets resources that it is about in prod", async () => {
        // With the first property of each resource gone wrong, a rule that looks at nothing would still be content.
        const resources = resourcesOf(await planOf("prod"));
        const types = new Set(resources.map(({ type }) => type));
        for (const { name } of rules) {
            const about = (examples[name] ?? []).flatMap((example) =>
                example.resources.map(({ type }) => type),
            );
            assert.ok(
                about.some((type) => types.has(type)),
                name,
            );
        }
    });

    it("have an example that is right and one that is wrong, or are told apart by stacks", () => {
        assert.deepEqual(Object.keys(examples).sort(), rules.map(({ name }) => name).sort());
        for (const [name, list] of Object.entries(examples)) {
            assert.ok(
                list.some(({ found }) => found.length > 0),
                name,
            );
        }
    });

    for (const rule of rules) {
        describe(rule.name, () => {
            for (const [index, { resources, found }] of (examples[rule.name] ?? []).entries()) {
                it(`example ${index + 1}: ${found.join(", ") || "is right"}`, () => {
                    assert.deepEqual(
                        violations(rule, resources).map(({ message }) => message),
                        found,
                    );
                });
            }

            it("reports the same as a policy of the engine", async () => {
                const example = (examples[rule.name] ?? []).find(({ found }) => found.length > 0);
                assert.ok(example);
                const reported: string[] = [];
                const report = (message: string): void => void reported.push(message);
                const made = toPolicy(rule) as Partial<StackValidationPolicy & ResourceValidationPolicy>;
                assert.equal(made.name, rule.name);
                assert.equal(made.description, rule.description);
                if (made.validateStack) {
                    await made.validateStack({ resources: example.resources } as any, report);
                } else {
                    for (const each of example.resources) {
                        assert.ok(typeof made.validateResource === "function");
                        await made.validateResource(each as any, report);
                    }
                }
                assert.deepEqual(reported, example.found);
            });
        });
    }
});
