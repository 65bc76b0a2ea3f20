import { setTimeout as sleep } from "node:timers/promises";

import { OperationError } from "../errors.ts";
import { missing, type NamespaceStatus } from "./readStatus.ts";

export interface WaitArgs {
    read: () => Promise<NamespaceStatus>;
    /** Seconds after which the wait fails. */
    seconds: number;
    /** Told what is still missing whenever that changes. */
    report: (text: string) => void;
    signal: AbortSignal;
}

/** Waits until every pod is ready and every HPA metric is known. Throws an OperationError that names what is missing. */
export async function waitUntilReady({ read, seconds, report, signal }: WaitArgs): Promise<NamespaceStatus> {
    const deadline = Date.now() + seconds * 1000;
    let reported = "";
    for (;;) {
        const status = await read();
        const waits = missing(status);
        if (waits.length === 0) return status;
        const text = waits.length === 1 ? waits.join() : `${waits[0] ?? ""}; and ${waits.length - 1} more`;
        if (text !== reported) report(text);
        reported = text;
        if (Date.now() > deadline) {
            throw new OperationError(
                `Not ready after ${seconds} s:\n${waits.map((line) => `  ${line}`).join("\n")}`,
            );
        }
        await sleep(500, undefined, { signal });
    }
}
