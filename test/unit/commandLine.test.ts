import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { ops } from "../support/command.ts";

describe("the command line", () => {
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
        assert.match(stdout, /^ {4}drainSeconds: 60$/m);
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

    it("names the allowed values of an option", async () => {
        const { code, stderr } = await ops(["plan", "local", "--format", "xml"]);
        assert.equal(code, 1);
        assert.match(stderr, /argument 'xml' is invalid\. Allowed choices are table, json, yaml\./);
    });
});
