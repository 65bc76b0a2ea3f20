import assert from "node:assert/strict";

import { ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";
import * as automationErrors from "@pulumi/pulumi/automation/errors.js";

import { withLockWait } from "../../../ops/engine/lockWait.ts";

const { createCommandError } = automationErrors as unknown as {
    createCommandError: (result: { stdout: string; stderr: string; code: number }) => Error;
};

const locked = createCommandError({
    code: 255,
    stdout: "",
    stderr: "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/organization/spywatcher/dev/1.json: created by ann@host (pid 7) at 2026-01-02T03:04:05Z\n",
});
const conflict = createCommandError({
    code: 255,
    stdout: "",
    stderr: "error: [409] Conflict: Another update is currently in progress.",
});

describe("waiting for a stack's lock", () => {
    const lines: string[] = [];
    beforeEach(() => lines.splice(0));

    const wait = async (
        outcomes: (Error | string)[],
        seconds: number,
        signal = new AbortController().signal,
    ) => {
        let calls = 0;
        const run = (): Promise<string> => {
            const outcome = outcomes[Math.min(calls++, outcomes.length - 1)] ?? "";
            return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
        };
        const options = { seconds, signal, report: (line: string) => lines.push(line), firstPauseMs: 1 };
        const result = await withLockWait(run, options).catch((error: unknown) => error);
        return { result, calls };
    };

    it("goes on when both kinds of backend give the lock free, telling for whom it waits", async () => {
        assert.ok(locked instanceof ConcurrentUpdateError);
        assert.ok(conflict instanceof ConcurrentUpdateError);
        assert.deepEqual(await wait([locked, conflict, "done"], 60), { result: "done", calls: 3 });
        assert.deepEqual(lines, [
            "waiting up to 1 min for the lock of file:///state/.pulumi/locks/organization/spywatcher/dev/1.json: created by ann@host (pid 7) at 2026-01-02T03:04:05Z",
            "waiting up to 1 min for the lock of another operation",
        ]);
    });

    it("does not wait when it is not asked to", async () => {
        assert.deepEqual(await wait([locked], 0), { result: locked, calls: 1 });
        assert.deepEqual(lines, []);
    });

    it("gives up when the time is over", async () => {
        const { result, calls } = await wait([locked], 0.05);
        assert.equal(result, locked);
        assert.ok(calls > 2, `${calls} attempts`);
    });

    it("does not repeat what failed otherwise", async () => {
        const failure = new Error("no");
        assert.deepEqual(await wait([failure], 60), { result: failure, calls: 1 });
    });

    it("ends when it is interrupted", async () => {
        const reason = new Error("interrupted");
        assert.deepEqual(await wait([locked], 60, AbortSignal.abort(reason)), { result: reason, calls: 1 });
    });
});
