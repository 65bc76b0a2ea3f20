import { setTimeout as sleep } from "node:timers/promises";

import { ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";

import { formatDuration } from "../duration.ts";
import { lockLines } from "./failures.ts";

export interface LockWaitOptions {
    /** Seconds to wait for whoever holds the lock. 0: not at all. */
    seconds: number;
    report: (line: string) => void;
    signal: AbortSignal;
    /** Milliseconds before the second attempt; each further pause is twice as long. Default: 1000. */
    firstPauseMs?: number;
}

/** The longest pause between two attempts, in milliseconds. */
const longestPauseMs = 15_000;

/**
 * Runs an operation, and again while another one holds the stack's lock, with growing pauses. The engine takes the lock
 * before anything else, so what was refused has done nothing. A lock is never taken away. Throws what the last attempt did.
 */
export async function withLockWait<Result>(
    run: () => Promise<Result>,
    { seconds, report, signal, firstPauseMs = 1000 }: LockWaitOptions,
): Promise<Result> {
    const deadline = Date.now() + seconds * 1000;
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
        try {
            return await run();
        } catch (error) {
            const left = deadline - Date.now();
            if (!(error instanceof ConcurrentUpdateError) || left <= 0) throw error;
            const holder = lockLines(error)[0] ?? "another operation";
            report(`waiting up to ${formatDuration(left / 1000)} for the lock of ${holder}`);
            await sleep(Math.min(pause, left), undefined, { signal }).catch((reason: unknown) => {
                throw signal.aborted ? signal.reason : reason;
            });
        }
    }
}
