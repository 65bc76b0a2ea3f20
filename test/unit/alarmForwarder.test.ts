import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { forwarderFile, forwarderScript } from "../../infra/aws/alarmForwarderScript.ts";
import { alarmEmails, alarmReceivers } from "../../stacks/alarmReceivers.ts";
import { configOf, planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";
import { mail } from "../support/routing.ts";

const routing = {
    receivers: [
        { name: "topic", kind: "sns" as const },
        { name: "team", kind: "discord" as const },
        { name: "chat", kind: "slack" as const },
        { name: "on-call", kind: "pagerduty" as const },
        mail,
    ],
    routes: { critical: ["topic", "on-call", "team"], warning: ["topic", "team"], info: ["chat", "archive"] },
};
const webhook = "https://discord.example.com/api/webhooks/1/not-a-real-token";
const integrationKey = "0000000000not0a0real0key00000000";
const change = {
    monitoring: { routing },
    secrets: {
        receivers: {
            team: webhook,
            chat: "https://slack.example.com/not-a-real-token",
            "on-call": integrationKey,
        },
    },
};
const topicArn = "arn:aws:sns:us-east-1:123456789012:spywatcher-prod-alerts";

describe("AWS's own alarms reach the receivers of alerts", () => {
    it("that are chats or pagers, by the severities they are told of", () => {
        assert.deepEqual(alarmReceivers(configOf("prod", change)), [
            { name: "team", kind: "discord", severities: ["critical", "warning"], secret: webhook },
            { name: "on-call", kind: "pagerduty", severities: ["critical"], secret: integrationKey },
        ]);
    });

    it("that are mailed, beside the addresses of the alarms and each once", () => {
        const routes = { ...routing.routes, critical: ["on-call", "archive"] };
        const emails = ["on-call@example.com", mail.to];
        const config = { alarms: { emails }, monitoring: { routing: { ...routing, routes } } };
        assert.deepEqual(alarmEmails(configOf("prod", { ...change, ...config })), emails);
        assert.deepEqual(alarmEmails(configOf("prod", { ...change, ...config, alarms: { emails: [] } })), [
            mail.to,
        ]);
        assert.deepEqual(alarmEmails(configOf("prod", change)), []);
    });

    it("by a function behind the topic, which is sent CloudWatch's messages alone", async () => {
        const plan = await planOf("prod", change);
        const { inputs, dependsOn } = byName(plan, "aws:lambda/function:Function", "alarm-forwarder");
        const { code, ...rest } = inputs;
        assert.ok(code !== undefined);
        const secret =
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:spywatcher-prod-alarm-receivers-alarm-forwarder-receivers";
        assert.deepEqual(rest, {
            name: "spywatcher-prod-alarm-forwarder",
            description: "Posts alarms of CloudWatch to chats and pagers",
            role: "arn:aws:iam::123456789012:role/spywatcher-prod-alarm-forwarder",
            runtime: "nodejs24.x",
            architectures: ["arm64"],
            handler: "index.handler",
            timeout: 20,
            memorySize: 128,
            environment: { variables: { RECEIVERS_SECRET: secret } },
            loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/spywatcher-prod-alarm-forwarder" },
        });
        const urns = ["alarm-forwarder-policy-attachment", "alarm-forwarder-receivers-version"];
        for (const name of urns)
            assert.ok(
                dependsOn.some((urn) => urn.endsWith(`::${name}`)),
                name,
            );
        assert.deepEqual(
            byName(plan, "aws:sns/topicSubscription:TopicSubscription", "alarm-forwarder-subscription")
                .inputs,
            {
                topic: topicArn,
                protocol: "lambda",
                endpoint: "arn:aws:lambda:us-east-1:123456789012:function:spywatcher-prod-alarm-forwarder",
                filterPolicyScope: "MessageBody",
                filterPolicy: '{"AlarmArn":[{"exists":true}]}',
            },
        );
        assert.deepEqual(
            byName(plan, "aws:lambda/permission:Permission", "alarm-forwarder-permission").inputs,
            {
                function: "spywatcher-prod-alarm-forwarder",
                action: "lambda:InvokeFunction",
                principal: "sns.amazonaws.com",
                sourceArn: topicArn,
            },
        );
        const policy = byName(plan, "aws:iam/policy:Policy", "alarm-forwarder-policy").inputs["policy"];
        assert.deepEqual((JSON.parse(String(policy)) as { Statement: unknown }).Statement, [
            {
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource:
                    "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/spywatcher-prod-alarm-forwarder:*",
            },
            { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret },
            {
                Effect: "Allow",
                Action: "kms:Decrypt",
                Resource: "arn:aws:kms:us-east-1:123456789012:key/alerts-key-id",
                Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
            },
        ]);
        const text = JSON.stringify(plan);
        assert.equal(text.includes("not-a-real"), false);
        assert.equal(text.includes(integrationKey), false);
    });

    it("and no function is made where nobody could be told by one", async () => {
        assert.deepEqual(ofType(await planOf("prod"), "aws:lambda/function:Function"), []);
    });
});

describe("the function that forwards alarms", () => {
    const { fetch } = globalThis;
    let folder: string;
    let handler: (event: unknown) => Promise<void>;
    let posts: { url: string; body: any }[];
    let status: number;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-forwarder-"));
        const sdk = join(folder, "node_modules/@aws-sdk/client-secrets-manager");
        mkdirSync(sdk, { recursive: true });
        writeFileSync(join(sdk, "package.json"), '{ "type": "module", "exports": "./index.js" }');
        const receivers = JSON.stringify(alarmReceivers(configOf("prod", change)));
        writeFileSync(
            join(sdk, "index.js"),
            `export class GetSecretValueCommand { constructor({ SecretId }) { this.id = SecretId; } }
            export class SecretsManagerClient {
                async send({ id }) { if (id === "the-secret") return { SecretString: ${JSON.stringify(receivers)} }; }
            }`,
        );
        const file = join(folder, forwarderFile);
        writeFileSync(file, forwarderScript);
        process.env["RECEIVERS_SECRET"] = "the-secret";
        ({ handler } = (await import(pathToFileURL(file).href)) as { handler: typeof handler });
    });
    beforeEach(() => {
        posts = [];
        status = 200;
        globalThis.fetch = (url, init) => {
            posts.push({ url: url as string, body: JSON.parse(init?.body as string) });
            return Promise.resolve(new Response(null, { status }));
        };
    });
    after(() => {
        globalThis.fetch = fetch;
        Reflect.deleteProperty(process.env, "RECEIVERS_SECRET");
        rmSync(folder, { recursive: true });
    });

    /** What SNS hands over of an alarm (CloudWatch User Guide, "Amazon SNS notifications"). */
    const event = (severity: string, NewStateValue = "ALARM") => ({
        Records: [
            {
                Sns: {
                    Message: JSON.stringify({
                        AlarmName: "spywatcher-prod-postgres-storage",
                        AlarmDescription: `Less than a tenth is free.\nSeverity: ${severity}`,
                        AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:x",
                        NewStateValue,
                        NewStateReason: "Threshold Crossed",
                        Region: "US East (N. Virginia)",
                    }),
                },
            },
        ],
    });

    it("posts a critical alarm to chat and pager", async () => {
        await handler(event("critical"));
        assert.deepEqual(posts, [
            {
                url: `${webhook}/slack`,
                body: {
                    attachments: [
                        {
                            fallback: "[ALARM] spywatcher-prod-postgres-storage",
                            title: "[ALARM] spywatcher-prod-postgres-storage",
                            text: "Less than a tenth is free.\nSeverity: critical\nThreshold Crossed\nUS East (N. Virginia)",
                            color: "#d1242f",
                        },
                    ],
                },
            },
            {
                url: "https://events.pagerduty.com/v2/enqueue",
                body: {
                    routing_key: integrationKey,
                    event_action: "trigger",
                    dedup_key: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:x",
                    payload: {
                        summary:
                            "spywatcher-prod-postgres-storage: Less than a tenth is free.\nSeverity: critical",
                        source: "CloudWatch",
                        severity: "critical",
                        custom_details: { reason: "Threshold Crossed", region: "US East (N. Virginia)" },
                    },
                },
            },
        ]);
    });

    it("tells of an alarm's end", async () => {
        await handler(event("critical", "OK"));
        assert.deepEqual(
            posts.map(({ body }) => body.event_action ?? body.attachments[0].color),
            ["#1a7f37", "resolve"],
        );
    });

    it("wakes nobody for a warning", async () => {
        await handler(event("warning"));
        assert.deepEqual(
            posts.map(({ url }) => url),
            [`${webhook}/slack`],
        );
    });

    it("takes an alarm without a severity for a critical one", async () => {
        await handler(event("none"));
        assert.equal(posts.length, 2);
    });

    it("fails when a receiver does not take it, naming the receiver and not its address", async () => {
        status = 404;
        await assert.rejects(handler(event("critical")), {
            message: "team answers 404, on-call answers 404",
        });
    });
});
