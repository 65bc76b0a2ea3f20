/** A problem that a person can solve: the message says what happened and what to do about it. */
export class LocalClusterError extends Error {
    override readonly name = "LocalClusterError";
}

/** The `code` of a Node.js system error such as "ENOENT", or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
    if (error instanceof Error && "code" in error && typeof error.code === "string") {
        return error.code;
    }
    return undefined;
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
