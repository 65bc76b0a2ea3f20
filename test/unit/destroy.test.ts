import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

import { confirmDestroy } from "../../ops/destroy/confirmDestroy.ts";
import { formatInventory, inventoryOf } from "../../ops/destroy/inventory.ts";
import { findLeftovers, formatLeftovers, leftoverCommands } from "../../ops/destroy/leftovers.ts";
import { assertOnlyProtections, assertUnprotected, protectionsOf } from "../../ops/destroy/protections.ts";
import { stackOutput, type StateResource } from "../../ops/destroy/state.ts";
import { unknownValue } from "../../ops/changes/fromEvents.ts";
import { OperationError } from "../../ops/errors.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { withoutProtections } from "../../stacks/withoutProtections.ts";
import { configOf } from "../support/plans.ts";

const attributes = "alb.ingress.kubernetes.io/load-balancer-attributes";
const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const rdsType = "aws:rds/instance:Instance";

function urnOf(type: string, name: string): string {
    return `urn:pulumi:prod::spywatcher::${type}::${name}`;
}

function resource(type: string, name: string, more: Partial<StateResource> = {}): StateResource {
    const states = { inputs: {}, outputs: {} };
    return {
        urn: urnOf(type, name),
        type,
        name,
        custom: true,
        protect: false,
        retained: false,
        ...states,
        ...more,
    };
}

function ingress(value: string, more: object = {}): Record<string, unknown> {
    return { metadata: { name: "spywatcher-ingress", annotations: { [attributes]: value } }, ...more };
}

/** Every `path: value` of a configuration whose key is about protection. */
function protectionKeys(value: unknown, path = ""): string[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) => [
        ...(/protect/i.test(key) ? [`${path}${key}: ${String(each)}`] : []),
        ...protectionKeys(each, `${path}${key}.`),
    ]);
}

describe("a configuration without protections", () => {
    const mixed = configOf("prod", {
        data: {
            kind: "mixed",
            postgres: { kind: "aws", deletionProtection: true, multiAz: true },
            redis: { kind: "aws", nodes: 2 },
        },
    } as never);
    const inCluster = configOf("local", { protect: true });

    for (const [name, config] of Object.entries({ prod: configOf("prod"), mixed, inCluster })) {
        it(`has none of them in ${name}, and differs in nothing else`, () => {
            const changed = withoutProtections(config);
            assert.deepEqual(
                protectionKeys(changed).filter((line) => !line.endsWith(": false")),
                [],
            );
            const on = (text: string): string =>
                text.replaceAll(/"(protect|deletionProtection)":(?:true|false)/g, '"$1":null');
            assert.equal(on(JSON.stringify(changed)), on(JSON.stringify(config)));
        });
    }

    it("leaves the configuration it was given alone", () => {
        const config: Config = configOf("prod");
        withoutProtections(config);
        assert.deepEqual(protectionKeys(config), [
            "protect: true",
            "cluster.deletionProtection: true",
            "data.postgres.deletionProtection: true",
            "app.ingress.deletionProtection: true",
        ]);
    });
});

describe("protections in a state", () => {
    it("are found, whoever refuses", () => {
        const found = protectionsOf([
            resource("aws:ec2/vpc:Vpc", "network", { protect: true }),
            resource(rdsType, "data-postgres", { protect: true, inputs: { deletionProtection: true } }),
            resource(ingressType, "app-ingress", {
                inputs: ingress("idle_timeout.timeout_seconds=60,deletion_protection.enabled=true"),
            }),
            resource(ingressType, "other", { inputs: ingress("deletion_protection.enabled=false") }),
            resource("aws:eks/cluster:Cluster", "cluster", { inputs: { deletionProtection: false } }),
        ]);
        assert.deepEqual(
            found.map(({ name, by }) => [name, by]),
            [
                ["network", ["engine"]],
                ["data-postgres", ["engine", "provider"]],
                ["app-ingress", ["load balancer"]],
            ],
        );
    });

    it("that stay after the step stop the destroy", () => {
        assert.throws(
            () => {
                assertUnprotected("prod", [resource("aws:ec2/vpc:Vpc", "old", { protect: true })]);
            },
            new OperationError(
                [
                    "Nothing was deleted: these are protected still, and the program does not have them any more.",
                    "  aws:ec2/vpc:Vpc old",
                    "If they may go:",
                    "  pulumi state unprotect --stack prod 'urn:pulumi:prod::spywatcher::aws:ec2/vpc:Vpc::old'",
                ].join("\n"),
                exitCodes.refused,
            ),
        );
        assertUnprotected("prod", [resource("aws:ec2/vpc:Vpc", "network")]);
    });
});

