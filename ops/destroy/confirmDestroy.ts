import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { prompt } from "../prompt.ts";

export interface ConfirmDestroyArgs {
    stack: string;
    /** `--yes` alone does not do: the stack's name is asked for. */
    guarded: boolean;
    /** `--yes`. */
    yes: boolean;
    /** `--confirm`. */
    confirmed?: string;
}

function refusal(message: string): OperationError {
    return new OperationError(message, exitCodes.refused);
}

/**
 * Lets a destroy go on when its stack was named, by `--confirm` or at the terminal, or for a stack without protection by
 * `--yes`. Throws an OperationError otherwise, and an InterruptedError on Ctrl-C.
 */
export async function confirmDestroy(args: ConfirmDestroyArgs, signal: AbortSignal): Promise<void> {
    const { stack, guarded, yes, confirmed } = args;
    if (confirmed !== undefined && confirmed !== stack) {
        throw refusal(`Nothing was deleted: --confirm names ${confirmed}, but the stack is ${stack}.`);
    }
    if (guarded ? confirmed === stack : yes || confirmed === stack) return;
    if (!process.stdin.isTTY) {
        throw refusal(
            guarded
                ? `Nothing was deleted: ${stack} is protected, and there is no terminal to ask on. Add --confirm ${stack}${yes ? "; --yes does not do for it" : ""}.`
                : `Nothing was deleted: there is no terminal to ask on. Add --yes.`,
        );
    }
    const undeleted = "Nothing was deleted.";
    const answer = await prompt(`Type ${stack} to delete all of this: `, undeleted, signal);
    if (answer !== stack) throw refusal(undeleted);
}
