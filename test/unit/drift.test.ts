import assert from "node:assert/strict";

import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import fc from "fast-check";

import { readEvents } from "../../ops/changes/eventFile.ts";
import type { PropertyChange } from "../../ops/changes/model.ts";
import { commentLimit } from "../../ops/comment/body.ts";
import { sizeOf } from "../../ops/comment/sections.ts";
import { reasonOf } from "../../ops/drift/expectation.ts";
import { expectedDrift } from "../../ops/drift/expectedDrift.ts";
import { driftText, formatDrift, remedy } from "../../ops/drift/format.ts";
import { driftOfEvents } from "../../ops/drift/fromEvents.ts";
import type { Drift } from "../../ops/drift/model.ts";
import { driftReport } from "../../ops/drift/report.ts";
import { fixture } from "../support/golden.ts";

interface Found {
    op: OpType;
    type: string;
    name: string;
    inputs?: Record<string, unknown>;
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
    paths?: Record<string, "add" | "update" | "delete" | "update-replace">;
}

function event({ op, type, name, inputs = {}, before = {}, after = {}, paths = {} }: Found): EngineEvent {
    const urn = `urn:pulumi:prod::spywatcher::${type}::${name}`;
    const state = (outputs: object, own: object) => ({
        ...{ type, urn, custom: true, id: "", parent: "", provider: "" },
        ...{ inputs: own, outputs },
    });
    const metadata = {
        ...{ op, urn, type, provider: "" },
        old: state(before, inputs),
        ...(op !== "delete" && { new: state(after, after) }),
        detailedDiff: Object.fromEntries(
            Object.entries(paths).map(([path, diffKind]) => [path, { diffKind, inputDiff: false }]),
        ),
    } as unknown as StepEventMetadata;
    return { sequence: 0, timestamp: 0, resOutputsEvent: { metadata } };
}

const end: EngineEvent = {
    ...{ sequence: 0, timestamp: 0 },
    summaryEvent: { maybeCorrupt: false, durationSeconds: 7, resourceChanges: {}, policyPacks: {} },
};

function driftOf(...found: Found[]): Drift {
    return driftOfEvents("spywatcher", "prod", [...found.map(event), end]);
}

const deployment = "kubernetes:apps/v1:Deployment";

function change(path: string, old: unknown, found: unknown): PropertyChange {
    return { path, kind: "update", old, new: found, forcesReplacement: false };
}

describe("expected drift", () => {
    const cases: [type: string, property: PropertyChange, inputs: unknown, expected: boolean][] = [
        [deployment, change("spec.replicas", 2, 5), { spec: {} }, true],
        // The bot's single pod is the program's own.
        [deployment, change("spec.replicas", 1, 0), { spec: { replicas: 1 } }, false],
        [deployment, change("spec.template.spec.containers[0].image", "a:1", "a:2"), {}, false],
        ["kubernetes:apps/v1:StatefulSet", change("spec.replicas", 1, 0), {}, false],
        [deployment, change('metadata.annotations["deployment.kubernetes.io/revision"]', "1", "2"), {}, true],
        [
            "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
            change('metadata.annotations["autoscaling.alpha.kubernetes.io/conditions"]', undefined, "[]"),
            {},
            true,
        ],
        ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", change("spec.maxReplicas", 10, 20), {}, false],
        [deployment, change("status.readyReplicas", 2, 3), {}, true],
        [deployment, change("metadata.resourceVersion", "1", "2"), {}, true],
        [deployment, change("metadata.labels.team", undefined, "x"), {}, false],
        [
            "kubernetes:networking.k8s.io/v1:Ingress",
            change("metadata.finalizers[0]", undefined, "ingress.k8s.aws/resources"),
            {},
            true,
        ],
        [
            "kubernetes:networking.k8s.io/v1:Ingress",
            change('metadata.annotations["alb.ingress.kubernetes.io/scheme"]', "internal", "internet-facing"),
            {},
            false,
        ],
        ["aws:eks/nodeGroup:NodeGroup", change("scalingConfig.desiredSize", 3, 4), {}, true],
        ["aws:eks/nodeGroup:NodeGroup", change("scalingConfig.maxSize", 4, 9), {}, false],
        ["aws:rds/instance:Instance", change("engineVersion", "17", "17.6"), {}, true],
        ["aws:rds/instance:Instance", change("engineVersionActual", "17.5", "17.6"), {}, true],
        ["aws:rds/instance:Instance", change("engineVersion", "17", "18.1"), {}, false],
        ["aws:rds/instance:Instance", change("latestRestorableTime", "a", "b"), {}, true],
        ["aws:rds/instance:Instance", change("allocatedStorage", 20, 40), {}, true],
        ["aws:rds/instance:Instance", change("allocatedStorage", 40, 20), {}, false],
        ["aws:rds/instance:Instance", change("deletionProtection", true, false), {}, false],
        ["aws:rds/instance:Instance", change("publiclyAccessible", false, true), {}, false],
        // What an intruder would do.
        ["aws:iam/role:Role", change("managedPolicyArns", [], ["arn:aws:iam::aws:policy/Admin"]), {}, false],
        ["aws:iam/role:Role", change("assumeRolePolicy", "{}", "{}"), {}, false],
        ["aws:lambda/function:Function", change("lastModified", "a", "b"), {}, true],
    ];
    for (const [type, property, inputs, expected] of cases) {
        const [before, after] = [JSON.stringify(property.old), JSON.stringify(property.new)];
        it(`${expected ? "is" : "is not"} ${type} ${property.path}: ${before} → ${after}`, () => {
            assert.equal(reasonOf(type, property, inputs) !== undefined, expected);
        });
    }

    it("has a reason of a sentence for every rule", () => {
        for (const { reason } of expectedDrift) assert.match(reason, /^[A-Z].{20,}\.$/s);
    });
});

