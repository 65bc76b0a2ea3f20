/** Exit codes of the command line. */
export const exitCodes = {
    ok: 0,
    failed: 1,
    /** The stack file or an option is wrong; nothing was changed. */
    badConfig: 4,
    /** Ended by Ctrl-C. */
    interrupted: 130,
} as const;
