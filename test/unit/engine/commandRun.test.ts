import assert from "node:assert/strict";

import * as automationErrors from "@pulumi/pulumi/automation/errors.js";

import { CommandRun } from "../../../ops/engine/commandRun.ts";
import { operationFailure } from "../../../ops/engine/failures.ts";
import type { EngineOptions } from "../../../ops/engine/options.ts";
import { explain, OperationError } from "../../../ops/errors.ts";
import { exitCodes } from "../../../ops/exitCodes.ts";
import { captured } from "../../support/inProcess.ts";

const { createCommandError } = automationErrors as unknown as {
    createCommandError: (result: { stdout: string; stderr: string; code: number }) => Error;
};

/** Obviously fake, and shaped as real ones are. */
const canary = `ghp_${"NotARealToken".repeat(3)}`;
const backend = `https://ann:${canary}@state.example.com`;

const result = {
    changes: { update: 1, same: 3 },
    seconds: 12,
    outputs: { namespace: "spywatcher", note: `token ${canary}`, adminPassword: "not-a-real-password" },
    steps: [],
    slowest: [],
    resources: 4,
};

describe("what a command prints", () => {
    /** Runs a command to its end, as `run` does. */
    const printed = (options: EngineOptions, body: (run: CommandRun) => object) =>
        captured(async () => {
            const run = new CommandRun("up", "prod", options, new AbortController().signal);
            try {
                await run.conclude(() => Promise.resolve().then(() => body(run)));
            } catch (error) {
                process.stderr.write(`${explain(error).message}\n`);
            }
        });
    const summarised = (run: CommandRun) => {
        run.summarise(result);
        return result;
    };
    const failing = (): never => {
        const stderr = `error: could not open ${backend}`;
        throw operationFailure("update", createCommandError({ stdout: "", stderr, code: 255 }));
    };

    it("shows no secret among the outputs, to people", async () => {
        const { stdout, stderr } = await printed({}, summarised);
        assert.equal(
            stdout,
            [
                "1 changes: 1 updated, 3 unchanged in 12 s",
                "namespace: spywatcher",
                "note: token [secret]",
                'adminPassword: "[secret]"',
                "",
            ].join("\n"),
        );
        assert.equal(stderr, "");
    });

    it("shows no secret among the outputs, as JSON", async () => {
        const { stdout, stderr } = await printed({ json: true }, summarised);
        assert.deepEqual(JSON.parse(stdout), {
            ...{ command: "up", stack: "prod", result: "succeeded", exitCode: exitCodes.ok },
            ...result,
            outputs: { namespace: "spywatcher", note: "token [secret]", adminPassword: "[secret]" },
        });
        assert.equal(stderr.includes(canary), false);
    });

    it("keeps dates as they are", async () => {
        const began = new Date(Date.UTC(2026, 10, 28));
        const { stdout } = await printed({ json: true }, () => ({ began }));
        assert.equal((JSON.parse(stdout) as { began: string }).began, "2026-11-28T00:00:00.000Z");
    });

    it("shows no secret of the CLI's own text when nothing else tells why it failed", async () => {
        const expected = "The update failed.\n  error: could not open https://ann:[secret]@state.example.com";
        assert.deepEqual(await printed({}, failing), { stdout: "", stderr: `${expected}\n` });
        const { stdout, stderr } = await printed({ json: true }, failing);
        assert.deepEqual(JSON.parse(stdout), {
            ...{ command: "up", stack: "prod", result: "failed", exitCode: exitCodes.failed },
            message: expected,
        });
        assert.equal(stderr, `${expected}\n`);
    });

    it("shows no secret of an address in a message of ours, nor in a line", async () => {
        const { stdout, stderr } = await printed({}, (run) => {
            run.report(`warning: ${backend}`);
            throw new OperationError(`There is no stack prod in ${backend}.`, exitCodes.noStack);
        });
        assert.equal(stdout, "warning: https://ann:[secret]@state.example.com\n");
        assert.equal(stderr, "There is no stack prod in https://ann:[secret]@state.example.com.\n");
    });
});
