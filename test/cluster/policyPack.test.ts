import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { bootstrap } from "../../bootstrap/bootstrap.ts";
import { kubeconfigPath } from "../../local/paths.ts";
import { ops } from "../support/command.ts";
import { bootstrapConfig } from "../support/bootstrapping.ts";
import { projectFolder } from "../support/plans.ts";
import { cloudEvents } from "../support/standin/cloud.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";
import { openStandInStack } from "../support/standin/openStack.ts";

/** The CLI that is built here has no plugin for Node.js, which would start the folder. */
const policyPacks = [join(projectFolder, "policies", "start")];

describe("policy pack in the real engine", () => {
    let folder: string;
    let standIns: StandIns;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-policy-"));
        standIns = installStandIns(kubeconfigPath());
    });
    after(() => {
        standIns.remove();
        rmSync(folder, { recursive: true });
    });

    it("stops what violates a policy, before anything is made", async () => {
        const stack = await openStandInStack({
            project: "violating",
            stack: "test",
            folder,
            standIns,
            program: () => {
                const provider = new aws.Provider("aws", { region: "us-east-1" });
                new aws.s3.Bucket("open", { bucket: "open", acl: "public-read" }, { provider });
                return Promise.resolve();
            },
        });
        const events: EngineEvent[] = [];
        await assert.rejects(stack.preview({ policyPacks, onEvent: (event) => events.push(event) }));
        const found = events.flatMap(({ policyEvent }) =>
            policyEvent === undefined
                ? []
                : [`${policyEvent.enforcementLevel} ${policyEvent.policyName} ${policyEvent.message}`],
        );
        const told = (text: string): boolean => found.some((line) => line.includes(text));
        assert.ok(told("mandatory bucket-is-private"), found.join("\n"));
        assert.ok(told("has the ACL public-read"), found.join("\n"));
        assert.ok(told("gives no tag Project"), found.join("\n"));
        await assert.rejects(stack.up({ policyPacks }));
        assert.deepEqual(
            cloudEvents(standIns.log).filter(({ op }) => op === "create"),
            [],
        );
    });

    it("lets through what keeps to them", async () => {
        const stack = await openStandInStack({
            project: "keeping",
            stack: "test",
            folder,
            standIns,
            program: () => Promise.resolve(bootstrap(bootstrapConfig())),
        });
        const events: EngineEvent[] = [];
        await stack.preview({ policyPacks, onEvent: (event) => events.push(event) });
        // Of what is not known yet the engine says that it could not be looked at; `up` looks again.
        const found = events.flatMap(({ policyEvent }) => policyEvent ?? []);
        assert.deepEqual(
            found.filter(({ message }) => !message.includes("can't be known during preview")),
            [],
        );
        const inUp: EngineEvent[] = [];
        await stack.up({ policyPacks, onEvent: (event) => inUp.push(event) });
        assert.deepEqual(
            inUp.flatMap(({ policyEvent }) => policyEvent ?? []),
            [],
        );
    });

    it("finds nothing in the local stack, by the command line", async () => {
        const { code, stdout, stderr } = await ops(["preview", "local", "--policy-pack", ...policyPacks]);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout + stderr, /\d+ (to )?creat/i);
    });
});
