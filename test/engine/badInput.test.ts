import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { exitCodes } from "../../ops/exitCodes.ts";
import { ApiServer } from "../support/apiServer.ts";
import { clusterObjects } from "../support/clusterObjects.ts";
import { ProductionProject } from "../support/productionProject.ts";

describe("an engine that cannot begin", () => {
    let project: ProductionProject;
    let server: ApiServer;
    let objectsBefore: string[];

    before(async () => {
        project = await ProductionProject.create();
        await project.initialise();
        server = await ApiServer.connect();
        objectsBefore = await clusterObjects(server);
    });
    after(() => {
        project.remove();
    });
    afterEach("makes nothing", async () => {
        // What tests before have left may still be going.
        const objects = await clusterObjects(server);
        assert.deepEqual(
            objects.filter((each) => !objectsBefore.includes(each)),
            [],
        );
    });

    const refusal = async (env: Record<string, string>, ...args: string[]) => {
        const { code, stdout, stderr } = await project.runWith(env, ...args);
        return { code, stderr, stdout };
    };

    it("for the wrong passphrase", async () => {
        const { code, stderr } = await refusal(
            { PULUMI_CONFIG_PASSPHRASE: "another" },
            "up",
            "prod",
            "--yes",
        );
        assert.equal(code, exitCodes.wrongPassphrase, stderr);
        assert.match(stderr, /PULUMI_CONFIG_PASSPHRASE is not the passphrase/);
    });

    it("for no passphrase", async () => {
        const { code, stderr } = await refusal({ PULUMI_CONFIG_PASSPHRASE: "" }, "preview", "prod");
        assert.equal(code, exitCodes.wrongPassphrase, stderr);
    });

    it("for a backend that has no such stack, and makes none", async () => {
        const empty = join(project.folder, "empty");
        mkdirSync(empty);
        const env = { PULUMI_BACKEND_URL: `file://${empty}` };
        for (const args of [
            ["up", "prod", "--yes"],
            ["preview", "prod"],
            ["refresh", "prod", "--yes"],
            ["unlock", "prod"],
            ["drift", "prod"],
            ["rollback", "prod", "--yes"],
            ["destroy", "prod", "--confirm", "prod"],
        ]) {
            const { code, stderr } = await refusal(env, ...args);
            assert.equal(code, exitCodes.noStack, stderr);
            assert.match(stderr, /^There is no stack prod/);
        }
    });

    it("for nobody being logged in", async () => {
        const home = join(project.folder, "home");
        mkdirSync(home);
        const { code, stderr } = await refusal(
            { PULUMI_BACKEND_URL: "", PULUMI_HOME: home },
            "up",
            "prod",
            "--yes",
        );
        assert.equal(code, exitCodes.notLoggedIn, stderr);
        assert.match(stderr, /set PULUMI_BACKEND_URL to its address/);
    });

    it("for no Pulumi CLI, and no Go to build one with", async () => {
        const { code, stderr } = await refusal(
            { PATH: join(project.folder, "nothing"), SPYWATCHER_CACHE: join(project.folder, "cache") },
            "up",
            "prod",
            "--yes",
        );
        assert.equal(code, exitCodes.noEngine, stderr);
        assert.match(stderr, /^There is no Pulumi CLI that fits on the PATH, and none could be built here\./);
    });

    it("with its result as JSON, and nothing else on standard output", async () => {
        const { code, stdout, stderr } = await refusal(
            { PULUMI_CONFIG_PASSPHRASE: "another" },
            ...["up", "prod", "--yes", "--json"],
        );
        assert.equal(code, exitCodes.wrongPassphrase);
        const { message, seconds, ...rest } = JSON.parse(stdout) as { message: string; seconds: number };
        assert.ok(seconds < 60, String(seconds));
        assert.deepEqual(rest, {
            command: "up",
            stack: "prod",
            result: "failed",
            exitCode: exitCodes.wrongPassphrase,
            changes: {},
            steps: [],
            slowest: [],
        });
        assert.equal(stderr, `${message}\n`);
    });

    it("for a file of events that cannot be written", async () => {
        const { code, stderr } = await refusal({}, "preview", "prod", "--events", "/nowhere/events.jsonl");
        assert.equal(code, exitCodes.badConfig);
        assert.match(stderr, /^--events \/nowhere\/events\.jsonl cannot be written: ENOENT/);
    });
});
