import { readFile, rename, writeFile } from "node:fs/promises";

import type { ClusterPorts, Component } from "./controlPlane.ts";
import { errorCode } from "./errors.ts";
import type { ClusterSettings } from "./options.ts";
import type { ProcessRecord } from "./processes.ts";

/** A component's process, and a digest of the command and configuration that it was started with. */
export interface ComponentRecord extends ProcessRecord {
    readonly command: string;
}

/** What is remembered of a cluster between two commands. */
export interface ClusterState {
    readonly version: 1;
    readonly settings: ClusterSettings;
    readonly ports: ClusterPorts;
    readonly components: Readonly<Partial<Record<Component, ComponentRecord>>>;
    /** True once a start with these settings ended well. */
    readonly ready: boolean;
}

/** Reads a state file; undefined when there is none, or none that this version can read. */
export async function readState(path: string): Promise<ClusterState | undefined> {
    try {
        const state: unknown = JSON.parse(await readFile(path, "utf8"));
        return typeof state === "object" && state !== null && "version" in state && state.version === 1
            ? (state as ClusterState)
            : undefined;
    } catch (error) {
        if (errorCode(error) === "ENOENT" || error instanceof SyntaxError) {
            return undefined;
        }
        throw error;
    }
}

/** Writes a state file in one step, so that a crash leaves the former one. */
export async function writeState(path: string, state: ClusterState): Promise<void> {
    await writeFile(`${path}.new`, `${JSON.stringify(state, undefined, 4)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
}