interface Step {
    op: OpType;
    type: string;
    old?: Record<string, unknown>;
    next?: Record<string, unknown>;
    paths?: string[];
}

function planned({ op, type, old = {}, next = {}, paths = [] }: Step): EngineEvent {
    const metadata = {
        ...{ op, type, urn: urnOf(type, "x"), provider: "" },
        old: { inputs: old, outputs: {} },
        new: { inputs: next, outputs: {} },
        detailedDiff: Object.fromEntries(
            paths.map((path) => [path, { diffKind: "update", inputDiff: true }]),
        ),
    } as unknown as StepEventMetadata;
    return { sequence: 0, timestamp: 0, resourcePreEvent: { metadata } };
}

describe("the step that takes protections off", () => {
    const rest = "idle_timeout.timeout_seconds=60,access_logs.s3.enabled=true";
    const passes: Record<string, Step> = {
        "what does not change": { op: "same", type: rdsType },
        "the stack's outputs": { op: "update", type: "pulumi:pulumi:Stack", next: { a: 1 } },
        "the database's": {
            ...{ op: "update", type: rdsType },
            ...{
                old: { deletionProtection: true, port: 5432 },
                next: { deletionProtection: false, port: 5432 },
            },
            paths: ["deletionProtection"],
        },
        "the cluster's": {
            ...{ op: "update", type: "aws:eks/cluster:Cluster" },
            ...{ old: { deletionProtection: true }, next: { deletionProtection: false } },
        },
        "the load balancer's": {
            ...{ op: "update", type: ingressType },
            old: ingress(`${rest},deletion_protection.enabled=true`),
            next: ingress(`${rest},deletion_protection.enabled=false`),
            paths: [`metadata.annotations["${attributes}"]`],
        },
        "the load balancer's, of which the provider names the outermost property": {
            ...{ op: "update", type: ingressType },
            old: ingress(`${rest},deletion_protection.enabled=true`),
            next: ingress(`${rest},deletion_protection.enabled=false`),
            paths: ["metadata"],
        },
        "the provider of a cluster, by a kubeconfig that a preview does not know": {
            ...{ op: "replace", type: "pulumi:providers:kubernetes" },
            paths: ["kubeconfig"],
        },
        "what a preview does not know": {
            ...{ op: "update", type: ingressType },
            old: { metadata: { namespace: "spywatcher" } },
            next: { metadata: { namespace: unknownValue } },
            paths: ["metadata.namespace"],
        },
        "a namespace without a difference": { op: "update", type: "kubernetes:core/v1:Namespace" },
    };
    for (const [what, step] of Object.entries(passes)) {
        it(`may change ${what}`, () => {
            assertOnlyProtections("prod", [planned(step)]);
        });
    }

    const refused: [what: string, step: Step, line: string][] = [
        [
            "another property of what it may change",
            {
                ...{ op: "update", type: rdsType },
                old: { deletionProtection: true, instanceClass: "db.t4g.micro" },
                next: { deletionProtection: false, instanceClass: "db.m7g.large" },
            },
            `update ${rdsType} x (instanceClass)`,
        ],
        [
            "other attributes of the load balancer",
            {
                ...{ op: "update", type: ingressType },
                old: ingress(`${rest},deletion_protection.enabled=true`),
                next: ingress("access_logs.s3.enabled=false,deletion_protection.enabled=false"),
            },
            `update ${ingressType} x (metadata.annotations["${attributes}"])`,
        ],
        [
            "a secret, which no value of an event tells",
            {
                ...{ op: "update", type: rdsType },
                ...{ old: { deletionProtection: true }, next: { deletionProtection: false } },
                paths: ["deletionProtection", "password"],
            },
            `update ${rdsType} x (password)`,
        ],
        [
            "another type",
            { op: "update", type: "aws:s3/bucket:Bucket", next: { deletionProtection: false } },
            "update aws:s3/bucket:Bucket x (deletionProtection)",
        ],
        ["something nobody names", { op: "update", type: rdsType }, `update ${rdsType} x (somewhere)`],
        ["by creating", { op: "create", type: rdsType }, `create ${rdsType} x`],
        ["by deleting", { op: "delete", type: rdsType }, `delete ${rdsType} x`],
        ["by replacing", { op: "replace", type: rdsType }, `replace ${rdsType} x`],
    ];
    for (const [what, step, line] of refused) {
        it(`must not change ${what}`, () => {
            assert.throws(
                () => {
                    assertOnlyProtections("prod", [planned(step)]);
                },
                (error) => {
                    assert.ok(error instanceof OperationError);
                    assert.equal(error.exitCode, exitCodes.refused);
                    assert.deepEqual(error.message.split("\n").slice(1, -1), [`  ${line}`]);
                    return true;
                },
            );
        });
    }
});

