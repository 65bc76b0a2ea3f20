import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { kubeconfigPath } from "../../local/paths.ts";
import { cloudEvents } from "../support/standin/cloud.ts";
import { installStandIns } from "../support/standin/install.ts";
import { openStandInStack } from "../support/standin/openStack.ts";

describe("plan that a workflow hands on", () => {
    it("holds secrets encrypted, and is what `up` keeps to", async () => {
        const folder = mkdtempSync(join(tmpdir(), "spywatcher-plan-"));
        const standIns = installStandIns(kubeconfigPath());
        let topics = ["first"];
        try {
            const stack = await openStandInStack({
                project: "planned",
                stack: "test",
                folder,
                standIns,
                program: () => {
                    const provider = new aws.Provider("aws", { region: "us-east-1" });
                    const secret = new aws.secretsmanager.Secret("secret", { name: "secret" }, { provider });
                    const secretString = pulumi.secret("not-a-real-password-of-a-plan");
                    new aws.secretsmanager.SecretVersion(
                        "version",
                        { secretId: secret.id, secretString },
                        { provider },
                    );
                    for (const name of topics) new aws.sns.Topic(name, { name }, { provider });
                    return Promise.resolve({ secretString });
                },
            });
            const plan = join(folder, "plan.json");
            await stack.preview({ plan });
            const text = readFileSync(plan, "utf8");
            assert.ok(text.includes("secretString"));
            assert.ok(text.includes("ciphertext"));
            assert.equal(text.includes("not-a-real-password"), false);

            topics = ["first", "second"];
            await assert.rejects(stack.up({ plan }), /second.*create is not allowed by the plan/s);
            assert.equal(
                cloudEvents(standIns.log).some(({ urn }) => urn.endsWith("::second")),
                false,
            );

            topics = ["first"];
            const { summary } = await stack.up({ plan: await replanned() });
            assert.equal(summary.result, "succeeded");

            async function replanned(): Promise<string> {
                await stack.preview({ plan });
                return plan;
            }
        } finally {
            standIns.remove();
            rmSync(folder, { recursive: true });
        }
    });
});
