import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/** Whose credentials of AWS are at hand. */
export interface AwsIdentity {
    account: string;
    /** ARN of the user or of the assumed role. */
    arn: string;
}

/** Milliseconds in which AWS answers, tries included. */
const timeoutMs = 20_000;

function failure(error: unknown): OperationError {
    const { name, message } = error as Error;
    const said = `AWS says: ${name}: ${message}`;
    if (/CredentialsProviderError|TokenProviderError/.test(name)) {
        return new OperationError(
            `There are no credentials of AWS: log in (\`aws sso login\`), set AWS_PROFILE, or in a workflow use aws-actions/configure-aws-credentials. ${said}`,
            /expired/i.test(message) ? exitCodes.expiredAwsCredentials : exitCodes.noAwsCredentials,
        );
    }
    if (name.includes("Expired")) {
        return new OperationError(
            `The credentials of AWS have expired: get new ones (\`aws sso login\`). ${said}`,
            exitCodes.expiredAwsCredentials,
        );
    }
    if (/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AccessDenied/.test(name)) {
        return new OperationError(
            `AWS does not accept the credentials: they are wrong, or deleted. ${said}`,
            exitCodes.noAwsCredentials,
        );
    }
    return new OperationError(`AWS does not answer: look at the network, and at AWS_ENDPOINT_URL. ${said}`);
}

/** Asks AWS whose credentials the environment holds. Throws an OperationError with an exit code of its own. */
export async function awsIdentity(region: string, signal: AbortSignal): Promise<AwsIdentity> {
    const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
    const client = new STSClient({ region });
    try {
        const { Account: account = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}), {
            abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        return { account, arn };
    } catch (error) {
        signal.throwIfAborted();
        throw failure(error);
    } finally {
        client.destroy();
    }
}

function assertAwsCommand(): void {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
        try {
            accessSync(join(folder, "aws"), constants.X_OK);
            return;
        } catch {
            continue;
        }
    }
    // Found out by the engine, that would be after the minutes that a cluster takes.
    throw new OperationError(
        "There is no command `aws` on the PATH: the cluster's API server is reached with its tokens. Install the AWS CLI.",
    );
}

/**
 * Makes sure, before an engine is started, that there are credentials of the stack's account. Throws an OperationError
 * that names both accounts when they are of another one.
 */
export async function assertAccount(
    { accountId, region }: { accountId: string; region: string },
    signal: AbortSignal,
): Promise<AwsIdentity> {
    const identity = await awsIdentity(region, signal);
    if (identity.account !== accountId) {
        throw new OperationError(
            `The credentials are of account ${identity.account} (${identity.arn}), but spywatcher:aws.accountId is ${accountId}: nothing was changed. Set AWS_PROFILE to a profile of that account.`,
            exitCodes.wrongAccount,
        );
    }
    assertAwsCommand();
    return identity;
}