describe("what a destroy tells beforehand", () => {
    it("is how much goes, what holds data and what stays", () => {
        const inventory = inventoryOf([
            resource("pulumi:pulumi:Stack", "spywatcher-prod", { custom: false }),
            resource("pulumi:providers:aws", "aws"),
            resource(rdsType, "data-postgres", {
                inputs: {
                    skipFinalSnapshot: false,
                    finalSnapshotIdentifier: "spywatcher-prod-postgres-final-1",
                    deleteAutomatedBackups: false,
                },
            }),
            resource(rdsType, "second", {
                inputs: { skipFinalSnapshot: true, deleteAutomatedBackups: true },
            }),
            resource("aws:elasticache/replicationGroup:ReplicationGroup", "data-redis"),
            resource("aws:s3/bucket:Bucket", "access-logs-bucket", { retained: true }),
            resource("aws:s3/bucketVersioning:BucketVersioning", "access-logs-versioning", {
                retained: true,
            }),
            resource("aws:kms/key:Key", "data-key", { retained: true, inputs: { deletionWindowInDays: 30 } }),
            resource("aws:kms/key:Key", "log-key", { inputs: { deletionWindowInDays: 30 } }),
            resource("aws:secretsmanager/secret:Secret", "data-postgres-connection", {
                inputs: { recoveryWindowInDays: 7 },
            }),
            resource("kubernetes:apps/v1:StatefulSet", "data-redis-stateful-set"),
            resource("random:index/randomId:RandomId", "id"),
        ]);
        assert.deepEqual(formatInventory("prod", inventory), [
            "prod holds 8 resources in AWS, 1 in Kubernetes, 1 elsewhere.",
            "Data:",
            `  ${rdsType} data-postgres: deleted; the last state stays as snapshot spywatcher-prod-postgres-final-1; its automated backups stay until they expire`,
            `  ${rdsType} second: deleted without a snapshot: the data is lost`,
            "  aws:elasticache/replicationGroup:ReplicationGroup data-redis: deleted without a snapshot: the data is lost",
            "  aws:s3/bucket:Bucket access-logs-bucket: stays, with its objects",
            "  kubernetes:apps/v1:StatefulSet data-redis-stateful-set: deleted with its volumes: the data is lost",
            "Stays, or stays for a while:",
            "  aws:s3/bucketVersioning:BucketVersioning access-logs-versioning: stays",
            "  aws:kms/key:Key data-key: stays",
            "  aws:kms/key:Key log-key: AWS deletes it after 30 days",
            "  aws:secretsmanager/secret:Secret data-postgres-connection: AWS deletes it after 7 days",
        ]);
        assert.deepEqual(formatInventory("dev", inventoryOf([])), ["dev holds nothing."]);
    });

    it("reads an output of the stack, a secret one too", () => {
        const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
        const stack = resource("pulumi:pulumi:Stack", "spywatcher-prod", {
            outputs: { namespace: "spywatcher", kubeconfig: { ...signature, plaintext: '"apiVersion: v1"' } },
        });
        assert.equal(stackOutput([stack], "namespace"), "spywatcher");
        assert.equal(stackOutput([stack], "kubeconfig"), "apiVersion: v1");
        assert.equal(stackOutput([stack], "other"), undefined);
        assert.equal(stackOutput([], "namespace"), undefined);
    });
});

