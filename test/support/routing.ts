import type { ConfigInput } from "../../stacks/schema/index.ts";
import type { DeepPartial } from "./plans.ts";

/** An e-mail address behind a server that asks for no login. */
export const mail = {
    name: "archive",
    kind: "email" as const,
    to: "archive@example.com",
    from: "alerts@example.com",
    smarthost: { host: "mail.example.com" },
};

/** Somebody at every kind of receiver, and a heartbeat. */
export const everyone = {
    monitoring: {
        routing: {
            receivers: [
                { name: "on-call", kind: "pagerduty" },
                { name: "team", kind: "discord" },
                { name: "office", kind: "slack" },
                { ...mail, username: "alerts" },
                { name: "topic", kind: "sns" },
            ],
            routes: {
                critical: ["on-call", "team", "topic"],
                warning: ["team", "office"],
                info: ["archive"],
            },
            heartbeat: {},
        },
    },
    secrets: {
        receivers: {
            "on-call": "0123456789abcdef0123456789abcdef",
            team: "https://discord.example.com/api/webhooks/1/not-a-real-token",
            office: "https://hooks.slack.example.com/services/not-a-real-token",
            archive: "not-a-real-password",
        },
        heartbeatUrl: "https://heartbeat.example.com/not-a-real-token",
    },
} satisfies DeepPartial<ConfigInput>;

/** What makes the warnings of prod about who is told silent: somebody reads the topic, runbooks open, a heartbeat. */
export const fullyTold = {
    alarms: { emails: ["on-call@example.com"] },
    monitoring: {
        rules: { runbookBase: "https://git.example.com/infrastructure/blob/main" },
        routing: { heartbeat: {} },
    },
    secrets: { heartbeatUrl: "https://heartbeat.example.com/not-a-real-token" },
} satisfies DeepPartial<ConfigInput>;
