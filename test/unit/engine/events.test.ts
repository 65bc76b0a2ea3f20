import assert from "node:assert/strict";

import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";

import { changedCount, EventLog, formatSummary } from "../../../ops/engine/events.ts";

const type = "kubernetes:core/v1:ConfigMap";

function metadata(op: OpType, name: string, custom = true, detailedDiff = {}) {
    const urn = `urn:pulumi:local::spywatcher::${type}::${name}`;
    return {
        op,
        urn,
        type,
        provider: "",
        detailedDiff,
        new: { type, urn, custom, id: "", parent: "", inputs: {}, outputs: {}, provider: "" },
    };
}

function run(events: Omit<EngineEvent, "sequence">[], planned = false): { lines: string[]; log: EventLog } {
    const lines: string[] = [];
    const log = new EventLog((line) => lines.push(line), planned);
    events.forEach((event, sequence) => {
        log.onEvent({ sequence, ...event });
    });
    return { lines, log };
}

describe("EventLog", () => {
    it("tells what an update did to each resource, and how long it took", () => {
        const { lines } = run([
            { timestamp: 10, resourcePreEvent: { metadata: metadata("create", "settings") } },
            { timestamp: 13, resOutputsEvent: { metadata: metadata("create", "settings") } },
            { timestamp: 13, resourcePreEvent: { metadata: metadata("update", "other") } },
            {
                timestamp: 13,
                resOutputsEvent: {
                    metadata: metadata("update", "other", true, { "data.b": {}, "data.a": {} }),
                },
            },
            { timestamp: 14, resOutputsEvent: { metadata: metadata("same", "unchanged") } },
            { timestamp: 14, resOutputsEvent: { metadata: metadata("create", "component", false) } },
        ]);
        assert.deepEqual(lines, [
            "created kubernetes:core/v1:ConfigMap settings 3 s",
            "updated kubernetes:core/v1:ConfigMap other (data.a, data.b)",
        ]);
    });

    it("keeps what the stack outputs", () => {
        const stack = metadata("same", "spywatcher-local", false);
        const outputs = { clusterName: "local", kubeconfig: "[secret]" };
        Object.assign(stack, { type: "pulumi:pulumi:Stack", new: { ...stack.new, outputs } });
        const { log, lines } = run([{ timestamp: 1, resOutputsEvent: { metadata: stack } }]);
        assert.deepEqual(log.outputs, outputs);
        assert.deepEqual(lines, []);
    });

    it("tells what a preview would do", () => {
        const { lines } = run(
            [{ timestamp: 1, resourcePreEvent: { metadata: metadata("delete", "settings") } }],
            true,
        );
        assert.deepEqual(lines, ["delete kubernetes:core/v1:ConfigMap settings"]);
    });

    it("reports warnings and failures, and keeps errors without colours and repetitions", () => {
        const urn = metadata("create", "settings").urn;
        const stack = "urn:pulumi:local::spywatcher::pulumi:pulumi:Stack::spywatcher-local";
        const { lines, log } = run([
            {
                timestamp: 1,
                diagnosticEvent: { severity: "warning", message: "deprecated\n", urn, color: "" },
            },
            {
                timestamp: 1,
                resOpFailedEvent: { metadata: metadata("create", "settings"), status: 1, steps: 1 },
            },
            {
                timestamp: 1,
                diagnosticEvent: {
                    severity: "error",
                    message: "<{%fg 1%}>refused<{%reset%}>\n",
                    urn,
                    color: "",
                },
            },
            {
                timestamp: 2,
                diagnosticEvent: { severity: "error", message: "update failed", urn: stack, color: "" },
            },
            {
                timestamp: 2,
                diagnosticEvent: { severity: "error", message: "bad configuration", urn: stack, color: "" },
            },
            { timestamp: 2, diagnosticEvent: { severity: "info", message: "chatter", color: "" } },
        ]);
        assert.deepEqual(lines, [
            "warning: settings: deprecated",
            "failed: create kubernetes:core/v1:ConfigMap settings",
        ]);
        assert.deepEqual(log.errors, ["settings: refused", "bad configuration"]);
    });

    it("counts changes apart from what stays", () => {
        const { log } = run([
            {
                timestamp: 1,
                summaryEvent: {
                    maybeCorrupt: false,
                    durationSeconds: 12,
                    resourceChanges: { create: 3, same: 40, replace: 1, delete: 0 },
                    policyPacks: {},
                },
            },
        ]);
        assert.equal(changedCount(log.summary), 4);
        assert.equal(formatSummary(log.summary), "4 changes: 3 created, 40 unchanged, 1 replaced in 12 s");
        assert.equal(
            formatSummary(log.summary, true),
            "4 changes: 3 to create, 40 unchanged, 1 to replace in 12 s",
        );
        assert.equal(formatSummary({ changes: {}, seconds: 1 }), "0 changes: nothing there in 1 s");
    });
});