describe("the confirmation of a destroy", () => {
    const { signal } = new AbortController();
    const stack = "prod";

    it("is the stack's name for a protected stack, and --yes for another", async () => {
        await confirmDestroy({ stack, guarded: true, yes: true, confirmed: "prod" }, signal);
        await confirmDestroy({ stack, guarded: true, yes: false, confirmed: "prod" }, signal);
        await confirmDestroy({ stack, guarded: false, yes: true }, signal);
        await confirmDestroy({ stack, guarded: false, yes: false, confirmed: "prod" }, signal);
    });

    const refused: [args: { guarded: boolean; yes: boolean; confirmed?: string }, message: string][] = [
        [
            { guarded: true, yes: true },
            "Nothing was deleted: prod is protected, and there is no terminal to ask on. Add --confirm prod; --yes does not do for it.",
        ],
        [
            { guarded: true, yes: false },
            "Nothing was deleted: prod is protected, and there is no terminal to ask on. Add --confirm prod.",
        ],
        [{ guarded: false, yes: false }, "Nothing was deleted: there is no terminal to ask on. Add --yes."],
        [
            { guarded: true, yes: true, confirmed: "dev" },
            "Nothing was deleted: --confirm names dev, but the stack is prod.",
        ],
        [
            { guarded: false, yes: true, confirmed: "dev" },
            "Nothing was deleted: --confirm names dev, but the stack is prod.",
        ],
    ];
    for (const [args, message] of refused) {
        it(`is refused: ${JSON.stringify(args)}`, async () => {
            await assert.rejects(
                confirmDestroy({ stack, ...args }, signal),
                new OperationError(message, exitCodes.refused),
            );
        });
    }
});

