import assert from "node:assert/strict";

import type { OpType } from "@pulumi/pulumi/automation/index.js";

import { formatDuration, parseDuration } from "../../../ops/duration.ts";
import { EventLog } from "../../../ops/engine/events.ts";
import { progressLine } from "../../../ops/engine/liveProgress.ts";

function metadata(op: OpType, type: string, name: string, custom = true) {
    const urn = `urn:pulumi:prod::spywatcher::${type}::${name}`;
    return {
        op,
        urn,
        type,
        provider: "",
        new: { type, urn, custom, id: "", parent: "", inputs: {}, outputs: {}, provider: "" },
    };
}

describe("the line of an operation at work", () => {
    it("has what is done, what has begun, and the resource that takes longest", () => {
        const log = new EventLog(() => undefined, false);
        const begin = (timestamp: number, ...args: Parameters<typeof metadata>): void => {
            log.onEvent({ sequence: 0, timestamp, resourcePreEvent: { metadata: metadata(...args) } });
        };
        assert.equal(progressLine("update", log, undefined, 100), "update: 0 resources");
        begin(100, "create", "spywatcher:app:Application", "app", false);
        begin(100, "same", "kubernetes:core/v1:Namespace", "namespace");
        begin(101, "create", "aws:rds/instance:Instance", "data-postgres");
        begin(102, "create", "kubernetes:core/v1:Service", "service");
        log.onEvent({
            sequence: 0,
            timestamp: 103,
            resOutputsEvent: { metadata: metadata("same", "kubernetes:core/v1:Namespace", "namespace") },
        });
        assert.equal(
            progressLine("update", log, 12, 413),
            "update: 1 of 12 resources, 3 changes begun; longest: aws:rds/instance:Instance data-postgres, 5 min 12 s",
        );
    });
});

describe("a duration", () => {
    it("is seconds, minutes or hours", () => {
        assert.deepEqual(["90s", "45m", "2h", "0s"].map(parseDuration), [90, 2700, 7200, 0]);
        for (const text of ["45", "m", "1.5h", "-1s", "5d", "1h30m", ""]) {
            assert.throws(() => parseDuration(text), /It is a duration such as 90s, 45m or 2h\./, text);
        }
    });

    it("is written with its two largest units", () => {
        assert.deepEqual([0, 0.4, 45, 60, 125, 3600, 3850].map(formatDuration), [
            "0 s",
            "0 s",
            "45 s",
            "1 min",
            "2 min 5 s",
            "1 h",
            "1 h 4 min",
        ]);
    });
});
