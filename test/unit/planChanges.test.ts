import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { changesOfPlans } from "../../ops/changes/fromPlans.ts";
import type { ChangeSet } from "../../ops/changes/model.ts";
import { parsePlan } from "../../ops/changes/planFile.ts";
import { commentBody } from "../../ops/comment/body.ts";
import { costRows } from "../../ops/comment/costs.ts";
import { formatChanges } from "../../ops/diff/table.ts";
import { OperationError } from "../../ops/errors.ts";
import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { accessByType } from "../../infra/delivery/awsAccess.ts";
import { awsReplacements } from "../../ops/replacements/aws.ts";
import { forcesReplacement, replacementsOf } from "../../ops/replacements/index.ts";
import { assertGolden } from "../support/golden.ts";
import { planOf, projectFolder, stacks } from "../support/plans.ts";
import { remoteChildren } from "../support/remoteChildren.ts";
import { planOfSketches, type ResourceSketch } from "../support/syntheticPlans.ts";

function compared(before: ResourceSketch[], after: ResourceSketch[]): ChangeSet {
    return changesOfPlans(planOfSketches(before), planOfSketches(after));
}

function summary({ resources }: ChangeSet): unknown[] {
    return resources.map(({ op, name, replaceKeys, properties }) => [
        op,
        name,
        replaceKeys,
        properties.map(({ path, old, new: next }) => [path, old, next]),
    ]);
}

function withOptions(plan: Plan, name: string, options: Partial<PlannedResource>): Plan {
    const resources = plan.resources.map((each) => (each.name === name ? { ...each, ...options } : each));
    return { ...plan, resources };
}

const bucket = (inputs: Record<string, unknown>): ResourceSketch => ({
    type: "aws:s3/bucket:Bucket",
    name: "logs",
    inputs,
});
const configMap = (name: string, data: Record<string, string>): ResourceSketch => ({
    type: "kubernetes:core/v1:ConfigMap",
    name,
    inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data },
    provider: "cluster",
});
const provider = (clusterIdentifier: string, kubeconfig = "[secret]"): ResourceSketch => ({
    type: "pulumi:providers:kubernetes",
    name: "cluster",
    inputs: { clusterIdentifier, kubeconfig },
});

