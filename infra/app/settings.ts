import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { databaseCaKey } from "../data/data.ts";
import { contentName } from "../kubernetes/contentName.ts";
import { appLabel } from "../kubernetes/labels.ts";
import { keepAliveTimeoutMs } from "./drain.ts";
import type { Hosts } from "./ingress.ts";
import { preloadFile, preloadScript } from "./preload.ts";

/** The application's switches that are not secret. */
export interface SwitchesArgs {
    logLevel: "error" | "warn" | "info" | "debug";
    /** Answer 503 to everything, probes included, when the node is busy. Harmful under an HPA. */
    loadShedding: boolean;
    /** 100 requests per client and 15 minutes on `/api`. */
    rateLimiting: boolean;
    /** Block a client for an hour after 10 refusals. */
    ipBlocking: boolean;
    /** Proxies in front of the backend whose `X-Forwarded-For` it trusts. */
    trustedProxyHops: number;
}

export interface DiscordArgs {
    /** Client id of the Discord application. */
    clientId: string;
    /** Fallback guild. Default: none. */
    guildId?: string | undefined;
    /** Discord user ids of the administrators. */
    adminIds: readonly string[];
    /** Guilds the bot serves; with none, guild routes answer 403. */
    botGuildIds: readonly string[];
}

/** Secret values of the application; what is undefined is left out, since the application refuses an empty value. */
export interface ApplicationSecrets {
    discordBotToken: pulumi.Input<string>;
    discordClientSecret: pulumi.Input<string>;
    jwtSecret: pulumi.Input<string>;
    jwtRefreshSecret: pulumi.Input<string>;
    sentryDsn?: pulumi.Input<string> | undefined;
    discordAlertWebhook?: pulumi.Input<string> | undefined;
    slackAlertWebhook?: pulumi.Input<string> | undefined;
}

export interface EnvironmentArgs {
    port: number;
    hosts: Hosts;
    discord: DiscordArgs;
    switches: SwitchesArgs;
    idleTimeoutSeconds: number;
}

/** Environment variables of backend and bot that are not secret. */
export function environmentVariables(args: EnvironmentArgs): Record<string, string> {
    const { discord, switches } = args;
    const frontendUrl = `https://${args.hosts.frontend}`;
    return {
        NODE_ENV: "production",
        PORT: String(args.port),
        LOG_LEVEL: switches.logLevel,
        CORS_ORIGINS: frontendUrl,
        FRONTEND_URL: frontendUrl,
        DISCORD_CLIENT_ID: discord.clientId,
        DISCORD_REDIRECT_URI: `${frontendUrl}/auth/callback`,
        ...(discord.guildId !== undefined && { DISCORD_GUILD_ID: discord.guildId }),
        ...(discord.adminIds.length > 0 && { ADMIN_DISCORD_IDS: discord.adminIds.join(",") }),
        ...(discord.botGuildIds.length > 0 && { BOT_GUILD_IDS: discord.botGuildIds.join(",") }),
        ENABLE_LOAD_SHEDDING: String(switches.loadShedding),
        ENABLE_RATE_LIMITING: String(switches.rateLimiting),
        ENABLE_IP_BLOCKING: String(switches.ipBlocking),
        // false would switch off every use of Redis, not only the rate limits.
        ENABLE_REDIS_RATE_LIMITING: "true",
        KEEP_ALIVE_TIMEOUT_MS: String(keepAliveTimeoutMs(args.idleTimeoutSeconds)),
        TRUST_PROXY_HOPS: String(switches.trustedProxyHops),
    };
}

export interface SettingsArgs {
    namespace: pulumi.Input<string>;
    environment: EnvironmentArgs;
    secrets: ApplicationSecrets;
    databaseUrl: pulumi.Input<string>;
    redisUrl: pulumi.Input<string>;
    /** PEM of the certificate that verifies the database's. Default: none is mounted. */
    databaseCa?: string | undefined;
    /** Mount the preload script into the backend. */
    preload: boolean;
}

/** ConfigMaps and Secret of the application. Their names change with their content, so that a change rolls the pods. */
export class Settings extends pulumi.ComponentResource {
    /** Name of the ConfigMap with the environment variables. */
    readonly configMap: pulumi.Output<string>;
    /** Name of the Secret with the secret environment variables. */
    readonly secret: pulumi.Output<string>;
    /** Name of the ConfigMap with the preload script. */
    readonly preloadConfigMap: pulumi.Output<string> | undefined;
    /** Name of the ConfigMap with the certificate that verifies the database's. */
    readonly databaseCaConfigMap: pulumi.Output<string> | undefined;

    constructor(name: string, args: SettingsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:app:Settings", name, {}, opts);
        const metadata = {
            namespace: args.namespace,
            labels: { app: appLabel, "app.kubernetes.io/part-of": appLabel },
        };
        const configMap = (suffix: string, data: Record<string, string>): pulumi.Output<string> =>
            new k8s.core.v1.ConfigMap(
                `${name}-${suffix}`,
                {
                    metadata: { ...metadata, name: contentName(`${appLabel}-${suffix}`, data) },
                    data,
                    immutable: true,
                },
                { parent: this },
            ).metadata.name;
        this.configMap = configMap("config", environmentVariables(args.environment));

        const { secrets } = args;
        const stringData = {
            DISCORD_BOT_TOKEN: pulumi.secret(secrets.discordBotToken),
            DISCORD_CLIENT_SECRET: pulumi.secret(secrets.discordClientSecret),
            JWT_SECRET: pulumi.secret(secrets.jwtSecret),
            JWT_REFRESH_SECRET: pulumi.secret(secrets.jwtRefreshSecret),
            DATABASE_URL: pulumi.secret(args.databaseUrl),
            REDIS_URL: pulumi.secret(args.redisUrl),
            ...(secrets.sentryDsn !== undefined && { SENTRY_DSN: pulumi.secret(secrets.sentryDsn) }),
            ...(secrets.discordAlertWebhook !== undefined && {
                DISCORD_ALERT_WEBHOOK: pulumi.secret(secrets.discordAlertWebhook),
            }),
            ...(secrets.slackAlertWebhook !== undefined && {
                SLACK_ALERT_WEBHOOK: pulumi.secret(secrets.slackAlertWebhook),
            }),
        };
        // The name shows ten digits of a hash over several random values together: nothing can be guessed from it.
        const secretName = pulumi.unsecret(
            pulumi.output(stringData).apply((values) => contentName(`${appLabel}-secrets`, values)),
        );
        this.secret = new k8s.core.v1.Secret(
            `${name}-secrets`,
            { metadata: { ...metadata, name: secretName }, type: "Opaque", stringData, immutable: true },
            { parent: this },
        ).metadata.name;

        if (args.preload) this.preloadConfigMap = configMap("preload", { [preloadFile]: preloadScript });
        if (args.databaseCa !== undefined) {
            this.databaseCaConfigMap = configMap("database-ca", { [databaseCaKey]: args.databaseCa });
        }
        this.registerOutputs({});
    }
}
