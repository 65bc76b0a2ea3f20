/** Exit codes of the command line. */
export const exitCodes = {
    ok: 0,
    failed: 1,
    /** There are changes, and the option or the command that asks for this code was given. */
    changesFound: 2,
    /** A mandatory policy is violated. */
    policy: 3,
    /** The stack file or an option is wrong; nothing was changed. */
    badConfig: 4,
    /** Another operation of the stack runs, or one that was killed has left its lock. */
    locked: 5,
    /**
     * The guard or a missing confirmation forbids it, and nothing was changed; or a reviewed plan does, which is compared
     * resource by resource, so that what fitted before is done.
     */
    refused: 6,
    /** No credentials for the backend that keeps the state. */
    notLoggedIn: 7,
    /** The stack's secrets cannot be decrypted. */
    wrongPassphrase: 8,
    /** The backend has no such stack. */
    noStack: 9,
    /** No fitting Pulumi CLI, and none can be built. */
    noEngine: 10,
    /** There are no credentials of AWS. */
    noAwsCredentials: 11,
    /** The credentials of AWS count no longer. */
    expiredAwsCredentials: 12,
    /** The credentials are of another account of AWS than the stack. */
    wrongAccount: 13,
    /** The time given by --timeout is over. */
    timedOut: 14,
    /** GitHub does not let this token comment. */
    commentForbidden: 15,
    /** GitHub did not take a comment. */
    notPosted: 16,
    /** Ended by Ctrl-C. */
    interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
