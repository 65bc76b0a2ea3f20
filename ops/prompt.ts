import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

import { InterruptedError } from "./errors.ts";

/** Where a question is asked. Default: the terminal, by standard error. */
export interface PromptStreams {
    input: Readable;
    output: Writable;
}

/**
 * Asks a question and gives the answer without blanks around it. Throws an InterruptedError on Ctrl-C, on the signal, and
 * when the input ends; `unchanged` is its message.
 */
export async function prompt(
    question: string,
    unchanged: string,
    signal: AbortSignal,
    { input, output }: PromptStreams = { input: process.stdin, output: process.stderr },
): Promise<string> {
    const terminal = createInterface({ input, output });
    const ended = new AbortController();
    terminal.once("close", () => {
        ended.abort();
    });
    try {
        const answer = await terminal.question(question, { signal: AbortSignal.any([signal, ended.signal]) });
        return answer.trim();
    } catch (error) {
        if ((error as Error).name !== "AbortError") throw error;
        output.write("\n");
        throw new InterruptedError(unchanged);
    } finally {
        terminal.close();
    }
}
