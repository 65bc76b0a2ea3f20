import assert from "node:assert/strict";
import { rmSync } from "node:fs";

import { criticalPath } from "../../ops/criticalPath/criticalPath.ts";
import { formatCriticalPath } from "../../ops/criticalPath/format.ts";
import { formatTable, formatYaml } from "../../ops/plan/format.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";
import { secretsSchema } from "../../stacks/schema/secrets.ts";
import { oidcLogin } from "../support/grafanaLogin.ts";
import { opsHere } from "../support/inProcess.ts";
import { type DeepPartial, object, objects, planOf, stacks } from "../support/plans.ts";
import { copyProject } from "../support/projectCopy.ts";
import { everyone } from "../support/routing.ts";

const canary = "canary-9f31c7-must-never-be-seen-anywhere-in-any-plan-or-output";

/** The canary as it reads in base64, whatever stands before it. */
const encoded = [0, 1, 2].map((before) =>
    // The ends depend on what is beside it.
    Buffer.from("x".repeat(before) + canary)
        .toString("base64")
        .slice(4, 44),
);

function assertUnseen(text: string): void {
    for (const form of ["canary", ...encoded]) assert.equal(text.includes(form), false, form);
}

/** A distinctive value for every secret that each stack can have. */
const secrets = {
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
};

/** The others need something that local does not have. */
const inAws = {
    data: { kind: "aws", postgres: { user: "spywatcher_b" } },
    monitoring: { ...everyone.monitoring, ...oidcLogin.monitoring },
    secrets: {
        ...secrets,
        postgresUserPassword: `${canary}-11`,
        grafanaClientSecret: `${canary}-17`,
        heartbeatUrl: `https://${canary}-12.example.com/`,
        receivers: {
            "on-call": "canary13".padEnd(32, "0"),
            team: `https://${canary}-14.example.com/webhook`,
            office: `https://${canary}-15.example.com/webhook`,
            archive: `${canary}-16`,
        },
    },
} satisfies DeepPartial<ConfigInput>;

const change: DeepPartial<ConfigInput> = { secrets };

describe("secret values", () => {
    it("are all planted here: a new one must be, too", () => {
        assert.deepEqual(Object.keys(inAws.secrets).toSorted(), Object.keys(secretsSchema.shape).toSorted());
    });

    for (const stack of stacks) {
        it(`never show in the plan, outputs, YAML, table or times of ${stack}`, async () => {
            const plan = await planOf(stack, stack === "local" ? change : inAws);
            assert.ok(objects(plan, "Secret").length > 0);
            for (const text of [
                JSON.stringify(plan),
                formatYaml(plan),
                formatTable(plan),
                formatCriticalPath(criticalPath(plan)),
            ]) {
                assertUnseen(text);
            }
        });
    }

    describe("in a stack file", function () {
        // Each loads a copy of the program, on a machine that may be busy.
        this.timeout(120_000);
        const folders: string[] = [];

        after(() => {
            for (const folder of folders) rmSync(folder, { recursive: true });
        });

        function project(stack: string): string {
            const folder = copyProject(stack, (config) => {
                config["spywatcher:secrets"] = secrets;
            });
            folders.push(folder);
            return folder;
        }

        async function unseen(folder: string, args: readonly string[], code: number): Promise<string> {
            const { code: actual, stdout, stderr } = await opsHere(args, { folder });
            assert.equal(actual, code, stderr);
            assertUnseen(stdout + stderr);
            return stdout + stderr;
        }

        it("never show in what commands print", async () => {
            const folder = project("local");
            for (const args of [
                ["config", "check", "local"],
                ["plan", "local"],
                ["plan", "local", "--json"],
                ["plan", "local", "--format", "yaml"],
            ]) {
                assert.ok((await unseen(folder, args, 0)).length > 1000);
            }
        });

        it("never show when they are refused for being plain", async () => {
            const output = await unseen(project("prod"), ["config", "check", "prod"], 4);
            assert.match(output, /spywatcher:secrets\.jwtSecret: must be encrypted/);
        });
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
