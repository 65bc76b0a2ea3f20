import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "./account.ts";
import { forwarderFile, forwarderHandler, forwarderScript } from "./alarmForwarderScript.ts";
import { jsonSecret } from "./jsonSecret.ts";
import { type AlarmSeverity, metricAlarm } from "./metricAlarm.ts";
import { policyDocument } from "./policyDocument.ts";

/** A chat or a pager that is told of alarms. */
export interface AlarmReceiver {
    name: string;
    kind: "discord" | "slack" | "pagerduty";
    /** Severities it is told of. */
    severities: readonly AlarmSeverity[];
    /** The webhook's address, or the integration key. */
    secret: string;
}

export interface AlarmForwarderArgs {
    account: AwsAccount;
    /** Prefix of physical names. */
    namePrefix: string;
    /** ARN of the topic that alarms are sent to. */
    topicArn: pulumi.Input<string>;
    /** KMS key of the receivers' secrets. */
    keyArn: pulumi.Input<string>;
    /** KMS key of the log group. */
    logKeyArn: pulumi.Input<string>;
    receivers: readonly AlarmReceiver[];
}

/** Days the function's log is kept; it says no more than which receiver did not answer. */
const logRetentionInDays = 30;

function functionName(namePrefix: string): string {
    return `${namePrefix}-alarm-forwarder`;
}

/** Name of the log group of a stack's function. */
export function forwarderLogGroupName(namePrefix: string): string {
    return `/aws/lambda/${functionName(namePrefix)}`;
}

/** Tells chats and pagers of CloudWatch's alarms: a function behind the topic. */
export class AlarmForwarder extends pulumi.ComponentResource {
    constructor(name: string, args: AlarmForwarderArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:aws:AlarmForwarder", name, {}, opts);
        const { account, namePrefix, topicArn } = args;
        const child = { parent: this };
        const physicalName = functionName(namePrefix);
        const { secret, version } = jsonSecret(
            `${name}-receivers`,
            {
                namePrefix: `${namePrefix}-alarm-receivers`,
                description: `Whom the alarms of ${namePrefix} are forwarded to; written by Pulumi from its configuration`,
                keyArn: args.keyArn,
                content: pulumi.secret(args.receivers),
            },
            child,
        );
        const logGroup = new aws.cloudwatch.LogGroup(
            `${name}-log-group`,
            {
                name: forwarderLogGroupName(namePrefix),
                retentionInDays: logRetentionInDays,
                kmsKeyId: args.logKeyArn,
            },
            child,
        );
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: physicalName,
                assumeRolePolicy: policyDocument([
                    {
                        Effect: "Allow",
                        Principal: { Service: "lambda.amazonaws.com" },
                        Action: "sts:AssumeRole",
                    },
                ]),
            },
            child,
        );
        const policy = new aws.iam.Policy(
            `${name}-policy`,
            {
                name: physicalName,
                policy: pulumi
                    .all([logGroup.arn, secret.arn, args.keyArn])
                    .apply(([logGroupArn, secretArn, keyArn]) =>
                        policyDocument([
                            {
                                Effect: "Allow",
                                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                                Resource: `${logGroupArn}:*`,
                            },
                            {
                                Effect: "Allow",
                                Action: "secretsmanager:GetSecretValue",
                                Resource: secretArn,
                            },
                            {
                                Effect: "Allow",
                                Action: "kms:Decrypt",
                                Resource: keyArn,
                                Condition: {
                                    StringEquals: {
                                        "kms:ViaService": `secretsmanager.${account.region}.amazonaws.com`,
                                    },
                                },
                            },
                        ]),
                    ),
            },
            child,
        );
        const attachment = new aws.iam.RolePolicyAttachment(
            `${name}-policy-attachment`,
            { role: role.name, policyArn: policy.arn },
            child,
        );
        const forwarder = new aws.lambda.Function(
            name,
            {
                name: physicalName,
                description: "Posts alarms of CloudWatch to chats and pagers",
                role: role.arn,
                runtime: aws.lambda.Runtime.NodeJS24dX,
                architectures: ["arm64"],
                handler: forwarderHandler,
                code: new pulumi.asset.AssetArchive({
                    [forwarderFile]: new pulumi.asset.StringAsset(forwarderScript),
                }),
                // A receiver is given 10 seconds.
                timeout: 20,
                memorySize: 128,
                environment: { variables: { RECEIVERS_SECRET: secret.arn } },
                loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
            },
            { parent: this, dependsOn: [attachment, version] },
        );
        const permission = new aws.lambda.Permission(
            `${name}-permission`,
            {
                function: forwarder.name,
                action: "lambda:InvokeFunction",
                principal: "sns.amazonaws.com",
                sourceArn: topicArn,
            },
            child,
        );
        new aws.sns.TopicSubscription(
            `${name}-subscription`,
            {
                topic: topicArn,
                protocol: "lambda",
                endpoint: forwarder.arn,
                // Alertmanager publishes to the topic too, and tells the same receivers by itself.
                filterPolicyScope: "MessageBody",
                filterPolicy: JSON.stringify({ AlarmArn: [{ exists: true }] }),
            },
            { parent: this, dependsOn: permission },
        );
        metricAlarm(
            `${name}-errors`,
            {
                name: `${physicalName}-errors`,
                description: "A chat or a pager was not told of an alarm; the function's log says which",
                severity: "warning",
                runbook: "alarm-forwarder-errors",
                namespace: "AWS/Lambda",
                metric: "Errors",
                dimensions: { FunctionName: forwarder.name },
                statistic: "Sum",
                comparison: ">",
                threshold: 0,
                minutes: 5,
                noData: "good",
                topicArn,
            },
            child,
        );
        this.registerOutputs({});
    }
}
