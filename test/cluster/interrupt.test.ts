import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ops, startOps } from "../support/command.ts";
import { poll } from "../support/poll.ts";
import { processesWith } from "../support/processes.ts";

describe("Ctrl-C during local up", () => {
    const homes: string[] = [];

    function newHome(): string {
        const home = mkdtempSync(join(tmpdir(), "spywatcher-interrupt-"));
        homes.push(home);
        return home;
    }

    /** Presses Ctrl-C, which signals the whole process group, as soon as the output shows a text. */
    async function interruptAt(text: string, home: string): Promise<{ code: number | null; output: string }> {
        const command = startOps(["local", "up"], { env: { HOME: home }, detached: true });
        await poll(`"${text}" in the output`, 120, () => command.output().includes(text) || undefined);
        process.kill(-(command.child.pid ?? 0), "SIGINT");
        const { code } = await command.result;
        return { code, output: command.output() };
    }

    after(async () => {
        for (const home of homes) {
            await ops(["local", "down", "--delete"], { env: { HOME: home } });
            rmSync(home, { recursive: true });
        }
    });

    it("while the cluster starts leaves no process", async () => {
        const home = newHome();
        const { code, output } = await interruptAt("starting the API server", home);
        assert.equal(code, 130, output);
        assert.match(output, /Interrupted/);
        assert.deepEqual(processesWith(home), []);
    });

    it("while the engine works leaves no process, no lock and no pending operation, and up goes on later", async () => {
        const home = newHome();
        const { code, output } = await interruptAt("created kubernetes:core/v1:Namespace", home);
        assert.equal(code, 130, output);
        assert.match(output, /the engine has stopped the update cleanly/);
        assert.deepEqual(processesWith(home), []);

        const state = join(home, ".spywatcher/local/pulumi/.pulumi");
        const { checkpoint } = JSON.parse(
            readFileSync(join(state, "stacks/spywatcher/local.json"), "utf8"),
        ) as {
            checkpoint: { latest: { pending_operations?: unknown[]; resources: unknown[] } };
        };
        assert.deepEqual(checkpoint.latest.pending_operations ?? [], []);
        assert.ok(checkpoint.latest.resources.length > 1);
        const locks = await readdir(join(state, "locks"), { recursive: true, withFileTypes: true }).catch(
            () => [],
        );
        assert.deepEqual(
            locks.filter((entry) => entry.isFile()).map(({ name }) => name),
            [],
        );

        const again = await ops(["local", "up"], { env: { HOME: home } });
        assert.equal(again.code, 0, again.stdout + again.stderr);
    });
});