describe("changes of two plans", () => {
    it("are none between equal plans, and count what stays", () => {
        const changes = compared([bucket({ bucket: "a" })], [bucket({ bucket: "a" })]);
        assert.deepEqual(changes.resources, []);
        assert.deepEqual(changes.counts, { same: 1 });
    });

    it("are what is added, removed and changed, the severe first", () => {
        const queue = { type: "aws:sqs/queue:Queue", name: "jobs" };
        const topic = { type: "aws:sns/topic:Topic", name: "alerts" };
        assert.deepEqual(
            summary(compared([bucket({ tags: { a: "1" } }), queue], [bucket({ tags: { a: "2" } }), topic])),
            [
                ["delete", "jobs", [], []],
                ["update", "logs", [], [["tags.a", "1", "2"]]],
                ["create", "alerts", [], []],
            ],
        );
    });

    it("are probably a replacement where the table says so", () => {
        assert.deepEqual(summary(compared([bucket({ bucket: "a" })], [bucket({ bucket: "b" })])), [
            ["replace", "logs", ["bucket"], [["bucket", "a", "b"]]],
        ]);
        assert.deepEqual(
            summary(compared([configMap("limits", { QUOTA: "1" })], [configMap("limits", {})])),
            [["replace", "limits", ["data.QUOTA"], [["data.QUOTA", "1", undefined]]]],
        );
    });

    it("are every object of a provider that is replaced, not of one that is only updated", () => {
        const object = configMap("limits", {});
        assert.deepEqual(summary(compared([provider("a"), object], [provider("b"), object])), [
            ["replace", "limits", ["provider"], []],
            ["replace", "cluster", ["clusterIdentifier"], [["clusterIdentifier", "a", "b"]]],
        ]);
        assert.deepEqual(summary(compared([provider("a", "x"), object], [provider("a", "y"), object])), [
            ["update", "cluster", [], [["kubeconfig", "x", "y"]]],
        ]);
    });

    it("leave out what the program ignores, and tell of options", () => {
        const before = planOfSketches([bucket({ tags: { a: "1" }, acl: "x" })]);
        const after = planOfSketches([bucket({ tags: { a: "2" }, acl: "x" })]);
        const ignoring = withOptions(after, "logs", { ignoreChanges: ["tags"], protect: true });
        assert.deepEqual(summary(changesOfPlans(before, ignoring)), [
            [
                "update",
                "logs",
                [],
                [
                    ["option.protect", false, true],
                    ["option.ignoreChanges", [], ["tags"]],
                ],
            ],
        ]);
    });

    it("follow a resource that has a new name and an alias", () => {
        const before = planOfSketches([bucket({ bucket: "a" })]);
        const renamed = { ...bucket({ bucket: "a" }), name: "archive" };
        const after = withOptions(planOfSketches([renamed]), "archive", { aliases: ["urn:logs"] });
        assert.deepEqual(changesOfPlans(before, after).counts, { same: 1 });
    });

    it("look into policies, and tell items of lists apart by their names", () => {
        const policy = (action: string) =>
            JSON.stringify({
                Statement: [
                    { Sid: "Read", Action: action },
                    { Sid: "Deny", Action: "s3:*" },
                ],
            });
        const role = (inputs: Record<string, unknown>) => ({
            type: "aws:iam/policy:Policy",
            name: "read",
            inputs,
        });
        assert.deepEqual(
            summary(compared([role({ policy: policy("s3:Get*") })], [role({ policy: policy("s3:List*") })])),
            [["update", "read", [], [["policy.Statement.Read.Action", "s3:Get*", "s3:List*"]]]],
        );
        const env = (...names: string[]) => role({ env: names.map((name) => ({ name, value: name })) });
        assert.deepEqual(summary(compared([env("B", "C")], [env("A", "B", "C")])), [
            ["update", "read", [], [["env.A", undefined, { name: "A", value: "A" }]]],
        ]);
    });

    it("show that a secret changed, and never which", () => {
        const database = (password: string) => ({
            type: "aws:rds/instance:Instance",
            name: "postgres",
            inputs: { password, address: `postgres://app:${password}@db` },
        });
        const changes = compared([database("not-a-real-1")], [database("not-a-real-2")]);
        assert.deepEqual(summary(changes), [
            [
                "update",
                "postgres",
                [],
                [
                    ["password", "[secret]", "[secret]"],
                    ["address", "[secret]", "[secret]"],
                ],
            ],
        ]);
        assert.equal(JSON.stringify(changes).includes("not-a-real"), false);
    });

    it("are all of a stack that is new or gone", () => {
        const plan = planOfSketches([bucket({}), { type: "my:component", name: "part", component: true }]);
        assert.deepEqual(changesOfPlans(undefined, plan).counts, { create: 1 });
        assert.deepEqual(changesOfPlans(plan, undefined).counts, { delete: 1 });
    });

    it("of dev tell what larger nodes and a larger database would do, and what they would cost", async () => {
        const after = await planOf("dev", {
            cluster: { systemNodes: { instanceType: "t3.large" } },
            data: { postgres: { instanceClass: "db.t4g.small" } },
        });
        const { costs, ...changes } = changesOfPlans(await planOf("dev"), after);
        assert.ok(costs);
        assert.deepEqual(
            costRows(costs, (item) => item),
            [
                "| Nodes of group system, t3.large |  | 121.47 |",
                "| Nodes of group system, t3.medium | 60.74 |  |",
                "| PostgreSQL db.t4g.micro in one zone | 11.68 |  |",
                "| PostgreSQL db.t4g.small in one zone |  | 23.36 |",
            ],
        );
        // How many stay is of no interest here.
        const stable = { ...changes, counts: { ...changes.counts, same: 100 } };
        assertGolden("comments/plans.md", commentBody(stable));
        assertGolden("comments/plans.txt", formatChanges(stable));
    });

    it("of local have no costs", async () => {
        const plan = await planOf("local");
        assert.equal(changesOfPlans(plan, plan).costs, undefined);
    });
});

