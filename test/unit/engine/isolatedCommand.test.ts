import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { isolatedCommand } from "../../../ops/engine/isolatedCommand.ts";
import { up } from "../../../ops/engine/operations.ts";
import { InterruptedError } from "../../../ops/errors.ts";

/** Internal to the SDK. */
interface Runnable {
    run: (
        args: string[],
        folder: string,
        environment: Record<string, string>,
        onOutput?: () => void,
        onError?: () => void,
        signal?: AbortSignal,
    ) => Promise<{ code: number }>;
}

describe("the Pulumi CLI in a process group of its own", () => {
    let root: string;
    const marker = (): string => join(root, "started");

    before(() => {
        root = mkdtempSync(join(tmpdir(), "spywatcher-command-"));
        mkdirSync(join(root, "bin"));
        const script = `#!/bin/sh\nif [ "$1" = version ]; then echo v3.274.1; else echo "$@" > ${marker()}; fi\n`;
        writeFileSync(join(root, "bin", "pulumi"), script, { mode: 0o755 });
    });
    after(() => rmSync(root, { recursive: true }));
    afterEach(() => rmSync(marker(), { force: true }));

    it("runs", async () => {
        const command = (await isolatedCommand(root)) as unknown as Runnable;
        const { code } = await command.run(["up"], root, {});
        assert.equal(code, 0);
        assert.equal(existsSync(marker()), true);
    });

    it("is not started after Ctrl-C, of which it would not hear any more", async () => {
        const command = (await isolatedCommand(root)) as unknown as Runnable;
        const reason = new InterruptedError();
        const aborted = AbortSignal.abort(reason);
        const nothing = (): void => undefined;
        await assert.rejects(
            command.run(["up"], root, {}, nothing, nothing, aborted),
            (error) => error === reason,
        );
        assert.equal(existsSync(marker()), false);
    });
});

describe("an operation after Ctrl-C", () => {
    it("does not begin, and says how to go on", async () => {
        const stack = { up: () => assert.fail("it has begun") } as unknown as Stack;
        await assert.rejects(
            up(stack, { report: () => undefined, signal: AbortSignal.abort() }),
            new InterruptedError("Interrupted before the update began. Run it again to go on."),
        );
    });
});
