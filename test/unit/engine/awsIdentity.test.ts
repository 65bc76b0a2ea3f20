import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertAccount } from "../../../ops/engine/awsIdentity.ts";
import { OperationError } from "../../../ops/errors.ts";
import { exitCodes } from "../../../ops/exitCodes.ts";

function failure(code: string, message: string): [status: number, body: string] {
    return [
        403,
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    ];
}

describe("whose credentials of AWS these are", () => {
    const account = "123456789012";
    const arn = `arn:aws:sts::${account}:assumed-role/deploy/ci`;
    let server: Server;
    let folder: string;
    let answer: [status: number, body: string];
    let environment: NodeJS.ProcessEnv;

    before(async () => {
        server = createServer((_request, response) => response.writeHead(answer[0]).end(answer[1]));
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        folder = mkdtempSync(join(tmpdir(), "spywatcher-aws-"));
        writeFileSync(join(folder, "aws"), "", { mode: 0o755 });
    });
    after(() => {
        server.close();
        rmSync(folder, { recursive: true });
    });
    beforeEach(() => {
        environment = { ...process.env };
        Object.assign(process.env, {
            AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
            AWS_ACCESS_KEY_ID: "not-a-real-key",
            AWS_SECRET_ACCESS_KEY: "not-a-real-secret",
            AWS_CONFIG_FILE: join(folder, "none"),
            AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
            AWS_EC2_METADATA_DISABLED: "true",
            AWS_MAX_ATTEMPTS: "1",
            PATH: folder,
        });
        answer = [
            200,
            `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        ];
    });
    afterEach(() => {
        // The object itself must stay: another one would no longer be the process's environment.
        for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
        Object.assign(process.env, environment);
    });

    const identity = (accountId = account) =>
        assertAccount({ accountId, region: "us-east-1" }, new AbortController().signal);
    async function refusal(accountId?: string): Promise<{ exitCode: number; message: string }> {
        const error: unknown = await identity(accountId).then(
            () => assert.fail("no error"),
            (reason: unknown) => reason,
        );
        assert.ok(error instanceof OperationError, String(error));
        return { exitCode: error.exitCode, message: error.message };
    }

    it("is what AWS says", async () => {
        assert.deepEqual(await identity(), { account, arn });
    });

    it("must be the stack's account", async () => {
        assert.deepEqual(await refusal("210987654321"), {
            exitCode: exitCodes.wrongAccount,
            message: `The credentials are of account ${account} (${arn}), but spywatcher:aws.accountId is 210987654321: nothing was changed. Set AWS_PROFILE to a profile of that account.`,
        });
    });

    it("is nobody's without credentials", async () => {
        delete process.env["AWS_ACCESS_KEY_ID"];
        const { exitCode, message } = await refusal();
        assert.equal(exitCode, exitCodes.noAwsCredentials);
        assert.match(message, /^There are no credentials of AWS: log in/);
    });

    it("is told when they have expired, or are wrong", async () => {
        answer = failure("ExpiredToken", "The security token included in the request is expired");
        const expired = await refusal();
        assert.equal(expired.exitCode, exitCodes.expiredAwsCredentials);
        assert.match(expired.message, /^The credentials of AWS have expired: get new ones/);
        answer = failure("InvalidClientTokenId", "The security token included in the request is invalid");
        const wrong = await refusal();
        assert.equal(wrong.exitCode, exitCodes.noAwsCredentials);
        assert.match(wrong.message, /^AWS does not accept the credentials/);
    });

    it("is not known when AWS does not answer", async () => {
        process.env["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1";
        const { exitCode, message } = await refusal();
        assert.equal(exitCode, exitCodes.failed);
        assert.match(message, /^AWS does not answer: look at the network/);
    });

    it("does not suffice without the command `aws`", async () => {
        process.env["PATH"] = "";
        assert.match((await refusal()).message, /^There is no command `aws` on the PATH/);
    });
});
