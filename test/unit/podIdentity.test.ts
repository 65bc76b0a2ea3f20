import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { type Statement, trustPolicyLimit } from "../../infra/aws/policyDocument.ts";
import { PodIdentity, type PodIdentityArgs } from "../../infra/cluster/podIdentity.ts";
import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { record } from "../../ops/plan/record.ts";
import { ancestors } from "../support/plans.ts";

const list: Statement = { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" };
const args: PodIdentityArgs = {
    account: { accountId: "123456789012", region: "eu-west-1" },
    clusterName: "blue",
    cluster: "blue",
    roleName: "blue-reader",
    namespace: "jobs",
    serviceAccount: "reader",
    policies: { list: [list], tag: [{ ...list, Action: "tag:GetResources" }] },
    managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
};

class After extends pulumi.CustomResource {
    constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
        super("test:index:After", name, inputs, opts);
    }
}

function planOf(change: Partial<PodIdentityArgs> = {}): Promise<Plan> {
    return record("spywatcher", "test", () => {
        const cluster = new After("cluster", { name: "blue" });
        const identity = new PodIdentity("reader", {
            ...args,
            cluster: cluster.urn.apply(() => "blue"),
            ...change,
        });
        new After("role-only", { arn: identity.roleArn });
        new After("by-output", { arn: identity.ready });
        new After("by-resources", {}, { dependsOn: identity.resources });
    });
}

function ofType(plan: Plan, type: string): PlannedResource[] {
    return plan.resources.filter((each) => each.type === type);
}

function named(plan: Plan, name: string): PlannedResource {
    const [only, ...others] = plan.resources.filter((each) => each.name === name);
    assert.ok(only && others.length === 0, name);
    return only;
}

const roleArn = "arn:aws:iam::123456789012:role/blue-reader";

describe("PodIdentity", () => {
    it("trusts EKS for one service account of one cluster of one account", async () => {
        const [role, ...others] = ofType(await planOf(), "aws:iam/role:Role");
        assert.deepEqual(others, []);
        assert.deepEqual(Object.keys(role?.inputs ?? {}).sort(), ["assumeRolePolicy", "name"]);
        assert.equal(role?.inputs["name"], "blue-reader");
        assert.deepEqual(JSON.parse(role.inputs["assumeRolePolicy"] as string), {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: "pods.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                    Condition: {
                        StringEquals: {
                            "aws:SourceAccount": "123456789012",
                            "aws:RequestTag/kubernetes-namespace": "jobs",
                            "aws:RequestTag/kubernetes-service-account": "reader",
                        },
                        ArnEquals: { "aws:SourceArn": "arn:aws:eks:eu-west-1:123456789012:cluster/blue" },
                    },
                },
            ],
        });
    });

    it("names the cluster by the ARN of its partition", async () => {
        const plan = await planOf({ account: { accountId: "123456789012", region: "cn-north-1" } });
        const trust = JSON.parse(
            ofType(plan, "aws:iam/role:Role")[0]?.inputs["assumeRolePolicy"] as string,
        ) as { Statement: [{ Condition: Record<string, unknown> }] };
        assert.deepEqual(trust.Statement[0].Condition["ArnEquals"], {
            "aws:SourceArn": "arn:aws-cn:eks:cn-north-1:123456789012:cluster/blue",
        });
    });

    it("makes one policy for each key, and attaches these and those of AWS", async () => {
        const plan = await planOf();
        assert.deepEqual(
            ofType(plan, "aws:iam/policy:Policy").map(({ inputs }) => inputs),
            Object.entries(args.policies).map(([suffix, statements]) => ({
                name: `blue-reader-${suffix}`,
                policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
            })),
        );
        assert.deepEqual(
            new Set(
                ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs),
            ),
            new Set(
                [
                    "arn:aws:iam::123456789012:policy/blue-reader-list",
                    "arn:aws:iam::123456789012:policy/blue-reader-tag",
                    "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
                ].map((policyArn) => ({ role: "blue-reader", policyArn })),
            ),
        );
    });

    it("associates the role when the cluster exists and everything is attached", async () => {
        const plan = await planOf();
        const association = named(plan, "reader-association");
        assert.equal(association.type, "aws:eks/podIdentityAssociation:PodIdentityAssociation");
        assert.deepEqual(association.inputs, {
            clusterName: "blue",
            namespace: "jobs",
            serviceAccount: "reader",
            roleArn,
        });
        const before = ancestors(plan, association);
        assert.ok(before.has(named(plan, "cluster").urn));
        const attachments = ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
        assert.equal(attachments.length, 3);
        for (const { urn } of attachments) assert.ok(before.has(urn), urn);
    });

    it("is ready, by output and by resources, when associated; the role alone is known before", async () => {
        const plan = await planOf();
        const waited = [
            named(plan, "reader-association"),
            ...ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        ].map(({ urn }) => urn);
        for (const name of ["by-output", "by-resources"]) {
            const { dependsOn } = named(plan, name);
            for (const urn of waited) assert.ok(dependsOn.includes(urn), `${name} after ${urn}`);
        }
        assert.deepEqual(named(plan, "by-output").inputs, { arn: roleArn });
        assert.deepEqual(named(plan, "role-only").inputs, { arn: roleArn });
        assert.deepEqual(named(plan, "role-only").dependsOn, [
            ofType(plan, "aws:iam/role:Role")[0]?.urn ?? "",
        ]);
    });

    it("is the parent of all it makes", async () => {
        const plan = await planOf();
        const [component] = ofType(plan, "spywatcher:cluster:PodIdentity");
        const made = plan.resources.filter(({ type }) => type.startsWith("aws:"));
        assert.equal(made.length, 7);
        for (const { parent, urn } of made) assert.equal(parent, component?.urn, urn);
    });

    it("takes a policy of just the size that AWS allows, and no longer one", async () => {
        const sized = (size: number): Statement[] => {
            const empty = JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ ...list, Resource: "" }],
            });
            return [{ ...list, Resource: "x".repeat(size - empty.length) }];
        };
        const fits = await planOf({ policies: { big: sized(6144) } });
        assert.equal((ofType(fits, "aws:iam/policy:Policy")[0]?.inputs["policy"] as string).length, 6144);
        await assert.rejects(planOf({ policies: { big: sized(6145) } }), {
            message: "The policy big of role blue-reader has 6145 characters; AWS allows 6144.",
        });
    });

    it("refuses a trust policy and a role's name that AWS would refuse", async () => {
        await assert.rejects(
            planOf({ serviceAccount: "s".repeat(trustPolicyLimit) }),
            /^Error: The trust policy of role blue-reader has 2\d{3} characters; AWS allows 2048\.$/,
        );
        await planOf({ roleName: "r".repeat(64) });
        await assert.rejects(planOf({ roleName: "r".repeat(65) }), {
            message: `The name of role ${"r".repeat(65)} has 65 characters; AWS allows 64.`,
        });
    });
});
