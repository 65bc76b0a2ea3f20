import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `work` with a temporary folder that is gone afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "spywatcher-test-"));
    try {
        return await work(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** Puts an executable shell script into a folder. */
export async function writeScript(folder: string, name: string, lines: readonly string[]): Promise<void> {
    await writeFile(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
}

/** Waits until `check` holds; fails after ten seconds. */
export async function eventually(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await check())) {
        if (Date.now() > deadline) {
            throw new Error(`${what}: not so after 10 s`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** True while a process with this id exists and has not ended. */
export function exists(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
