import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";
import { type DeepPartial, object, objects, planOf } from "../support/plans.ts";

function configMap(plan: Plan): Record<string, string> {
    const data = objects(plan, "ConfigMap").find((each) =>
        each.metadata.name.startsWith("spywatcher-config-"),
    )?.data;
    assert.ok(data);
    return data;
}

function backend(plan: Plan): any {
    return object(plan, "Deployment", "spywatcher-backend").spec.template.spec;
}

describe("the application's environment", () => {
    it("holds its URLs, switches and limits in prod", async () => {
        assert.deepEqual(configMap(await planOf("prod")), {
            NODE_ENV: "production",
            PORT: "3001",
            LOG_LEVEL: "info",
            CORS_ORIGINS: "https://spywatcher.example.com",
            FRONTEND_URL: "https://spywatcher.example.com",
            DISCORD_CLIENT_ID: "000000000000000000",
            DISCORD_REDIRECT_URI: "https://spywatcher.example.com/auth/callback",
            ENABLE_LOAD_SHEDDING: "false",
            ENABLE_RATE_LIMITING: "true",
            ENABLE_IP_BLOCKING: "true",
            ENABLE_REDIS_RATE_LIMITING: "true",
            KEEP_ALIVE_TIMEOUT_MS: "65000",
            TRUST_PROXY_HOPS: "1",
        });
    });

    it("names guilds and administrators when there are some", async () => {
        const discord = {
            guildId: "123456789012345678",
            adminIds: ["223456789012345678", "323456789012345678"],
            botGuildIds: ["423456789012345678"],
        };
        const data = configMap(await planOf("prod", { app: { discord } }));
        assert.equal(data["DISCORD_GUILD_ID"], "123456789012345678");
        assert.equal(data["ADMIN_DISCORD_IDS"], "223456789012345678,323456789012345678");
        assert.equal(data["BOT_GUILD_IDS"], "423456789012345678");
    });

    it("has no limit that would hit all clients at once when the preload script is off", async () => {
        const plan = await planOf("prod", { app: { backend: { preload: false } } });
        assert.equal(configMap(plan)["ENABLE_RATE_LIMITING"], "false");
        assert.equal(configMap(plan)["ENABLE_IP_BLOCKING"], "false");
        assert.equal(backend(plan).containers[0].env, undefined);
        assert.deepEqual(
            objects(plan, "ConfigMap").filter(({ metadata }) => metadata.name.includes("preload")),
            [],
        );
    });

    it("takes the limits and hops that are configured", async () => {
        const switches = {
            rateLimiting: false,
            ipBlocking: false,
            loadShedding: true,
            trustedProxyHops: 2,
            logLevel: "warn" as const,
        };
        const data = configMap(await planOf("prod", { app: { backend: { switches } } }));
        assert.equal(data["ENABLE_RATE_LIMITING"], "false");
        assert.equal(data["ENABLE_IP_BLOCKING"], "false");
        assert.equal(data["ENABLE_LOAD_SHEDDING"], "true");
        assert.equal(data["TRUST_PROXY_HOPS"], "2");
        assert.equal(data["LOG_LEVEL"], "warn");
    });

    it("leaves optional secret URLs out instead of setting them empty", async () => {
        const keys = async (change: DeepPartial<ConfigInput> = {}): Promise<string[]> => {
            const plan = await planOf("prod", change);
            const secret = objects(plan, "Secret").find(({ metadata }) =>
                metadata.name.startsWith("spywatcher-secrets-"),
            );
            return Object.keys(secret?.stringData ?? {}).sort();
        };
        const always = [
            "DATABASE_URL",
            "DISCORD_BOT_TOKEN",
            "DISCORD_CLIENT_SECRET",
            "JWT_REFRESH_SECRET",
            "JWT_SECRET",
            "REDIS_URL",
        ];
        assert.deepEqual(await keys(), always);
        const secrets = {
            sentryDsn: "https://key@sentry.example.com/1",
            discordAlertWebhook: "https://discord.example.com/hook",
            slackAlertWebhook: "https://slack.example.com/hook",
        };
        assert.deepEqual(
            await keys({ secrets }),
            [...always, "DISCORD_ALERT_WEBHOOK", "SENTRY_DSN", "SLACK_ALERT_WEBHOOK"].sort(),
        );
    });

    it("reaches backend and bot as a whole, and the schema job as the database URL alone", async () => {
        const plan = await planOf("local", { app: { bot: { enabled: true } } });
        const [config] = objects(plan, "ConfigMap").filter(({ metadata }) =>
            metadata.name.startsWith("spywatcher-config-"),
        );
        const [secret] = objects(plan, "Secret").filter(({ metadata }) =>
            metadata.name.startsWith("spywatcher-secrets-"),
        );
        const envFrom = [
            { configMapRef: { name: config?.metadata.name } },
            { secretRef: { name: secret?.metadata.name } },
        ];
        assert.deepEqual(backend(plan).containers[0].envFrom, envFrom);
        const bot = object(plan, "Deployment", "spywatcher-bot").spec.template.spec;
        assert.deepEqual(bot.containers[0].envFrom, envFrom);
        const [job] = objects(plan, "Job");
        const [container] = job?.spec.template.spec.containers ?? [];
        assert.equal("envFrom" in container, false);
        assert.deepEqual(container.env, [
            {
                name: "DATABASE_URL",
                valueFrom: { secretKeyRef: { name: secret?.metadata.name, key: "DATABASE_URL" } },
            },
            { name: "HOME", value: "/tmp" },
        ]);
        assert.deepEqual(container.command, ["node_modules/.bin/prisma", "db", "push", "--skip-generate"]);
    });

    it("loads the preload script into the backend only, read-only", async () => {
        const plan = await planOf("prod");
        const spec = backend(plan);
        const [preload] = objects(plan, "ConfigMap").filter(({ metadata }) =>
            metadata.name.startsWith("spywatcher-preload-"),
        );
        assert.deepEqual(spec.containers[0].env, [
            { name: "NODE_OPTIONS", value: "--require /opt/spywatcher/preload.cjs" },
        ]);
        const named = (all: { name: string }[]) => all.find(({ name }) => name === "preload");
        assert.deepEqual(named(spec.containers[0].volumeMounts), {
            name: "preload",
            mountPath: "/opt/spywatcher",
            readOnly: true,
        });
        assert.deepEqual(named(spec.volumes), {
            name: "preload",
            configMap: { name: preload?.metadata.name },
        });
    });
});

