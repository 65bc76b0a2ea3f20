import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { start, remove } from "../../local/cluster.ts";
import { cacheFolder, clusterFolder } from "../../local/paths.ts";

let isStarted = false;

/** The embedded cluster of these tests has a home folder of its own, so that it never meets the user's. */
export async function mochaGlobalSetup(): Promise<void> {
    process.env["SPYWATCHER_CACHE"] = cacheFolder();
    process.env["HOME"] = mkdtempSync(join(tmpdir(), "spywatcher-cluster-test-"));
    const report = ({ program, state }: { program: string; state: string }): void => {
        if (state !== "cached") console.log(`${state} ${program}`);
    };
    const interruption = new AbortController();
    process.once("SIGINT", () => {
        interruption.abort(new Error("interrupted"));
        // Mocha would end at once, without its hooks.
        if (isStarted) void mochaGlobalTeardown().finally(() => process.exit(130));
    });
    const { seconds, server } = await start({}, { report, signal: interruption.signal });
    isStarted = true;
    console.log(`embedded cluster at ${server ?? ""} in ${seconds.toFixed(1)} s, in ${clusterFolder()}`);
}

export async function mochaGlobalTeardown(): Promise<void> {
    await remove();
    rmSync(process.env["HOME"] ?? "", { recursive: true, force: true });
}
