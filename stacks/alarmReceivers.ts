import type { AlarmReceiver } from "../infra/aws/alarmForwarder.ts";
import type { AlarmSeverity } from "../infra/aws/metricAlarm.ts";
import type { Receiver } from "../infra/platform/monitoring/receivers.ts";
import type { Config } from "./schema/index.ts";

type Routing = Config["monitoring"]["routing"];

function severitiesOf({ routes }: Routing, { name }: Receiver): AlarmSeverity[] {
    return (["critical", "warning"] as const).filter((severity) => routes[severity].includes(name));
}

/** Chats and pagers among the receivers of alerts, which are told of CloudWatch's alarms of the same severities. */
export function alarmReceivers({
    monitoring: { routing },
    secrets,
}: Pick<Config, "monitoring" | "secrets">): AlarmReceiver[] {
    return routing.receivers.flatMap((receiver) => {
        const { name, kind } = receiver;
        const severities = severitiesOf(routing, receiver);
        if (kind === "sns" || kind === "email" || severities.length === 0) return [];
        const secret = secrets.receivers[name];
        if (secret === undefined) throw new Error(`the receiver ${name} needs a secret`);
        return [{ name, kind, severities, secret }];
    });
}

/** Addresses that AWS mails its alarms to: those of the alarms, and of the receivers of alerts. */
export function alarmEmails({
    alarms,
    monitoring: { routing },
}: Pick<Config, "alarms" | "monitoring">): string[] {
    const receivers = routing.receivers.flatMap((receiver) =>
        receiver.kind === "email" && severitiesOf(routing, receiver).length > 0 ? [receiver.to] : [],
    );
    return [...new Set([...alarms.emails, ...receivers])];
}
