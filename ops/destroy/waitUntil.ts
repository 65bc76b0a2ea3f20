import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two looks. */
const intervalMs = 1000;

/** Looks until `isSo`, for at most `seconds`. Returns whether it came true. Throws the signal's reason when it is aborted. */
export async function waitUntil(
    isSo: () => Promise<boolean>,
    { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        signal.throwIfAborted();
        if (await isSo()) return true;
        if (Date.now() >= deadline) return false;
        await sleep(intervalMs, undefined, { signal }).catch(() => {
            signal.throwIfAborted();
        });
    }
}