describe("settings under names that follow their content", () => {
    const names = async (
        kind: string,
        prefix: string,
        change: DeepPartial<ConfigInput> = {},
    ): Promise<string[]> =>
        objects(await planOf("prod", change), kind)
            .map(({ metadata }) => metadata.name)
            .filter((name) => name.startsWith(prefix));

    it("get a new name, and the pods with it, when a setting changes", async () => {
        const change = { app: { backend: { switches: { logLevel: "debug" as const } } } };
        const [before] = await names("ConfigMap", "spywatcher-config-");
        const [after] = await names("ConfigMap", "spywatcher-config-", change);
        assert.match(before ?? "", /^spywatcher-config-[0-9a-f]{10}$/);
        assert.notEqual(after, before);
        assert.equal(backend(await planOf("prod", change)).containers[0].envFrom[0].configMapRef.name, after);
    });

    it("get a new name, and the pods and the schema job with it, when a secret changes", async () => {
        const change = { secrets: { jwtSecret: "another-obviously-fake-secret-value" } };
        const [before] = await names("Secret", "spywatcher-secrets-");
        const [after] = await names("Secret", "spywatcher-secrets-", change);
        assert.match(before ?? "", /^spywatcher-secrets-[0-9a-f]{10}$/);
        assert.notEqual(after, before);
        assert.equal(backend(await planOf("prod", change)).containers[0].envFrom[1].secretRef.name, after);
        assert.notDeepEqual(await names("Job", "", change), await names("Job", ""));
    });

    it("keep their names when something else changes", async () => {
        const change = { app: { backend: { autoscaling: { maxReplicas: 9 } } } };
        for (const [kind, prefix] of [
            ["ConfigMap", ""],
            ["Secret", ""],
            ["Job", ""],
        ] as const) {
            assert.deepEqual(await names(kind, prefix, change), await names(kind, prefix));
        }
    });

    it("cannot be changed in place", async () => {
        const plan = await planOf("local");
        for (const kind of ["ConfigMap", "Secret"]) {
            for (const { inputs } of plan.resources.filter((each) => each.inputs["kind"] === kind)) {
                assert.equal(inputs["immutable"], true);
            }
        }
    });

    it("bring a new schema job with a new image", async () => {
        const image = "ghcr.io/subculture-collective/spywatcher-backend:main-abcdef0";
        const before = await names("Job", "spywatcher-schema-");
        const after = await names("Job", "spywatcher-schema-", { app: { backend: { image } } });
        assert.match(before[0] ?? "", /^spywatcher-schema-[0-9a-f]{10}$/);
        assert.equal(after.length, 1);
        assert.notDeepEqual(after, before);
    });
});