describe("drift of events", () => {
    it("is what a recorded refresh found", () => {
        const drift = driftOfEvents("shop", "review", readEvents(fixture("events/drift.jsonl")));
        assert.deepEqual(drift, {
            project: "shop",
            stack: "review",
            drifted: [
                {
                    urn: "urn:pulumi:review::shop::kubernetes:apps/v1:Deployment::web",
                    type: deployment,
                    name: "web",
                    kind: "changed",
                    properties: [
                        {
                            path: "spec.replicas",
                            kind: "update",
                            old: 2,
                            new: 5,
                            forcesReplacement: false,
                        },
                    ],
                },
            ],
            expected: [],
            resources: 6,
            seconds: 3,
            warnings: [],
        });
    });

    it("names what is gone before what has changed, and leaves out what is expected", () => {
        const drift = driftOf(
            {
                ...{ op: "update", type: deployment, name: "backend" },
                before: { spec: { replicas: 2, paused: false } },
                after: { spec: { replicas: 7, paused: true } },
                paths: { "spec.replicas": "update", "spec.paused": "update" },
            },
            { op: "delete", type: "kubernetes:policy/v1:PodDisruptionBudget", name: "pdb" },
            { op: "same", type: "kubernetes:core/v1:ConfigMap", name: "settings" },
            {
                ...{ op: "update", type: deployment, name: "frontend" },
                before: { spec: { replicas: 2 } },
                after: { spec: { replicas: 5 } },
                paths: { "spec.replicas": "update" },
            },
        );
        assert.deepEqual(
            drift.drifted.map(({ name, kind, properties }) => [
                name,
                kind,
                properties.map(({ path }) => path),
            ]),
            [
                ["pdb", "gone", []],
                ["backend", "changed", ["spec.paused"]],
            ],
        );
        assert.deepEqual(
            drift.expected.map(({ name, path }) => [name, path]),
            [
                ["backend", "spec.replicas"],
                ["frontend", "spec.replicas"],
            ],
        );
        assert.equal(drift.resources, 4);
        assert.equal(driftText(drift), "1 resource is gone, 1 resource has changed");
    });

    it("is nothing of components, providers and the stack itself, which a run of the program updates", () => {
        const component = event({ op: "update", type: "spywatcher:app:Workload", name: "app-backend" });
        Object.assign(component.resOutputsEvent?.metadata.new ?? {}, { custom: false });
        const drift = driftOfEvents("spywatcher", "prod", [
            component,
            event({ op: "update", type: "pulumi:providers:kubernetes", name: "cluster" }),
            event({ op: "same", type: deployment, name: "backend" }),
            end,
        ]);
        assert.deepEqual([drift.drifted, drift.resources], [[], 1]);
    });

    it("compares what was read when the provider does not say what differs", () => {
        const { drifted, expected } = driftOf({
            ...{ op: "update", type: "aws:rds/instance:Instance", name: "data-postgres" },
            before: { latestRestorableTime: "a", publiclyAccessible: false },
            after: { latestRestorableTime: "b", publiclyAccessible: true },
        });
        assert.deepEqual(
            drifted.map(({ properties }) => properties),
            [
                [
                    {
                        path: "publiclyAccessible",
                        kind: "update",
                        old: false,
                        new: true,
                        forcesReplacement: false,
                    },
                ],
            ],
        );
        assert.deepEqual(
            expected.map(({ path }) => path),
            ["latestRestorableTime"],
        );
    });

    it("shows no secret", () => {
        const drift = driftOf(
            {
                ...{ op: "update", type: "kubernetes:core/v1:Secret", name: "spywatcher" },
                before: { data: { token: "bm90LWEtcmVhbC1zZWNyZXQ=" } },
                after: { data: { token: "bm90LWEtcmVhbC1zZWNyZXQy" } },
                paths: { "data.token": "update" },
            },
            {
                ...{ op: "update", type: "kubernetes:core/v1:Secret", name: "other" },
                before: { data: { other: "bm90LWEtcmVhbC1zZWNyZXQ=" } },
                after: { data: { other: "bm90LWEtcmVhbC1zZWNyZXQy", more: "bm90LWEtcmVhbA==" } },
            },
        );
        for (const text of [JSON.stringify(drift), formatDrift(drift), driftReport(drift)]) {
            assert.doesNotMatch(text, /bm90/);
        }
        assert.equal(drift.drifted.length, 2);
    });

    it("says what would be replaced when it is put back", () => {
        const drift = driftOf({
            ...{ op: "update", type: deployment, name: "backend" },
            before: { spec: { selector: "a" } },
            after: { spec: { selector: "b" } },
            paths: { "spec.selector": "update-replace" },
        });
        assert.deepEqual(remedy(drift), [
            "Put it back as the program has it: PULUMI_K8S_ENABLE_PATCH_FORCE=true npm run up -- prod --refresh",
            "The variable takes back the fields that kubectl has set, and owns since; without it the update stops at a field conflict.",
            "Or, if what is there is right: change the stack file or the program, then run the same command, which shows that nothing is left.",
            "To put it back, 1 resource would be replaced: look at the preview first.",
        ]);
    });

    it("asks for no variable where nothing in the cluster was changed", () => {
        const drift = driftOf(
            { op: "delete", type: deployment, name: "backend" },
            {
                ...{ op: "update", type: "aws:rds/instance:Instance", name: "data-postgres" },
                ...{ before: { port: 5432 }, after: { port: 5433 }, paths: { port: "update" } },
            },
        );
        assert.equal(remedy(drift)[0], "Put it back as the program has it: npm run up -- prod --refresh");
    });

    it("is told as a table, and as one line when there is none", () => {
        assert.equal(
            formatDrift(driftOf({ op: "same", type: deployment, name: "backend" })),
            "prod: no drift, of 1 resource, in 7 s\n",
        );
        const text = formatDrift(
            driftOf(
                { op: "delete", type: deployment, name: "frontend" },
                {
                    ...{ op: "update", type: deployment, name: "backend" },
                    before: { spec: { paused: false } },
                    after: { spec: { paused: true } },
                    paths: { "spec.paused": "update" },
                },
            ),
        );
        const cells = text
            .split("\n")
            .filter((line) => line.startsWith("│"))
            .map((line) =>
                line
                    .split("│")
                    .slice(1, -1)
                    .map((each) => each.trim()),
            );
        assert.deepEqual(cells, [
            ["Drift", "Resource", "Type or property", "As it was left → as it is"],
            ["gone", "frontend", deployment, "deleted behind the program's back"],
            ["changed", "backend", deployment, ""],
            ["", "", "spec.paused", "false → true"],
        ]);
    });
});

