import assert from "node:assert/strict";

import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import * as automationErrors from "@pulumi/pulumi/automation/errors.js";

import { CommandRun } from "../../../ops/engine/commandRun.ts";
import { type OperationHooks, preview, up } from "../../../ops/engine/operations.ts";
import type { EngineOptions } from "../../../ops/engine/options.ts";
import { InterruptedError, OperationError } from "../../../ops/errors.ts";
import { exitCodes } from "../../../ops/exitCodes.ts";
import { captured } from "../../support/inProcess.ts";

const { createCommandError } = automationErrors as unknown as {
    createCommandError: (result: { stdout: string; stderr: string; code: number }) => Error;
};
const failure = createCommandError({ code: 255, stdout: "", stderr: "error: update failed" });
const locked = createCommandError({
    code: 255,
    stdout: "",
    stderr: "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
});

const type = "aws:rds/instance:Instance";
const urn = `urn:pulumi:prod::spywatcher::${type}::postgres`;
const state = { type, urn, custom: true, id: "", parent: "", inputs: {}, outputs: {}, provider: "" };
const metadata = { op: "create", urn, type, provider: "", new: state } as const;

/** What the engine tells of an update that makes a database in 5 s and then fails, or is stopped. */
const events: EngineEvent[] = [
    { sequence: 0, timestamp: 10, resourcePreEvent: { metadata } },
    { sequence: 1, timestamp: 15, resOutputsEvent: { metadata } },
    {
        ...{ sequence: 2, timestamp: 16 },
        diagnosticEvent: { severity: "error", message: "postgres: canceled\nfor good", color: "" },
    },
    {
        ...{ sequence: 3, timestamp: 16 },
        summaryEvent: {
            maybeCorrupt: false,
            durationSeconds: 6,
            resourceChanges: { create: 1, same: 2 },
            policyPacks: {},
        },
    },
];

interface SdkOptions {
    onEvent: (event: EngineEvent) => void;
    signal: AbortSignal;
}

/** An engine that fails with an error, or is at work until it is stopped. */
function engine(error?: Error): Stack {
    const run = ({ onEvent, signal }: SdkOptions): Promise<never> =>
        new Promise((_done, refuse) => {
            if (error !== locked) events.forEach(onEvent);
            if (error) refuse(error);
            // The time of a deadline does not keep a process alive; a real engine does.
            const alive = setInterval(() => undefined, 1000);
            signal.addEventListener("abort", () => {
                clearInterval(alive);
                refuse(failure);
            });
            if (error) clearInterval(alive);
        });
    return { up: run, preview: run } as unknown as Stack;
}

function hooks(options: EngineOptions, signal = new AbortController().signal): OperationHooks {
    return new CommandRun("up", "prod", options, signal).hooks(() => undefined);
}

async function refusal(operation: Promise<unknown>): Promise<{ message: string; exitCode?: number }> {
    const error: unknown = await operation.then(
        () => assert.fail("it succeeded"),
        (reason: unknown) => reason,
    );
    assert.ok(error instanceof OperationError || error instanceof InterruptedError, String(error));
    return {
        message: error.message,
        ...(error instanceof OperationError && { exitCode: error.exitCode }),
    };
}

describe("an operation that does not come to its end", () => {
    it("is stopped when the command's time is over, and tells what the engine said", async () => {
        assert.deepEqual(await refusal(up(engine(), hooks({ timeout: 0.05 }))), {
            message:
                "The update took longer than the command's 0 s: the engine has stopped the update cleanly. Run it again to go on.\n  postgres: canceled\n  for good",
            exitCode: exitCodes.timedOut,
        });
    });

    it("has no time of its own: what a command did before counts", async () => {
        const shared = hooks({ timeout: 0.05 });
        assert.match((await refusal(preview(engine(), shared))).message, /^The preview took longer/);
        assert.deepEqual(await refusal(up(engine(), shared)), {
            message: "The command's 0 s were over before the update began. Run it again to go on.",
            exitCode: exitCodes.timedOut,
        });
    });

    it("has not begun while it waited for another one", async () => {
        const waiting = up(engine(locked), hooks({ timeout: 0.05 }), { lockTimeoutSeconds: 60 });
        assert.deepEqual(await refusal(waiting), {
            message:
                "That took longer than the command's 0 s: it waited for another operation of the stack to end, and the update has not begun. Run it again to go on.",
            exitCode: exitCodes.timedOut,
        });
    });

    it("tells after Ctrl-C what the engine said, too", async () => {
        const controller = new AbortController();
        const running = refusal(up(engine(), hooks({}, controller.signal)));
        controller.abort();
        assert.deepEqual(await running, {
            message:
                "Interrupted: the engine has stopped the update cleanly. Run it again to go on.\n  postgres: canceled\n  for good",
        });
    });
});

describe("a command whose operation fails", () => {
    const printed = (options: EngineOptions, operation: typeof up) =>
        captured(async () => {
            const run = new CommandRun("up", "prod", options, new AbortController().signal);
            await run
                .conclude(() =>
                    operation(
                        engine(failure),
                        run.hooks(() => undefined),
                    ),
                )
                .catch(() => undefined);
        });

    it("tells all the same what was done, and how long it took", async () => {
        assert.deepEqual(await printed({}, up), {
            stdout: `1 changes: 1 created, 2 unchanged in 6 s\nSlowest:\n  5 s  ${type} postgres\n`,
            stderr: "",
        });
        assert.equal((await printed({}, preview)).stdout, "1 changes: 1 to create, 2 unchanged in 6 s\n");
    });

    it("tells it as JSON", async () => {
        const { stdout } = await printed({ json: true }, up);
        assert.deepEqual(JSON.parse(stdout), {
            ...{ command: "up", stack: "prod", result: "failed", exitCode: exitCodes.failed },
            message: "The update failed.\n  postgres: canceled\n  for good",
            changes: { create: 1, same: 2 },
            seconds: 6,
            steps: [{ op: "create", urn, type, because: [] }],
            slowest: [{ urn, type, name: "postgres", op: "create", seconds: 5 }],
        });
    });

    it("tells as JSON that its file of events cannot be written", async () => {
        const { stdout } = await printed({ json: true, events: "/nowhere/events.jsonl" }, up);
        const { message, ...rest } = JSON.parse(stdout) as { message: string };
        assert.deepEqual(rest, {
            ...{ command: "up", stack: "prod", result: "failed", exitCode: exitCodes.badConfig },
        });
        assert.match(message, /^--events \/nowhere\/events\.jsonl cannot be written: ENOENT/);
    });
});
