import {
    CommandError,
    ConcurrentUpdateError,
    type EngineEvent,
    type Stack,
} from "@pulumi/pulumi/automation/index.js";

import { InterruptedError, OperationError } from "../errors.ts";
import { EventLog, type OperationSummary } from "./events.ts";

export interface OperationHooks {
    /** Told of every step in a line. */
    report: (line: string) => void;
    /** Lets the engine finish what it has begun and stop. */
    signal: AbortSignal;
}

export interface UpResult extends OperationSummary {
    /** What the stack outputs, with `[secret]` in the place of secrets. */
    outputs: Record<string, unknown>;
}

async function operate(
    what: string,
    hooks: OperationHooks,
    planned: boolean,
    run: (options: { onEvent: (event: EngineEvent) => void; signal: AbortSignal }) => Promise<unknown>,
): Promise<EventLog> {
    // The SDK ignores a signal that was aborted before the call.
    hooks.signal.throwIfAborted();
    const log = new EventLog(hooks.report, planned);
    try {
        await run({ onEvent: log.onEvent, signal: hooks.signal });
        return log;
    } catch (error) {
        if (hooks.signal.aborted) {
            throw new InterruptedError(
                `Interrupted: the engine has stopped the ${what} cleanly. Run it again to go on.`,
            );
        }
        if (error instanceof ConcurrentUpdateError) {
            throw new OperationError(
                `Another update of this stack is running. Wait for it; if it was killed, remove its lock with \`pulumi cancel\`.`,
            );
        }
        if (log.errors.length > 0)
            throw new OperationError(
                `The ${what} failed.\n${log.errors.map((line) => `  ${line}`).join("\n")}`,
            );
        if (error instanceof CommandError) throw new OperationError(`The ${what} failed.\n${error.message}`);
        throw error;
    }
}

/** Brings the stack to what the program says. */
export async function up(stack: Stack, hooks: OperationHooks): Promise<UpResult> {
    const { summary, outputs } = await operate("update", hooks, false, (options) => stack.up(options));
    return { ...summary, outputs };
}

/** What `up` would do. */
export async function preview(stack: Stack, hooks: OperationHooks): Promise<OperationSummary> {
    return (await operate("preview", hooks, true, (options) => stack.preview(options))).summary;
}

/** Deletes everything the stack holds, and then the stack. Deletes nothing when anything in it is protected. */
export async function destroy(stack: Stack, hooks: OperationHooks): Promise<OperationSummary> {
    // Without it the engine comes to a protected resource only after it has deleted all that stands on it.
    const quiet = { ...hooks, report: () => undefined };
    await operate("destroy", quiet, true, (options) => stack.previewDestroy(options));
    const { summary } = await operate("destroy", hooks, false, (options) => stack.destroy(options));
    return summary;
}
