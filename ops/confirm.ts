import { createInterface } from "node:readline/promises";

import { OperationError } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";

/** Asks for a yes. Throws an OperationError without a terminal to ask on, or on any other answer. */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
    if (!process.stdin.isTTY) {
        throw new OperationError(`${question} There is no terminal to ask on: add --yes.`, exitCodes.refused);
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
        const answer = await terminal.question(`${question} Type yes to go on: `, { signal });
        if (answer.trim() !== "yes") throw new OperationError("Nothing was changed.", exitCodes.refused);
    } finally {
        terminal.close();
    }
}
