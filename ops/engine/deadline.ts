import { formatDuration } from "../duration.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/** When a command has to be done, with everything that it does: `--timeout`. */
export interface Deadline {
    /** Aborted when the time is over. */
    signal: AbortSignal;
    /** How long the whole command may take. */
    seconds: number;
}

/** The deadline of a command that begins now. */
export function deadlineIn(seconds: number): Deadline {
    return { signal: AbortSignal.timeout(seconds * 1000), seconds };
}

/** Aborted by what interrupts a command, and when its time is over. */
export function stopOf(signal: AbortSignal, deadline: Deadline | undefined): AbortSignal {
    return deadline ? AbortSignal.any([signal, deadline.signal]) : signal;
}

/** Says that the time was over before a step began, and how to go on. */
export function overBefore({ seconds }: Deadline, step: string, goOn: string): OperationError {
    return new OperationError(
        `The command's ${formatDuration(seconds)} were over before ${step}. ${goOn}`,
        exitCodes.timedOut,
    );
}
