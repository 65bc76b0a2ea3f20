/** Exit codes of the command line. */
export const exitCodes = {
    ok: 0,
    failed: 1,
    /** There are changes, and the option that asks for this code was given. */
    changes: 2,
    /** The stack file or an option is wrong; nothing was changed. */
    badConfig: 4,
    /** GitHub did not take a comment. */
    notPosted: 5,
    /** Ended by Ctrl-C. */
    interrupted: 130,
} as const;
