import assert from "node:assert/strict";

import * as automationErrors from "@pulumi/pulumi/automation/errors.js";

import { OperationError } from "../../../ops/errors.ts";
import { exitCodes } from "../../../ops/exitCodes.ts";
import { operationFailure } from "../../../ops/engine/failures.ts";

const { createCommandError } = automationErrors as unknown as {
    createCommandError: (result: { stdout: string; stderr: string; code: number }) => Error;
};

function failed(stderr: string, errors: string[] = [], violations: string[] = []): OperationError {
    const error = operationFailure("update", createCommandError({ stdout: "", stderr, code: 255 }), {
        errors,
        violations,
    });
    assert.ok(error instanceof OperationError);
    return error;
}

describe("why an operation of the engine failed", () => {
    const cases: [said: string, code: number, remedy: RegExp][] = [
        [
            "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
            exitCodes.wrongPassphrase,
            /PULUMI_CONFIG_PASSPHRASE is not the passphrase/,
        ],
        [
            "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
            exitCodes.wrongPassphrase,
            /set PULUMI_CONFIG_PASSPHRASE or/,
        ],
        [
            "error: getting secrets manager: secrets (code=Unknown): operation error KMS: Decrypt, https response error StatusCode: 400, RequestID: 1, api error AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/other/ci is not authorized to perform: kms:Decrypt",
            exitCodes.wrongPassphrase,
            /with a key of KMS that these credentials may not use/,
        ],
        [
            "creating KMS Key: operation error KMS: CreateKey, api error AccessDeniedException: not authorized",
            exitCodes.failed,
            /^The update failed\.\n/,
        ],
        [
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            exitCodes.notLoggedIn,
            /set PULUMI_BACKEND_URL/,
        ],
        [
            "error: No valid credential sources found. Please see the documentation",
            exitCodes.noAwsCredentials,
            /log in, set AWS_PROFILE/,
        ],
        [
            "operation error STS: GetCallerIdentity, api error ExpiredToken: The security token included in the request is expired",
            exitCodes.expiredAwsCredentials,
            /have expired/,
        ],
        [
            "error: AWS account ID not allowed: 210987654321",
            exitCodes.wrongAccount,
            /spywatcher:aws\.accountId/,
        ],
        ["error: no stack named 'dev' found", exitCodes.noStack, /pulumi stack init/],
        ...[
            "create is not allowed by the plan: no steps were expected for this resource",
            "update is not allowed by the plan: no more steps were expected for this resource",
            "replace is not allowed by the plan: this resource is constrained to same",
            "expected resource operations for urn:pulumi:prod::spywatcher::aws:sns/topic:Topic::alerts but none were seen",
            "resource urn:pulumi:prod::spywatcher::aws:sns/topic:Topic::alerts violates plan: properties changed: =~name",
            "resource violates plan: properties changed: =~name",
        ].map((said): [string, number, RegExp] => [
            said,
            exitCodes.refused,
            /what fitted before that is done\. Preview again with --save-plan/,
        ]),
        [
            "error: something that nobody knows",
            exitCodes.failed,
            /^The update failed\.\n {2}error: something/,
        ],
    ];
    for (const [said, code, remedy] of cases) {
        it(`is told by its exit code and by what to do: ${said.slice(0, 70)}`, () => {
            for (const error of [failed(said), failed("error: update failed", [said])]) {
                assert.equal(error.exitCode, code);
                assert.match(error.message, remedy);
                assert.ok(error.message.endsWith(`\n  ${said}`), error.message);
            }
        });
    }

    it("names who holds the lock, and never takes it away", () => {
        const error = failed(
            "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  s3://bucket/1.json: created by ann@host (pid 7) at 2026-01-02T03:04:05Z",
        );
        assert.equal(error.exitCode, exitCodes.locked);
        assert.equal(
            error.message,
            [
                "Another operation of this stack is running; nothing was changed. Wait for it, or pass --lock-timeout.",
                "  s3://bucket/1.json: created by ann@host (pid 7) at 2026-01-02T03:04:05Z",
                "If it was killed, its lock stays: make sure that it runs no longer, then `npm run unlock -- <env>`.",
            ].join("\n"),
        );
    });

    it("tells the violated policies before anything else", () => {
        const error = failed(
            "error: update failed",
            ["boom"],
            ["spywatcher/no-public-bucket: logs: is public"],
        );
        assert.equal(error.exitCode, exitCodes.policy);
        assert.equal(
            error.message,
            "The update violates mandatory policies (1).\n  spywatcher/no-public-bucket: logs: is public",
        );
    });

    it("leaves errors of ours as they are", () => {
        const error = new TypeError("ours");
        assert.equal(operationFailure("update", error), error);
    });
});
