import { CommandError, ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";

import { OperationError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { rolloutAdvice } from "./rolloutAdvice.ts";

interface KnownFailure {
    /** In what the CLI or a provider says. */
    pattern: RegExp;
    exitCode: ExitCode;
    /** What a person does about it. */
    remedy: string;
}

/** Failures that a person can mend outside the program. The texts are those of Pulumi's and the AWS provider's source. */
const known: readonly KnownFailure[] = [
    {
        pattern: /incorrect passphrase/,
        exitCode: exitCodes.wrongPassphrase,
        remedy: "PULUMI_CONFIG_PASSPHRASE is not the passphrase that the stack's secrets are encrypted with.",
    },
    {
        pattern: /passphrase must be set with PULUMI_CONFIG_PASSPHRASE/,
        exitCode: exitCodes.wrongPassphrase,
        remedy: "The stack's secrets are encrypted with a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    },
    {
        pattern:
            /operation error KMS: (?:De|En)crypt\b.*(?:AccessDenied|Disabled|InvalidState|NotFound|InvalidCiphertext|IncorrectKey)/,
        exitCode: exitCodes.wrongPassphrase,
        remedy: "The stack's secrets are encrypted with a key of KMS that these credentials may not use, or that is not there: look at AWS_PROFILE, at the rights of its role, and at secretsprovider in the stack file.",
    },
    {
        pattern:
            /PULUMI_ACCESS_TOKEN must be set|invalid access token|Unauthorized: No credentials provided|\[401\]/,
        exitCode: exitCodes.notLoggedIn,
        remedy: "Nobody is logged in to the backend that keeps the state: set PULUMI_BACKEND_URL to its address (as in s3://bucket), or PULUMI_ACCESS_TOKEN for Pulumi Cloud.",
    },
    {
        pattern: /allowedAccountIds|AWS account ID not allowed/i,
        exitCode: exitCodes.wrongAccount,
        remedy: "The credentials are of another account than spywatcher:aws.accountId. Set AWS_PROFILE to a profile of that account.",
    },
    {
        pattern: /ExpiredToken|security token included in the request is expired|Token has expired/,
        exitCode: exitCodes.expiredAwsCredentials,
        remedy: "The credentials of AWS have expired. Get new ones and run it again: it goes on where it ended.",
    },
    {
        pattern:
            /No valid credential sources found|no EC2 IMDS role found|NoCredentialProviders|failed to refresh cached credentials|InvalidClientTokenId|UnrecognizedClientException/,
        exitCode: exitCodes.noAwsCredentials,
        remedy: "There are no valid credentials of AWS: log in, set AWS_PROFILE, or use aws-actions/configure-aws-credentials.",
    },
    {
        pattern:
            /violates plan|is not allowed by the plan|expected resource operations for \S+ but none were seen/,
        exitCode: exitCodes.refused,
        remedy: "The plan allows something else than what would be done now: the program, the configuration or the stack has changed since the review. It is compared resource by resource, so what fitted before that is done. Preview again with --save-plan and have that one reviewed.",
    },
    {
        pattern: /no stack named '.*' found/,
        exitCode: exitCodes.noStack,
        remedy: "The backend has no such stack. Look at PULUMI_BACKEND_URL, or make it with `pulumi stack init`.",
    },
];

/** The part of the CLI's output that says what is wrong. */
export function errorText(error: CommandError): string {
    const { stderr } = (error as unknown as { commandResult: { stderr: string } }).commandResult;
    const text = stderr.trim();
    return text === "" ? error.message : text;
}

/** A line for each lock that the backend tells of: who holds it, and since when. */
export function lockLines(error: CommandError): string[] {
    return errorText(error)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /created by .* \(pid \d+\)/.test(line));
}

function locked(error: ConcurrentUpdateError): OperationError {
    const holders = lockLines(error).map((line) => `  ${line}`);
    return new OperationError(
        [
            "Another operation of this stack is running; nothing was changed. Wait for it, or pass --lock-timeout.",
            ...holders,
            "If it was killed, its lock stays: make sure that it runs no longer, then `npm run unlock -- <env>`.",
        ].join("\n"),
        exitCodes.locked,
    );
}

/** What the events of an operation that failed have told. */
export interface ToldByEvents {
    /** Messages of the engine and of providers. */
    errors: readonly string[];
    /** Mandatory policies that are violated, as `pack/policy: resource: message`. */
    violations: readonly string[];
}

/**
 * What people are told of an operation that failed, with the exit code of its cause. Other errors than the CLI's are
 * returned as they are.
 */
export function operationFailure(
    what: string,
    error: unknown,
    told: ToldByEvents = { errors: [], violations: [] },
): unknown {
    if (error instanceof ConcurrentUpdateError) return locked(error);
    if (!(error instanceof CommandError)) return error;
    if (told.violations.length > 0) {
        const lines = told.violations.map((line) => `  ${line}`);
        return new OperationError(
            [`The ${what} violates mandatory policies (${told.violations.length}).`, ...lines].join("\n"),
            exitCodes.policy,
        );
    }
    const said = told.errors.length > 0 ? told.errors : [errorText(error)];
    const text = said.join("\n");
    const cause = known.find(({ pattern }) => pattern.test(text));
    const lines = text.split("\n").map((line) => `  ${line}`);
    return new OperationError(
        [`The ${what} failed.${cause ? ` ${cause.remedy}` : ""}`, ...lines, ...rolloutAdvice(text)].join(
            "\n",
        ),
        cause?.exitCode,
    );
}
