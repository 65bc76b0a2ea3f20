import { OperationError } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";
import { prompt } from "./prompt.ts";

/**
 * Asks for a yes. Throws an OperationError without a terminal to ask on, or on any other answer, and an InterruptedError on
 * Ctrl-C.
 */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
    if (!process.stdin.isTTY) {
        throw new OperationError(`${question} There is no terminal to ask on: add --yes.`, exitCodes.refused);
    }
    const unchanged = "Nothing was changed.";
    const answer = await prompt(`${question} Type yes to go on: `, unchanged, signal);
    if (answer !== "yes") throw new OperationError(unchanged, exitCodes.refused);
}
