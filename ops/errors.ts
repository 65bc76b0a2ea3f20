import { LocalClusterError } from "../local/errors.ts";
import { KubeconfigError } from "../stacks/kubeconfig.ts";
import { ConfigError } from "../stacks/problems.ts";
import { maskCredentials } from "./changes/mask.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { StackFileError } from "./stackFile.ts";

/** Something went wrong that a person can mend; the message says what happened and what to do. */
export class OperationError extends Error {
    override readonly name = "OperationError";
    readonly exitCode: ExitCode;

    constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
        super(message);
        this.exitCode = exitCode;
    }
}

/** `usage`: nobody was asked. `forbidden`: the token may not. `refused`: GitHub fails, or does not take it. */
type CommentFailure = "usage" | "forbidden" | "refused";

const commentCodes: Record<CommentFailure, ExitCode> = {
    usage: exitCodes.badConfig,
    forbidden: exitCodes.commentForbidden,
    refused: exitCodes.notPosted,
};

/** A comment cannot be posted: options or environment lack something, or GitHub refuses it. */
export class CommentError extends Error {
    override readonly name = "CommentError";
    readonly reason: CommentFailure;

    constructor(message: string, reason: CommentFailure) {
        super(message);
        this.reason = reason;
    }
}

/** There is no such revision, or it cannot be compared with; the message says what to do. */
export class RevisionError extends Error {
    override readonly name = "RevisionError";
}

/** An option or environment variable is wrong; nothing was done. */
export class OptionError extends Error {
    override readonly name = "OptionError";
}

/** Ended by Ctrl-C or SIGTERM. */
export class InterruptedError extends Error {
    override readonly name = "InterruptedError";

    constructor(message = "Interrupted.") {
        super(message);
    }
}

const badConfigErrors = [ConfigError, StackFileError, KubeconfigError, OptionError, RevisionError];

function exitCodeOf(error: unknown): ExitCode {
    if (error instanceof InterruptedError) return exitCodes.interrupted;
    if (error instanceof OperationError) return error.exitCode;
    if (error instanceof CommentError) return commentCodes[error.reason];
    return badConfigErrors.some((each) => error instanceof each) ? exitCodes.badConfig : exitCodes.failed;
}

/**
 * What people see of an error, and the exit code it gives. A stack trace only where the fault is ours; nothing that has the
 * shape of a credential.
 */
export function explain(error: unknown): { message: string; exitCode: ExitCode } {
    const expected =
        error instanceof OperationError ||
        error instanceof LocalClusterError ||
        exitCodeOf(error) !== exitCodes.failed;
    const message =
        error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    return { message: maskCredentials(message), exitCode: exitCodeOf(error) };
}