describe("the properties that force a replacement", () => {
    for (const stack of stacks) {
        it(`are known for every type that ${stack} registers`, async () => {
            const { resources } = await planOf(stack);
            const types = resources
                .filter(({ custom, inputs }) => custom || Object.keys(inputs).length > 0)
                .map(({ type }) => type);
            assert.deepEqual(
                [...new Set(types)].filter((type) => replacementsOf(type) === undefined),
                [],
            );
        });
    }

    it("are known for every type that delivery has rights for, those of optional features too", () => {
        assert.deepEqual(
            Object.keys(accessByType)
                .filter((type) => replacementsOf(type) === undefined)
                .sort(),
            // Made within remote components, whose own entries tell.
            remoteChildren,
        );
    });

    it("are arguments that the AWS SDK has", () => {
        const unknown = Object.entries(awsReplacements).flatMap(([type, { properties }]) => {
            const path = /^aws:([^:]+):/.exec(type)?.[1];
            if (path === undefined) return [];
            const file = join(projectFolder, "node_modules", "@pulumi", "aws", `${path}.d.ts`);
            const args = readFileSync(file, "utf8").split(/export interface \w+Args \{/)[1] ?? "";
            const has = (property: string) =>
                new RegExp(`^ {4}${property.split(".")[0] ?? ""}\\??:`, "m").test(args);
            // Global services have no region.
            return properties
                .filter((each) => each !== "region" && !has(each))
                .map((each) => `${type} ${each}`);
        });
        assert.deepEqual(unknown, []);
    });

    it("count with everything within them, and nothing beside them", () => {
        const deployment = "kubernetes:apps/v1:Deployment";
        assert.equal(forcesReplacement(deployment, "spec.selector.matchLabels.app"), true);
        assert.equal(forcesReplacement(deployment, 'spec.selector["matchLabels"]'), true);
        assert.equal(forcesReplacement(deployment, "spec.selectors"), false);
        assert.equal(forcesReplacement(deployment, "spec"), false);
        assert.equal(forcesReplacement("aws:eks/nodeGroup:NodeGroup", "launchTemplate.version"), false);
        assert.equal(forcesReplacement("aws:eks/nodeGroup:NodeGroup", "launchTemplate.id"), true);
        assert.equal(forcesReplacement("unheard:of:Type", "name"), false);
    });
});

describe("a plan that is read", () => {
    it("may be of a revision whose plans told less", () => {
        const resource = { urn: "u", type: "t", name: "n", custom: true, inputs: {} };
        const plan = parsePlan({ project: "p", stack: "s", resources: [resource] }, "base.json");
        assert.deepEqual(plan, {
            project: "p",
            stack: "s",
            resources: [
                {
                    ...resource,
                    parent: null,
                    provider: null,
                    dependsOn: [],
                    protect: false,
                    ignoreChanges: [],
                    aliases: [],
                    retainOnDelete: false,
                    deletedWith: null,
                    customTimeouts: {},
                },
            ],
            outputs: {},
        });
    });

    it("is refused with the place that is wrong", () => {
        assert.throws(
            () => parsePlan({ project: "p", stack: "s", resources: [{ urn: 1 }] }, "base.json"),
            (error) =>
                error instanceof OperationError &&
                error.message ===
                    "base.json is not a plan, as `npm run --silent plan -- <env> --json` prints it: resources.0.urn: Invalid input: expected string, received number",
        );
    });
});
