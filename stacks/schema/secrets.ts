import { z } from "zod";

/** Letters, digits and the marks a URL takes as they are. */
const urlSafe = /^[A-Za-z0-9._~-]+$/;

const token = (min: number) => z.string().min(min, `must have at least ${min} characters`);
const password = () =>
    token(16).regex(urlSafe, "must have only letters, digits and . _ ~ -, which a URL takes as they are");
const url = () =>
    z.url({ protocol: /^https$/, error: "must be an https URL; leave the key out when there is none" });

/** Secret values. Each is set with `pulumi config set --secret --path`. */
export const secretsSchema = z
    .strictObject({
        discordBotToken: token(50).describe(
            "Token of the Discord bot; the API needs it too. At least 50 characters.",
        ),
        discordClientSecret: token(20).describe(
            "Client secret of the Discord application. At least 20 characters.",
        ),
        jwtSecret: token(32).describe("Key that signs access tokens. At least 32 characters."),
        jwtRefreshSecret: token(32).describe(
            "Key that signs refresh tokens. At least 32 characters, other than jwtSecret.",
        ),
        postgresPassword: password().describe(
            "Password of the PostgreSQL role. At least 16 characters that a URL takes as they are.",
        ),
        redisPassword: password().describe(
            "Password or auth token of Redis. At least 16 characters that a URL takes as they are; with data.kind aws only letters, digits and hyphens.",
        ),
        grafanaAdminPassword: token(16)
            .optional()
            .describe(
                "Password of Grafana's user `admin`. At least 16 characters. Required when Grafana is installed.",
            ),
        grafanaClientSecret: z
            .string()
            .min(1, "must not be empty")
            .optional()
            .describe(
                "Client secret of `monitoring.grafana.ingress.login` of kind `oidc`. Required with it.",
            ),
        postgresUserPassword: password()
            .optional()
            .describe("Password of `data.postgres.user`, when that is another role than `spywatcher`."),
        receivers: z
            .record(z.string(), z.string().min(1, "must not be empty"))
            .default({})
            .describe(
                "Secrets of `monitoring.routing.receivers` by name: of `discord` and `slack` the webhook's URL, of `pagerduty` the integration key, of `email` with a `username` the password.",
            ),
        heartbeatUrl: url()
            .optional()
            .describe("URL that `monitoring.routing.heartbeat` calls. Required with it."),
        sentryDsn: url().optional().describe("DSN of Sentry."),
        discordAlertWebhook: url()
            .optional()
            .describe("Discord webhook the application reports security alerts to."),
        slackAlertWebhook: url()
            .optional()
            .describe("Slack webhook the application reports security alerts to."),
    })
    .describe("Secret values. In `dev` and `prod` each must be encrypted (`pulumi config set --secret`).");

export type SecretName = keyof z.infer<typeof secretsSchema>;

/** The secrets the program cannot do without. */
export const requiredSecrets = [
    "discordBotToken",
    "discordClientSecret",
    "jwtSecret",
    "jwtRefreshSecret",
    "postgresPassword",
    "redisPassword",
] as const satisfies SecretName[];

/** A value that stands for a secret nobody can read here: it passes the schema and is obviously none. */
export function placeholderSecret(name: string): string {
    const isUrl = ["heartbeatUrl", "sentryDsn", "discordAlertWebhook", "slackAlertWebhook"].includes(name);
    return isUrl
        ? `https://${name.toLowerCase()}.placeholder.invalid/`
        : `placeholder-${name}`.padEnd(64, "-");
}

/** The same for the secret of a receiver of alerts of that kind. */
export function placeholderReceiverSecret(kind: string | undefined, name: string): string {
    if (kind === "pagerduty") return "0".repeat(32);
    return kind === "email" ? placeholderSecret(name) : `https://${name}.placeholder.invalid/webhook`;
}
