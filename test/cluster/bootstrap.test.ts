import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import program from "../../bootstrap/index.ts";
import { kubeconfigPath } from "../../local/paths.ts";
import { projectFolder } from "../support/plans.ts";
import { cloudEvents, livingResources } from "../support/standin/cloud.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";
import { openStandInStack, pendingOperations } from "../support/standin/openStack.ts";

const stackFile = "Pulumi.main.yaml";

/** A folder with the bootstrap project, whose state is kept in it. */
function copyBootstrap(): string {
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-bootstrap-"));
    cpSync(join(projectFolder, "bootstrap"), folder, { recursive: true });
    return folder;
}

describe("bootstrap with stand-ins for AWS", () => {
    let folder: string;
    let standIns: StandIns;
    let stack: Stack;

    const open = (inFolder: string): Promise<Stack> =>
        openStandInStack({
            project: "spywatcher-bootstrap",
            stack: "main",
            folder: inFolder,
            standIns,
            program: () => Promise.resolve(program()),
        });
    const changes = (summary: { resourceChanges?: unknown }): string[] =>
        Object.keys(summary.resourceChanges ?? {});

    before(async () => {
        folder = copyBootstrap();
        standIns = installStandIns(kubeconfigPath());
        stack = await open(folder);
    });
    after(() => {
        standIns.remove();
        rmSync(folder, { recursive: true });
    });

    it("tells of a subject that lets others in, before anything is made", async () => {
        const file = join(folder, stackFile);
        const text = readFileSync(file, "utf8");
        writeFileSync(file, text.replace(/repo:[^"]+/, "repo:example-org/*"));
        try {
            await assert.rejects(
                stack.up(),
                /github\.subjects\[0\]: must name one repository: a wildcard would let others in/,
            );
        } finally {
            writeFileSync(file, text);
        }
        assert.deepEqual(cloudEvents(standIns.log), []);
    });

    it("comes up and tells what the variables are to be set to", async () => {
        const { outputs } = await stack.up();
        assert.deepEqual(
            Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown])),
            {
                backendUrl: "s3://spywatcher-state-123456789012?region=us-east-1",
                secretsProvider: "awskms://alias/spywatcher-state?region=us-east-1",
                previewRole: "arn:aws:iam::123456789012:role/spywatcher-preview",
                deployRole: "arn:aws:iam::123456789012:role/spywatcher-deploy",
                upgradeRole: "arn:aws:iam::123456789012:role/spywatcher-upgrade",
            },
        );
        const types = livingResources(standIns.log).map(({ type }) => type.split(":").at(-1) ?? "");
        const counts = Object.groupBy(types, (type) => type);
        assert.deepEqual(
            Object.fromEntries(Object.entries(counts).map(([type, each]) => [type, each?.length])),
            {
                Alias: 1,
                Bucket: 1,
                BucketLifecycleConfiguration: 1,
                BucketOwnershipControls: 1,
                BucketPolicy: 1,
                BucketPublicAccessBlock: 1,
                BucketServerSideEncryptionConfiguration: 1,
                BucketVersioning: 1,
                Key: 1,
                OpenIdConnectProvider: 1,
                Policy: 11,
                Role: 3,
                RolePolicyAttachment: 11,
            },
        );
    });

    it("has nothing to change the second time", async () => {
        assert.deepEqual(changes((await stack.up()).summary), ["same"]);
        assert.deepEqual(changes((await stack.refresh()).summary), ["same"]);
    });

    it("moves to another backend, as docs/DELIVERY.md tells, and has nothing to change there", async () => {
        const state = await stack.exportStack();
        const other = copyBootstrap();
        try {
            const moved = await open(other);
            await moved.importStack(state);
            assert.deepEqual(changes((await moved.up()).summary), ["same"]);
        } finally {
            rmSync(other, { recursive: true });
        }
    });

    it("refuses to be destroyed, and then nothing is gone", async () => {
        const before = cloudEvents(standIns.log);
        await assert.rejects(stack.destroy(), /cannot be deleted/);
        assert.deepEqual(cloudEvents(standIns.log), before);
        assert.deepEqual(await pendingOperations(stack), []);
        assert.deepEqual(changes((await stack.up()).summary), ["same"]);
    });

    it("leaves bucket and key behind when it is destroyed all the same", async () => {
        await stack.setAllConfig({ "spywatcher:protect": { value: "false" } });
        await stack.up();
        await stack.destroy();
        assert.deepEqual(
            livingResources(standIns.log)
                .map(({ type }) => type.split(":").at(-1))
                .sort(),
            [
                "Alias",
                "Bucket",
                "BucketLifecycleConfiguration",
                "BucketOwnershipControls",
                "BucketPolicy",
                "BucketPublicAccessBlock",
                "BucketServerSideEncryptionConfiguration",
                "BucketVersioning",
                "Key",
            ],
        );
    });
});
