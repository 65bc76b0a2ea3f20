import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import lockfile from "proper-lockfile";

import { errorCode } from "./errors.ts";

/** How to wait for a lock that somebody else holds. */
export interface LockOptions {
    /** Ends the wait with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
    /** Called once when the lock is held by another process. */
    readonly onWait?: () => void;
}

/**
 * Runs `work` while no other process holds the lock file `path`. The holder refreshes its lock; one that died
 * without releasing it blocks others for 15 seconds at most.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
    await mkdir(dirname(path), { recursive: true });
    let waiting = false;
    let release: (() => Promise<void>) | undefined;
    while (release === undefined) {
        options.signal?.throwIfAborted();
        try {
            release = await lockfile.lock(path, {
                lockfilePath: path,
                realpath: false,
                stale: 15_000,
                update: 5_000,
                // A machine that slept loses its lock; the work itself ends with a rename, so two at once do no harm.
                onCompromised: () => undefined,
            });
        } catch (error) {
            if (errorCode(error) !== "ELOCKED") {
                throw error;
            }
            if (!waiting) {
                waiting = true;
                options.onWait?.();
            }
            await sleep(200, undefined, options.signal ? { signal: options.signal } : {});
        }
    }
    try {
        return await work();
    } finally {
        await release().catch(() => undefined);
    }
}
