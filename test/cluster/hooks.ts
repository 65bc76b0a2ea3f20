import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { start, remove } from "../../local/cluster.ts";
import { cacheFolder, clusterFolder } from "../../local/paths.ts";

/** The embedded cluster of these tests has a home folder of its own, so that it never meets the user's. */
export async function mochaGlobalSetup(): Promise<void> {
    process.env["SPYWATCHER_CACHE"] = cacheFolder();
    process.env["HOME"] = mkdtempSync(join(tmpdir(), "spywatcher-cluster-test-"));
    const report = ({ program, state }: { program: string; state: string }): void => {
        if (state !== "cached") console.log(`${state} ${program}`);
    };
    const { seconds, server } = await start({}, { report });
    console.log(`embedded cluster at ${server ?? ""} in ${seconds.toFixed(1)} s, in ${clusterFolder()}`);
}

export async function mochaGlobalTeardown(): Promise<void> {
    await remove();
    rmSync(process.env["HOME"] ?? "", { recursive: true, force: true });
}
