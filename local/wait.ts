import { setTimeout as sleep } from "node:timers/promises";

import { LocalClusterError } from "./errors.ts";

/** How long to wait, and what ends the wait early. */
export interface WaitOptions {
    /** What is waited for, as in "<what> was not ready after 60 s". */
    readonly what: string;
    /** Seconds after which the wait fails. */
    readonly seconds: number;
    readonly signal?: AbortSignal | undefined;
    /** Called before each look; what it throws ends the wait. */
    readonly guard?: () => Promise<void>;
    /** Added to the message when time is up. */
    readonly hint?: string;
}

/** Looks again and again until `check` gives a value. */
export async function waitFor<T>(check: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
    const deadline = Date.now() + options.seconds * 1000;
    for (let pause = 25; ; pause = Math.min(pause * 1.3, 250)) {
        options.signal?.throwIfAborted();
        await options.guard?.();
        const value = await check();
        if (value !== undefined) {
            return value;
        }
        if (Date.now() > deadline) {
            const hint = options.hint === undefined ? "" : ` ${options.hint}`;
            throw new LocalClusterError(`${options.what} was not ready after ${options.seconds} s.${hint}`);
        }
        await sleep(pause, undefined, options.signal ? { signal: options.signal } : {});
    }
}