describe("the report of drift", () => {
    it("is Markdown with what is gone first and what to do", () => {
        const report = driftReport(
            driftOf(
                { op: "delete", type: deployment, name: "frontend" },
                {
                    ...{ op: "update", type: deployment, name: "backend" },
                    before: { spec: { replicas: 2, paused: false } },
                    after: { spec: { replicas: 5, paused: true } },
                    paths: { "spec.paused": "update", "spec.replicas": "update" },
                },
            ),
        );
        assert.equal(
            report,
            [
                "### Drift of `spywatcher/prod`",
                "",
                "**1 resource is gone, 1 resource has changed**, of 2 resources, in 7 s.",
                "",
                "- Put it back as the program has it: PULUMI_K8S_ENABLE_PATCH_FORCE=true npm run up -- prod --refresh",
                "- The variable takes back the fields that kubectl has set, and owns since; without it the update stops at a field conflict.",
                "- Or, if what is there is right: change the stack file or the program, then run the same command, which shows that nothing is left.",
                "",
                "**Deleted behind the program's back**",
                "",
                "- `frontend` (`kubernetes:apps/v1:Deployment`)",
                "",
                "**Changed**: `-` as the last update has left it, `+` as it is",
                "",
                "```diff",
                "@@ backend kubernetes:apps/v1:Deployment @@",
                "- spec.paused: false",
                "+ spec.paused: true",
                "```",
                "",
                "<details><summary>1 difference that is expected</summary>",
                "",
                "```text",
                "backend spec.replicas: The HPA scales the Deployment; the program sets no number.",
                "```",
                "",
                "</details>",
                "",
            ].join("\n"),
        );
    });

    it("fits into an issue, whatever was found, and never loses how much it was", () => {
        const text = fc.string({ unit: "grapheme", maxLength: 400 });
        const resource = fc.record({
            urn: text,
            type: text,
            name: text,
            kind: fc.constantFrom("changed" as const, "gone" as const),
            properties: fc.array(
                fc.tuple(text, text, text).map(([path, old, found]) => change(path, old, found)),
                {
                    maxLength: 30,
                },
            ),
        });
        fc.assert(
            fc.property(fc.array(resource, { maxLength: 300 }), text, (drifted, stack) => {
                const drift: Drift = {
                    ...{ project: "spywatcher", stack, drifted, expected: [], resources: 1, seconds: 1 },
                    warnings: [],
                };
                const report = driftReport(drift);
                assert.ok(sizeOf(report) <= commentLimit);
                assert.ok(report.includes(`**${driftText(drift)}**`));
            }),
            { numRuns: 30 },
        );
    });
});
