import assert from "node:assert/strict";

import { formatTable, formatYaml } from "../../ops/plan/format.ts";
import { type DeepPartial, object, objects, planOf, stacks } from "../support/plans.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";

const canary = "canary-9f31c7-must-never-be-seen-anywhere-in-any-plan-or-output";
const change: DeepPartial<ConfigInput> = {
    secrets: {
        discordBotToken: `${canary}-1`,
        discordClientSecret: `${canary}-2`,
        jwtSecret: `${canary}-3`,
        jwtRefreshSecret: `${canary}-4`,
        postgresPassword: `${canary}-5`,
        redisPassword: `${canary}-6`,
        sentryDsn: `https://${canary}-7.example.com/`,
        discordAlertWebhook: `https://${canary}-8.example.com/`,
        slackAlertWebhook: `https://${canary}-9.example.com/`,
        grafanaAdminPassword: `${canary}-10`,
    },
};

describe("secret values", () => {
    for (const stack of stacks) {
        it(`never show in the plan, YAML or table of ${stack}`, async () => {
            const plan = await planOf(stack, change);
            for (const text of [JSON.stringify(plan), formatYaml(plan), formatTable(plan)]) {
                assert.equal(text.includes("canary"), false);
            }
        });
    }

    it("of another database role never show either", async () => {
        const plan = await planOf("prod", {
            data: { kind: "aws", postgres: { user: "spywatcher_b" } },
            secrets: { ...change.secrets, postgresUserPassword: `${canary}-10` },
        });
        for (const text of [JSON.stringify(plan), formatYaml(plan), formatTable(plan)]) {
            assert.equal(text.includes("canary"), false);
        }
    });

    it("print as [secret], each under its key", async () => {
        const plan = await planOf("prod", change);
        const [grafana, application] = objects(plan, "Secret");
        assert.deepEqual(grafana?.stringData, { "admin-user": "[secret]", "admin-password": "[secret]" });
        assert.deepEqual(application?.stringData, {
            DISCORD_BOT_TOKEN: "[secret]",
            DISCORD_CLIENT_SECRET: "[secret]",
            JWT_SECRET: "[secret]",
            JWT_REFRESH_SECRET: "[secret]",
            DATABASE_URL: "[secret]",
            REDIS_URL: "[secret]",
            SENTRY_DSN: "[secret]",
            DISCORD_ALERT_WEBHOOK: "[secret]",
            SLACK_ALERT_WEBHOOK: "[secret]",
        });
    });

    it("of the kubeconfig are marked too", async () => {
        const provider = (await planOf("prod")).resources.find(
            ({ type }) => type === "pulumi:providers:kubernetes",
        );
        assert.equal(provider?.inputs["kubeconfig"], "[secret]");
        assert.equal(provider.inputs["clusterIdentifier"], "spywatcher-prod");
    });

    it("reach the stores in the cluster by Secret, never by an argument", async () => {
        const plan = await planOf("local", change);
        const [redis] = object(plan, "StatefulSet", "redis").spec.template.spec.containers;
        assert.deepEqual(redis.args, ["redis-server", "/etc/redis/redis.conf"]);
        assert.deepEqual(redis.livenessProbe.exec.command, ["redis-cli", "-e", "ping"]);
        assert.deepEqual(redis.env[0].valueFrom.secretKeyRef.key, "password");
        const [postgres] = object(plan, "StatefulSet", "postgres").spec.template.spec.containers;
        assert.equal(
            postgres.env.find(({ name }: { name: string }) => name === "POSTGRES_PASSWORD").valueFrom
                .secretKeyRef.key,
            "password",
        );
    });
});
