import { z } from "zod";

import { heartbeat, nobody, severities } from "../../infra/platform/monitoring/alertRouting.ts";
import { integer, kubernetesName, port, serverHost } from "./primitives.ts";

const name = () =>
    kubernetesName()
        .refine(
            (text) => text !== nobody && text !== heartbeat,
            `must not be ${nobody} or ${heartbeat}: these are taken`,
        )
        .meta({ examples: ["on-call"] })
        .describe(
            "Name of the receiver, in `routes` and in Alertmanager; its secret is `secrets.receivers.<name>`.",
        );

const address = () => z.email("must be an e-mail address");

const receiver = z
    .discriminatedUnion(
        "kind",
        [
            z
                .strictObject({ name: name(), kind: z.literal("discord") })
                .describe("A channel of Discord. Its secret is the URL of the channel's webhook."),
            z
                .strictObject({ name: name(), kind: z.literal("slack") })
                .describe("A channel of Slack. Its secret is the URL of an incoming webhook."),
            z
                .strictObject({ name: name(), kind: z.literal("pagerduty") })
                .describe("A service of PagerDuty. Its secret is the key of an Events API v2 integration."),
            z
                .strictObject({
                    name: name(),
                    kind: z.literal("email"),
                    to: address().describe("Address that mail goes to."),
                    from: address().describe("Address that mail comes from."),
                    smarthost: z
                        .strictObject({
                            host: serverHost().describe("Mail server; it must offer TLS."),
                            port: port()
                                .default(587)
                                .describe("Port of the server. At 465 TLS begins at once."),
                        })
                        .describe("Who takes the mail."),
                    username: z
                        .string()
                        .min(1, "must not be empty")
                        .optional()
                        .describe(
                            "Whom to log in as; the receiver's secret is the password. Default: no login.",
                        ),
                })
                .describe("An e-mail address."),
            z
                .strictObject({ name: name(), kind: z.literal("sns") })
                .describe(
                    "The topic of AWS's own alarms, and so `alarms.emails`. Needs `cluster.kind: eks`, and no secret.",
                ),
        ],
        'must be "discord", "slack", "pagerduty", "email" or "sns"',
    )
    .describe("Somebody who is told of alerts.");

const routeMeanings: Record<(typeof severities)[number], string> = {
    critical:
        "Receivers, by name, of what somebody has to get up for; in AWS of its own critical alarms as well.",
    warning:
        "Receivers, by name, of what can wait for the working day, and of alerts without a known severity; in AWS of its other alarms as well.",
    info: "Receivers, by name, of what only explains other alerts.",
};

const route = (severity: (typeof severities)[number]) =>
    z.array(z.string()).default([]).describe(routeMeanings[severity]);

const timeOfDay = (byDefault: string) =>
    z
        .string()
        .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time from 00:00 to 23:59, in quotes")
        .default(byDefault);

/** An alias such as Asia/Kolkata, for which Intl names another one: spelled as in IANA's database, it has no two capitals in a row. */
const alias = /^[A-Z][a-z]+(?:\/[A-Z](?:[a-z]|[_-]?[A-Z](?=[a-z])|[_-][a-z])+)+$/;

/** True for a name of IANA's database in its own spelling, which Alertmanager needs. */
function isTimeZone(zone: string): boolean {
    try {
        const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
        const isName = /^[A-Z]/.test(zone);
        return (
            isName &&
            (timeZone === zone || (timeZone.toLowerCase() !== zone.toLowerCase() && alias.test(zone)))
        );
    } catch {
        return false;
    }
}

const quietHours = z
    .strictObject({
        enabled: z
            .boolean()
            .optional()
            .describe("Tell nobody of what is not critical at these times. Default: in dev only."),
        timeZone: z
            .string()
            .refine(isTimeZone, "must be a time zone such as UTC or Europe/Berlin")
            .default("UTC")
            .describe("Time zone of the hours."),
        from: timeOfDay("20:00").describe("Time at which the night begins."),
        to: timeOfDay("08:00").describe("Time at which it ends, the next day when that is earlier."),
        weekends: z.boolean().default(true).describe("Saturdays and Sundays as well."),
    })
    .prefault({})
    .describe("Nights and weekends.");

export const routingSchema = z
    .strictObject({
        receivers: z
            .array(receiver)
            .default([])
            .describe(
                "Who can be told: objects with `name`, `kind` and what that kind needs. `discord`, `slack` (a webhook) and `pagerduty` (an integration key) need a secret only; `email` needs `to`, `from`, `smarthost.host`, and may have `smarthost.port` and `username`; `sns` is the topic of `alarms`.",
            ),
        routes: z
            .strictObject({
                critical: route("critical"),
                warning: route("warning"),
                info: route("info"),
            })
            .prefault({}),
        heartbeat: z
            .strictObject({
                everyMinutes: integer(1, 60).default(5).describe("Minutes between two calls."),
            })
            .optional()
            .describe(
                "Calls `secrets.heartbeatUrl` again and again, as long as alerts get through. The service behind it must tell you when the calls stay out, for nothing in the cluster can. Default: none. `{}` is enough.",
            ),
        quietHours,
    })
    .prefault({})
    .describe("Who is told of which alerts.");
