import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { ops } from "../support/command.ts";
import { opsHere } from "../support/inProcess.ts";

describe("the command line", function () {
    // The first test starts a process, on a machine that may be busy.
    this.timeout(120_000);

    it("prints a plan as JSON and nothing else", async () => {
        const { code, stdout, stderr } = await ops(["plan", "prod", "--json"]);
        assert.equal(code, 0);
        const plan = JSON.parse(stdout) as Plan;
        assert.deepEqual(Object.keys(plan), ["project", "stack", "resources", "outputs"]);
        assert.equal(plan.project, "spywatcher");
        assert.equal(plan.stack, "prod");
        const console = "https://us-east-1.console.aws.amazon.com";
        assert.deepEqual(plan.outputs, {
            environment: "prod",
            clusterName: "spywatcher-prod",
            vpcId: "vpc-networkvpc",
            kubeconfig: "[secret]",
            accessCommand:
                "aws eks update-kubeconfig --region us-east-1 --name spywatcher-prod --role-arn arn:aws:iam::123456789012:role/spywatcher-deploy",
            consoleLinks: {
                cluster: `${console}/eks/home?region=us-east-1#/clusters/spywatcher-prod`,
                vpc: `${console}/vpcconsole/home?region=us-east-1#VpcDetails:VpcId=vpc-networkvpc`,
                loadBalancers: `${console}/ec2/home?region=us-east-1#LoadBalancers:`,
                logs: `${console}/cloudwatch/home?region=us-east-1#logsV2:log-groups`,
            },
            postgresSecretArn:
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:spywatcher-prod-postgres-data-postgres-connection",
            redisSecretArn:
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:spywatcher-prod-redis-data-redis-connection",
            namespace: "spywatcher",
            images: {
                backend: "ghcr.io/subculture-collective/spywatcher-backend:main-5ba1910",
                frontend: "ghcr.io/subculture-collective/spywatcher-frontend:main-5ba1910",
            },
            frontendUrl: "https://spywatcher.example.com",
            apiUrl: "https://api.spywatcher.example.com",
            loadBalancerHostname: "[unknown]",
        });
        assert.equal(
            stderr,
            "Placeholders stand in for secrets that Pulumi.prod.yaml does not hold: discordBotToken, discordClientSecret, jwtSecret, jwtRefreshSecret, postgresPassword, redisPassword, grafanaAdminPassword\n",
        );
    });

    it("prints the longest chain of a plan as JSON", async () => {
        const { code, stdout } = await opsHere(["plan", "local", "--critical-path", "--json"]);
        assert.equal(code, 0);
        assert.deepEqual(Object.keys(JSON.parse(stdout) as object), [
            "totalSeconds",
            "chain",
            "lowerBound",
            "ratio",
            "beyondBound",
        ]);
    });

    it("prints either times or costs of a plan", async () => {
        const { code, stderr } = await opsHere(["plan", "local", "--costs", "--critical-path"]);
        assert.equal(code, 4);
        assert.match(stderr, /option '--critical-path' cannot be used with option '--costs'/);
    });

    it("prints the effective configuration with secrets masked", async () => {
        const { code, stdout } = await opsHere(["config", "check", "local"]);
        assert.equal(code, 0);
        assert.match(stdout, /^ {4}drainSeconds: 60$/m);
        assert.match(stdout, /jwtSecret: "\[secret\]"/);
        assert.equal(stdout.includes("not-a-real"), false);
    });

    it("fails with exit code 4 on a configuration that lacks its secrets", async () => {
        const { code, stderr } = await opsHere(["config", "check", "prod"]);
        assert.equal(code, 4);
        assert.match(
            stderr,
            /^The configuration has 7 problems; nothing was changed\.\n {2}spywatcher:secrets\.discordBotToken: is required; set it with/,
        );
    });

    it("names the allowed values of an option", async () => {
        const { code, stderr } = await opsHere(["plan", "local", "--format", "xml"]);
        assert.equal(code, 4);
        assert.match(stderr, /argument 'xml' is invalid\. Allowed choices are table, json, yaml\./);
    });
});
