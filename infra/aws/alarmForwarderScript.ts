/** File of the function's code. */
export const forwarderFile = "index.mjs";

/** What AWS calls in it. */
export const forwarderHandler = "index.handler";

/**
 * Code of the function that posts alarms of CloudWatch to chats and pagers. SNS speaks none of their languages. Discord
 * takes Slack's messages at an address of its own. A receiver that fails makes the call fail, which AWS repeats twice.
 */
export const forwarderScript = `import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const client = new SecretsManagerClient({});
const colors = { ALARM: "#d1242f", OK: "#1a7f37" };

async function receivers() {
    const command = new GetSecretValueCommand({ SecretId: process.env.RECEIVERS_SECRET });
    return JSON.parse((await client.send(command)).SecretString);
}

function severityOf({ AlarmDescription }) {
    return /^Severity: (critical|warning)$/m.exec(AlarmDescription ?? "")?.[1] ?? "critical";
}

function chatMessage(alarm, url) {
    const { AlarmName, AlarmDescription, NewStateValue, NewStateReason, Region } = alarm;
    const title = \`[\${NewStateValue}] \${AlarmName}\`;
    const text = [AlarmDescription, NewStateReason, Region].filter(Boolean).join("\\n");
    return { url, body: { attachments: [{ fallback: title, title, text, color: colors[NewStateValue] }] } };
}

const requests = {
    slack: (alarm, secret) => chatMessage(alarm, secret),
    discord: (alarm, secret) => chatMessage(alarm, \`\${secret}/slack\`),
    pagerduty: (alarm, secret) => ({
        url: "https://events.pagerduty.com/v2/enqueue",
        body: {
            routing_key: secret,
            event_action: alarm.NewStateValue === "ALARM" ? "trigger" : "resolve",
            dedup_key: alarm.AlarmArn,
            payload: {
                summary: \`\${alarm.AlarmName}: \${alarm.AlarmDescription}\`.slice(0, 1024),
                source: "CloudWatch",
                severity: severityOf(alarm),
                custom_details: { reason: alarm.NewStateReason, region: alarm.Region },
            },
        },
    }),
};

async function post({ name, kind, secret }, alarm) {
    const { url, body } = requests[kind](alarm, secret);
    const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(\`\${name} answers \${answer.status}\`);
}

export async function handler({ Records }) {
    const known = await receivers();
    const posts = Records.flatMap(({ Sns }) => {
        const alarm = JSON.parse(Sns.Message);
        return known
            .filter(({ severities }) => severities.includes(severityOf(alarm)))
            .map((receiver) => post(receiver, alarm));
    });
    const failed = (await Promise.allSettled(posts)).filter(({ status }) => status === "rejected");
    if (failed.length > 0) throw new Error(failed.map(({ reason }) => reason.message).join(", "));
}
`;
