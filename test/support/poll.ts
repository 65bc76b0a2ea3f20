import { setTimeout as sleep } from "node:timers/promises";

/** Looks again and again until `check` gives a value; fails when that takes longer than `seconds`. */
export async function poll<T>(
    what: string,
    seconds: number,
    check: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const value = await check();
        if (value !== undefined) return value;
        if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
        await sleep(200);
    }
}
