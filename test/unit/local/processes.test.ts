import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

import { choosePorts, isFree } from "../../../local/ports.ts";
import {
    type ProcessRecord,
    isRunning,
    logTail,
    startProcess,
    stopProcess,
} from "../../../local/processes.ts";
import { eventually, exists, inTemporaryFolder, writeScript } from "./support.ts";

async function startScript(folder: string, lines: readonly string[]): Promise<ProcessRecord> {
    await writeScript(folder, "script", lines);
    return startProcess({
        program: join(folder, "script"),
        args: ["one", "two"],
        log: join(folder, "log"),
        folder,
    });
}

describe("local/processes", () => {
    it("starts a process with a log of its own and ends it with SIGTERM", () =>
        inTemporaryFolder(async (folder) => {
            const record = await startScript(folder, [
                'trap "echo bye; exit 0" TERM',
                'echo "$@"',
                "sleep 300 & wait",
            ]);
            await eventually("the process prints", async () => (await logTail(record.log)) === "one two");
            assert.equal(await isRunning(record), true);
            await stopProcess(record);
            assert.equal(await isRunning(record), false);
            assert.equal(await readFile(record.log, "utf8"), "one two\nbye\n");
        }));

    it("kills a process that does not heed SIGTERM", () =>
        inTemporaryFolder(async (folder) => {
            const record = await startScript(folder, [
                'trap "" TERM',
                "echo up",
                "while true; do sleep 0.1; done",
            ]);
            await eventually("the process prints", async () => (await logTail(record.log)) === "up");
            await stopProcess(record, 100);
            assert.equal(await isRunning(record), false);
        }));

    it("leaves a process alone that has the id of an ended one", () =>
        inTemporaryFolder(async (folder) => {
            const record = await startScript(folder, ["sleep 300 & wait"]);
            const former = { ...record, started: `${record.started}0` };
            assert.equal(await isRunning(former), false);
            await stopProcess(former);
            assert.equal(exists(record.pid), true);
            await stopProcess(record);
        }));

    it("says which program cannot be started", () =>
        inTemporaryFolder(async (folder) => {
            const program = join(folder, "missing");
            await assert.rejects(startProcess({ program, args: [], log: join(folder, "log"), folder }), {
                name: "LocalClusterError",
                message: `${program} could not be started: spawn ${program} ENOENT`,
            });
        }));
});

describe("local/ports", () => {
    it("keeps remembered ports that are free and replaces one that is busy", async () => {
        const first = await choosePorts(["a", "b"]);
        assert.deepEqual(await choosePorts(["a", "b"], first), first);
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(first.a, "127.0.0.1", resolve));
        try {
            assert.equal(await isFree(first.a), false);
            const second = await choosePorts(["a", "b"], first);
            assert.notEqual(second.a, first.a);
            assert.equal(second.b, first.b);
        } finally {
            await new Promise((resolve) => server.close(resolve));
        }
    });
});
