import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Plan } from "../../ops/plan/model.ts";
import { type CommandResult, ops } from "../support/command.ts";
import { projectFolder } from "../support/plans.ts";
import { copyProject } from "../support/projectCopy.ts";

describe("the command line", () => {
    const folders: string[] = [];
    after(() => {
        for (const folder of folders) rmSync(folder, { recursive: true });
    });

    /** Runs `ops` in a copy of the project whose stack local uses that kubeconfig. */
    function withKubeconfig(args: string[], cluster: Record<string, string>): Promise<CommandResult> {
        const folder = copyProject("local", (config) =>
            Object.assign(config["spywatcher:cluster"] ?? {}, cluster),
        );
        folders.push(folder);
        return ops(args, { folder });
    }

    function kubeconfig(text: string): string {
        const folder = mkdtempSync(join(tmpdir(), "spywatcher-kubeconfig-"));
        folders.push(folder);
        writeFileSync(join(folder, "config"), text);
        return join(folder, "config");
    }

    function clusterAt(server: string): string {
        return kubeconfig(
            `current-context: here\ncontexts: [{name: here, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "${server}"}}]\n`,
        );
    }

    it("prints a plan as JSON and nothing else", async () => {
        const { code, stdout, stderr } = await ops(["plan", "prod", "--json"]);
        assert.equal(code, 0);
        const plan = JSON.parse(stdout) as Plan;
        assert.deepEqual(Object.keys(plan), ["project", "stack", "resources", "outputs"]);
        assert.equal(plan.project, "spywatcher");
        assert.equal(plan.stack, "prod");
        assert.deepEqual(plan.outputs, {
            environment: "prod",
            clusterName: "spywatcher-prod",
            namespace: "spywatcher",
            frontendUrl: "https://spywatcher.example.com",
            apiUrl: "https://api.spywatcher.example.com",
            loadBalancerHostname: "[unknown]",
        });
        assert.equal(
            stderr,
            "Placeholders stand in for secrets that Pulumi.prod.yaml does not hold: discordBotToken, discordClientSecret, jwtSecret, jwtRefreshSecret, postgresPassword, redisPassword\n",
        );
    });

    it("prints the effective configuration with secrets masked", async () => {
        const { code, stdout } = await ops(["config", "check", "local"]);
        assert.equal(code, 0);
        assert.match(stdout, /^    drainSeconds: 60$/m);
        assert.match(stdout, /jwtSecret: "\[secret\]"/);
        assert.equal(stdout.includes("not-a-real"), false);
    });

    it("fails with exit code 4 on a configuration that lacks its secrets", async () => {
        const { code, stderr } = await ops(["config", "check", "prod"]);
        assert.equal(code, 4);
        assert.match(
            stderr,
            /^The configuration has 6 problems; nothing was changed\.\n {2}spywatcher:secrets\.discordBotToken: is required; set it with/,
        );
    });

    it("fails with exit code 4 on a stack that is not there", async () => {
        const { code, stdout, stderr } = await ops(["plan", "staging", "--json"]);
        assert.equal(code, 4);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^There is no stack "staging" \(no file .*Pulumi\.staging\.yaml\); there are: dev, local, prod\.\n$/,
        );
    });

    it("names the key and the file when there is no kubeconfig", async () => {
        const { code, stderr } = await withKubeconfig(["up", "local"], { kubeconfig: "/nowhere/kubeconfig" });
        assert.equal(code, 4);
        assert.equal(
            stderr,
            "spywatcher:cluster.kubeconfig: there is no file /nowhere/kubeconfig. Start the embedded cluster (`npm run local:up`) or set the key to your cluster's kubeconfig.\n",
        );
    });

    it("says which API server does not answer", async () => {
        const server = createServer();
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        const { port } = server.address() as { port: number };
        await new Promise((done) => server.close(done));
        const { code, stderr } = await withKubeconfig(["up", "local"], {
            kubeconfig: clusterAt(`https://127.0.0.1:${port}`),
        });
        assert.equal(code, 4);
        assert.equal(
            stderr,
            `spywatcher:cluster.kubeconfig: the API server https://127.0.0.1:${port} does not answer (ECONNREFUSED). Start the cluster (embedded: \`npm run local:up\`) or point the key to another kubeconfig.\n`,
        );
    });

    it("names the contexts there are when the configured one is not", async () => {
        const file = clusterAt("https://127.0.0.1:1");
        const { code, stderr } = await withKubeconfig(["up", "local"], {
            kubeconfig: file,
            context: "there",
        });
        assert.equal(code, 4);
        assert.equal(
            stderr,
            `spywatcher:cluster.kubeconfig: ${file} has no context "there"; its contexts: here. Set spywatcher:cluster.context to one of them.\n`,
        );
    });

    it("refuses a kubeconfig that is not YAML", async () => {
        const { code, stderr } = await withKubeconfig(["up", "local"], {
            kubeconfig: kubeconfig("clusters: ["),
        });
        assert.equal(code, 4);
        assert.match(stderr, /^spywatcher:cluster\.kubeconfig: \/.*\/config is not YAML: /);
    });

    it("names the allowed values of an option", async () => {
        const { code, stderr } = await ops(["plan", "local", "--format", "xml"]);
        assert.equal(code, 1);
        assert.match(stderr, /argument 'xml' is invalid\. Allowed choices are table, json, yaml\./);
    });
});

describe("docs/CONFIGURATION.md", () => {
    it("is what the schema says", async () => {
        const { code, stderr } = await ops(["config", "reference", "--check"]);
        assert.equal(code, 0, stderr);
        assert.match(
            readFileSync(join(projectFolder, "docs/CONFIGURATION.md"), "utf8"),
            /\| `backend\.autoscaling\.maxReplicas` \| 1–1000 \| `10` \|/,
        );
    });
});
