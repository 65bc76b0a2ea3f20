import assert from "node:assert/strict";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { eventLine, parseEvents, readEvents } from "../../ops/changes/eventFile.ts";
import { changesOfEvents } from "../../ops/changes/fromEvents.ts";
import type { ChangeSet } from "../../ops/changes/model.ts";
import { commentBody } from "../../ops/comment/body.ts";
import { OperationError } from "../../ops/errors.ts";
import { assertGolden, fixture } from "../support/golden.ts";

function recorded(name: string): ChangeSet {
    return changesOfEvents("shop", "review", readEvents(fixture(`events/${name}.jsonl`)));
}

const kinds: Record<string, string> = {
    create: "a first creation",
    unchanged: "a preview without changes",
    update: "an update in place",
    "replace-named": "a replacement that deletes first, since the name is taken",
    "replace-auto-named": "a replacement that creates first",
    delete: "a deletion",
    secret: "a changed secret",
    hostile: "a value that tries to break out of the comment",
    drift: "a refresh that finds drift",
    failed: "an update that fails in the middle",
    destroy: "a destroy",
};

describe("changes of recorded events", () => {
    for (const [name, what] of Object.entries(kinds)) {
        it(`tell of ${what}`, () => {
            assertGolden(`comments/${name}.md`, commentBody(recorded(name)));
        });
    }

    it("hold one replacement, whatever order its steps have", () => {
        for (const name of ["replace-named", "replace-auto-named", "secret"]) {
            const events = readEvents(fixture(`events/${name}.jsonl`));
            const forwards = changesOfEvents("shop", "review", events);
            const backwards = changesOfEvents("shop", "review", events.toReversed());
            assert.deepEqual(backwards.resources, forwards.resources, name);
            assert.deepEqual(backwards.counts, forwards.counts, name);
        }
        assert.deepEqual(recorded("replace-named").counts, { replace: 2, update: 1, same: 5 });
    });

    it("name the property that forces a replacement, with old and new value", () => {
        const [web] = recorded("replace-named").resources;
        assert.deepEqual(web, {
            urn: "urn:pulumi:review::shop::kubernetes:apps/v1:Deployment::web",
            type: "kubernetes:apps/v1:Deployment",
            name: "web",
            op: "replace",
            replaceKeys: ["spec.selector.matchLabels.app"],
            properties: [
                {
                    path: "spec.selector.matchLabels.app",
                    kind: "update",
                    old: "web",
                    new: "shop-web",
                    forcesReplacement: true,
                },
                {
                    path: "spec.template.metadata.labels.app",
                    kind: "update",
                    old: "web",
                    new: "shop-web",
                    forcesReplacement: false,
                },
            ],
            failed: false,
        });
    });

    it("say that an update failed, and of which resource", () => {
        const { failed, source, resources, diagnostics } = recorded("failed");
        assert.equal(failed, true);
        assert.equal(source, "update");
        assert.deepEqual(
            resources.map((each) => [each.op, each.name, each.failed]),
            [
                ["replace", "settings", true],
                ["update", "web", true],
            ],
        );
        assert.deepEqual(diagnostics.map(({ severity, resource }) => `${severity} ${resource}`).sort(), [
            "error settings",
            "error web",
        ]);
    });

    it("count as failed when the events were cut off", () => {
        const events = readEvents(fixture("events/update.jsonl")).slice(0, -1);
        const { failed, notes } = changesOfEvents("shop", "review", events);
        assert.equal(failed, true);
        assert.deepEqual(notes, ["The events end without a summary: the operation was cut off."]);
    });
});