describe("what a destroy leaves in AWS", () => {
    const account = "123456789012";
    const arns: Record<string, string[]> = {
        Project: [
            `arn:aws:rds:us-east-1:${account}:snapshot:spywatcher-prod-postgres-final-1`,
            `arn:aws:kms:us-east-1:${account}:key/11111111-2222-3333-4444-555555555555`,
            "arn:aws:s3:::spywatcher-prod-access-logs-123456789012",
            `arn:aws:ec2:us-east-1:${account}:volume/vol-0123456789abcdef0`,
        ],
        "elbv2.k8s.aws/cluster": [
            `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/app/k8s-spywatch/1`,
        ],
        "kubernetes.io/cluster/spywatcher-prod": [
            `arn:aws:ec2:us-east-1:${account}:volume/vol-0123456789abcdef0`,
        ],
    };
    let server: Server;
    let asked: unknown[];
    let status: number;
    const saved = { ...process.env };

    before(async () => {
        server = createServer((request, response) => {
            let text = "";
            request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
            request.on("end", () => {
                const body = JSON.parse(text) as { TagFilters: { Key: string }[]; PaginationToken?: string };
                asked.push(body);
                const all = arns[body.TagFilters[0]?.Key ?? ""] ?? [];
                // Two pages, of which the first one may be empty, as AWS does it.
                const second = body.PaginationToken === "second";
                const page = second ? all.slice(1) : all.slice(0, 1);
                response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(
                    JSON.stringify(
                        status === 200
                            ? {
                                  PaginationToken: !second && all.length > 1 ? "second" : "",
                                  ResourceTagMappingList: page.map((ResourceARN) => ({
                                      ResourceARN,
                                      Tags: [],
                                  })),
                              }
                            : { __type: "AccessDeniedException", message: "not authorized to GetResources" },
                    ),
                );
            });
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        Object.assign(process.env, {
            AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
            AWS_ACCESS_KEY_ID: "not-a-real-key-id",
            AWS_SECRET_ACCESS_KEY: "not-a-real-key",
        });
    });
    beforeEach(() => {
        asked = [];
        status = 200;
    });
    after(() => {
        // The object itself must stay: another one would no longer be the process's environment.
        for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
        Object.assign(process.env, saved);
        server.closeAllConnections();
        server.close();
    });

    const args = {
        ...{ region: "us-east-1", stack: "prod", clusterName: "spywatcher-prod" },
        signal: new AbortController().signal,
    };

    it("is found by the tags of everybody who makes something, page by page, and sorted", async () => {
        const found = await findLeftovers(args);
        assert.deepEqual(found, {
            unexpected: [
                `arn:aws:ec2:us-east-1:${account}:volume/vol-0123456789abcdef0`,
                `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/app/k8s-spywatch/1`,
            ],
            kept: [
                `arn:aws:kms:us-east-1:${account}:key/11111111-2222-3333-4444-555555555555`,
                `arn:aws:rds:us-east-1:${account}:snapshot:spywatcher-prod-postgres-final-1`,
                "arn:aws:s3:::spywatcher-prod-access-logs-123456789012",
            ],
        });
        const filters = [
            [
                { Key: "Project", Values: ["spywatcher"] },
                { Key: "Stack", Values: ["prod"] },
            ],
            [{ Key: "elbv2.k8s.aws/cluster", Values: ["spywatcher-prod"] }],
            [{ Key: "eks:eks-cluster-name", Values: ["spywatcher-prod"] }],
            [{ Key: "kubernetes.io/cluster/spywatcher-prod", Values: ["owned"] }],
        ];
        const [own, ...others] = filters;
        assert.deepEqual(asked, [
            { TagFilters: own },
            { TagFilters: own, PaginationToken: "second" },
            ...others.map((TagFilters) => ({ TagFilters })),
        ]);
        assert.deepEqual(formatLeftovers(found).slice(-3), [
            "Left behind; AWS tells of some things for minutes after they are gone, so look again before you delete them:",
            ...found.unexpected.map((arn) => `  ${arn}`),
        ]);
        assert.deepEqual(formatLeftovers({ unexpected: [], kept: [] }), ["Nothing is left behind."]);
    });

    it("is an error where AWS does not tell, and commands look for the same", async () => {
        status = 400;
        await assert.rejects(findLeftovers(args), /not authorized to GetResources/);
        assert.deepEqual(
            leftoverCommands("us-east-1", "prod", "spywatcher-prod").map(
                (line) => /--tag-filters (.*) --query/.exec(line)?.[1],
            ),
            [
                "Key=Project,Values=spywatcher Key=Stack,Values=prod",
                "Key=elbv2.k8s.aws/cluster,Values=spywatcher-prod",
                "Key=eks:eks-cluster-name,Values=spywatcher-prod",
                "Key=kubernetes.io/cluster/spywatcher-prod,Values=owned",
            ],
        );
    });
});
