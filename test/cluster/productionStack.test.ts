import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { execa } from "execa";

import { kubeconfigPath } from "../../local/paths.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { ApiServer } from "../support/apiServer.ts";
import { clusterObjects } from "../support/clusterObjects.ts";
import { type CommandResult, ops } from "../support/command.ts";
import { copyProject } from "../support/projectCopy.ts";

const secrets: Record<string, string> = {
    discordBotToken: "not-a-real-token-of-production-not-a-real-token-of-",
    discordClientSecret: "not-a-real-client-secret-of-production",
    jwtSecret: "not-a-real-secret-for-access-tokens-of-production",
    jwtRefreshSecret: "not-a-real-secret-for-refresh-tokens-of-production",
    postgresPassword: "not-a-real-password-of-production",
    redisPassword: "not-a-real-password-of-production-either",
};

describe("the stack prod by the README, on a cluster that exists", () => {
    let folder: string;
    let env: Record<string, string>;
    let pulumi: string;
    let server: ApiServer;

    const run = (...args: string[]): Promise<CommandResult> => ops(args, { folder, env });

    before(async () => {
        folder = copyProject("prod", (config) => {
            config["spywatcher:cluster"] = {
                kind: "existing",
                name: "spywatcher-prod",
                kubeconfig: kubeconfigPath(),
            };
            config["spywatcher:network"] = { kind: "unmanaged", loadBalancerCidrs: ["10.0.32.0/22"] };
            config["spywatcher:edge"] = { accessLogs: { bucket: "spywatcher-prod-access-logs" } };
            config["spywatcher:data"] = {
                kind: "external",
                maxConnections: 200,
                postgres: { host: "postgres.spywatcher.example.com", cidrs: ["10.0.36.0/24"] },
                redis: { host: "redis.spywatcher.example.com", cidrs: ["10.0.36.0/24"] },
            };
            // Monitoring is the cluster's own affair.
            delete config["spywatcher:monitoring"]?.["routing"];
        });
        mkdirSync(join(folder, "state"));
        const installation = await findPulumi();
        pulumi = installation.command;
        const home = await providerHome(installation);
        env = {
            PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...(home !== undefined && { PULUMI_HOME: home }),
        };
        server = await ApiServer.connect();
    });
    after(() => {
        rmSync(folder, { recursive: true });
    });

    it("asks for its secrets before anything else", async () => {
        const { code, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 4);
        assert.match(stderr, /^The configuration has 6 problems; nothing was changed\./);
    });

    it("takes them encrypted by the Pulumi CLI", async () => {
        await execa(pulumi, ["stack", "init", "prod"], { cwd: folder, env });
        for (const [name, value] of Object.entries(secrets)) {
            const path = `spywatcher:secrets.${name}`;
            await execa(pulumi, ["config", "set", "--stack", "prod", "--secret", "--path", path], {
                cwd: folder,
                env,
                input: value,
            });
        }
        const file = readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8");
        assert.equal(file.includes("not-a-real"), false);
        const { code, stdout, stderr } = await run("config", "check", "prod");
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^environment: prod$/m);
    });

    it("does nothing without a yes", async () => {
        const { code, stdout, stderr } = await run("up", "prod");
        assert.equal(code, 6, stdout);
        assert.match(stderr, /Apply this to prod\? There is no terminal to ask on: add --yes\./);
        assert.equal((await server.send("GET", "/api/v1/namespaces/spywatcher")).status, 404);
    });

    it("comes up, waiting for the load balancer's address", async () => {
        const { code, stdout, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^loadBalancerHostname: spywatcher-ingress-spywatcher\.elb\.localhost$/m);
        const order = ["app-ingress", "app-schema-job", "app-backend-deployment", "app-backend-hpa"].map(
            (name) => stdout.indexOf(` ${name}`),
        );
        assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
        );
        assert.equal(order.includes(-1), false);
    });

    it("keeps its secrets out of state and output", async () => {
        const state = readFileSync(join(folder, "state/.pulumi/stacks/spywatcher/prod.json"), "utf8");
        assert.equal(state.includes("not-a-real"), false);
        const { stdout } = await run("preview", "prod");
        assert.equal(stdout.includes("not-a-real"), false);
        assert.match(stdout, /^0 changes: \d+ unchanged/m);
    });

    it("has nothing to change the second time", async () => {
        const { code, stdout, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^0 changes: \d+ unchanged/m);
    });

    it("is protected until that is switched off", async () => {
        const before = await clusterObjects(server);
        const refused = await run("destroy", "prod", "--yes");
        assert.equal(refused.code, 1);
        assert.deepEqual(await clusterObjects(server), before);
        assert.match(refused.stderr, /spywatcher-namespace.*(protect|cannot be deleted)/s);

        const file = join(folder, "Pulumi.prod.yaml");
        writeFileSync(
            file,
            readFileSync(file, "utf8")
                .replace(/spywatcher:protect: .*/, "spywatcher:protect: false")
                .replace("deletionProtection: true", "deletionProtection: false"),
        );
        const unprotected = await run("up", "prod", "--yes");
        assert.equal(unprotected.code, 0, unprotected.stdout + unprotected.stderr);
        const destroyed = await run("destroy", "prod", "--yes");
        assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
        assert.equal((await server.send("GET", "/api/v1/namespaces/spywatcher")).status, 404);
    });
});