describe("changes of events", () => {
    const event = { sequence: 0, timestamp: 0 };

    it("hold what a policy found, without colours", () => {
        const { findings } = changesOfEvents("shop", "review", [
            {
                ...event,
                policyEvent: {
                    resourceUrn: "urn:pulumi:review::shop::kubernetes:core/v1:Service::web",
                    message: "<{%fg 1%}>no public services<{%reset%}>\n",
                    color: "never",
                    policyName: "private-services",
                    policyPackName: "shop",
                    policyPackVersion: "1",
                    policyPackVersionTag: "1",
                    enforcementLevel: "mandatory",
                },
            },
        ]);
        assert.deepEqual(findings, [
            {
                level: "mandatory",
                policy: "shop/private-services",
                resource: "web",
                message: "no public services",
            },
        ]);
    });

    it("take properties from the list of diffs when there are no details", () => {
        const urn = "urn:pulumi:review::shop::aws:s3/bucket:Bucket::logs";
        const state = { type: "", urn, id: "", parent: "", provider: "", outputs: {} };
        const { resources } = changesOfEvents("shop", "review", [
            {
                ...event,
                resourcePreEvent: {
                    metadata: {
                        op: "replace",
                        urn,
                        type: "aws:s3/bucket:Bucket",
                        provider: "",
                        keys: ["bucket"],
                        diffs: ["bucket", "tags"],
                        old: { ...state, inputs: { bucket: "old", tags: {} } },
                        new: { ...state, inputs: { bucket: "new", tags: { Name: "logs" } } },
                    },
                },
            },
        ]);
        assert.deepEqual(resources[0]?.properties, [
            { path: "bucket", kind: "update", old: "old", new: "new", forcesReplacement: true },
            { path: "tags", kind: "update", old: {}, new: { Name: "logs" }, forcesReplacement: false },
        ]);
    });
});

describe("a file of events", () => {
    const text = '{"sequence":0,"timestamp":0}\n{"sequence":1,"timestamp":0}\n';

    it("is one object a line, a list, or one object", () => {
        assert.deepEqual(
            parseEvents(text, "f").map(({ sequence }) => sequence),
            [0, 1],
        );
        assert.deepEqual(parseEvents(`[${text.trim().replace("\n", ",\n")}]`, "f"), parseEvents(text, "f"));
        assert.deepEqual(parseEvents('{\n  "sequence": 4\n}', "f"), [{ sequence: 4 }]);
        assert.deepEqual(parseEvents("", "f"), []);
    });

    it("may end in the middle of a line", () => {
        assert.equal(parseEvents(`${text}{"sequence":2,"res`, "f").length, 2);
    });

    it("may be what `pulumi preview --json` prints", () => {
        const urn = "urn:pulumi:review::shop::my:Component$kubernetes:core/v1:ConfigMap::limits";
        const state = { urn, custom: true, inputs: { data: { QUOTA: "100" } } };
        const digest = {
            steps: [
                {
                    op: "replace",
                    urn,
                    oldState: state,
                    newState: { ...state, inputs: { data: { QUOTA: "200" } } },
                    replaceReasons: ["data.QUOTA"],
                    diffReasons: ["data"],
                    detailedDiff: {
                        "data.QUOTA": { kind: "update-replace", inputDiff: true },
                    },
                },
            ],
            duration: 2_400_000_000,
            changeSummary: { replace: 1 },
        };
        const changes = changesOfEvents(
            "shop",
            "review",
            parseEvents(JSON.stringify(digest, undefined, 2), "f"),
        );
        assert.equal(changes.failed, false);
        assert.equal(changes.durationSeconds, 2);
        assert.deepEqual(changes.resources, [
            {
                urn,
                type: "kubernetes:core/v1:ConfigMap",
                name: "limits",
                op: "replace",
                replaceKeys: ["data.QUOTA"],
                properties: [
                    { path: "data.QUOTA", kind: "update", old: "100", new: "200", forcesReplacement: true },
                ],
                failed: false,
            },
        ]);
    });

    it("is refused with its name when it is something else", () => {
        for (const wrong of ["plan: none", "[1, 2]", '"events"', `${text}no\n${text}`]) {
            assert.throws(
                () => parseEvents(wrong, "preview.jsonl"),
                (error) =>
                    error instanceof OperationError &&
                    error.message.startsWith("preview.jsonl does not hold"),
                wrong,
            );
        }
        assert.throws(
            () => readEvents("/nowhere/events.jsonl"),
            /^OperationError: Cannot read the events: ENOENT/,
        );
    });

    it("keeps no debugging message, which hold secrets in plain text", () => {
        const diagnostic = (severity: string): EngineEvent =>
            ({
                sequence: 1,
                timestamp: 0,
                diagnosticEvent: { severity, message: "m", color: "" },
            }) as EngineEvent;
        assert.equal(eventLine(diagnostic("debug")), undefined);
        assert.equal(eventLine({ sequence: 1, timestamp: 0, preludeEvent: { config: {} } }), undefined);
        assert.equal(
            eventLine(diagnostic("error")),
            '{"sequence":1,"timestamp":0,"diagnosticEvent":{"severity":"error","message":"m","color":""}}\n',
        );
    });
});
