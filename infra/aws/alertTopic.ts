import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, regionalArn } from "./account.ts";
import { encryptionKey } from "./encryptionKey.ts";
import { policyDocument, type Statement } from "./policyDocument.ts";

export interface AlertTopicArgs {
    account: AwsAccount;
    /** Prefix of physical names. */
    namePrefix: string;
    /** Addresses that get each alarm. Each confirms its subscription by the link in a first message. */
    emails: readonly string[];
    /** Refuse to delete the topic's key. */
    protect: boolean;
}

function topicNamed(namePrefix: string): string {
    return `${namePrefix}-alerts`;
}

/** What a role of the account may do to publish to the topic: use the topic itself and the key that encrypts it. */
export function publishStatements(account: AwsAccount, namePrefix: string): Statement[] {
    const topicName = topicNamed(namePrefix);
    return [
        { Effect: "Allow", Action: "sns:Publish", Resource: regionalArn(account, "sns", topicName) },
        {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            // The key's id is not known before the key is made, but its alias is.
            Resource: regionalArn(account, "kms", "key/*"),
            Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": `alias/${topicName}` } },
        },
    ];
}

/** The topic that alarms of CloudWatch and alerts of Prometheus are sent to, and who gets them. */
export class AlertTopic extends pulumi.ComponentResource {
    /** What alarms name as their action; known when CloudWatch may publish. */
    readonly arn: pulumi.Output<string>;
    /** KMS key of the messages. */
    readonly keyArn: pulumi.Output<string>;

    constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:aws:AlertTopic", name, {}, opts);
        const child = { parent: this };
        const topicName = topicNamed(args.namePrefix);
        const topicArn = regionalArn(args.account, "sns", topicName);
        const alarms = {
            StringEquals: { "aws:SourceAccount": args.account.accountId },
            ArnLike: { "aws:SourceArn": regionalArn(args.account, "cloudwatch", "alarm:*") },
        };
        // A key of its own: CloudWatch may use it, and with a key it may not use alarms vanish without a word.
        const key = encryptionKey(
            `${name}-key`,
            {
                account: args.account,
                alias: topicName,
                description: `Alarms of ${args.namePrefix} on their way`,
                statements: [
                    {
                        Sid: "Alarms",
                        Effect: "Allow",
                        Principal: { Service: "cloudwatch.amazonaws.com" },
                        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
                        Resource: "*",
                        Condition: alarms,
                    },
                ],
                protect: args.protect,
            },
            child,
        );
        const topic = new aws.sns.Topic(name, { name: topicName, kmsMasterKeyId: key.arn }, child);
        const policy = new aws.sns.TopicPolicy(
            `${name}-policy`,
            {
                arn: topic.arn,
                policy: policyDocument([
                    {
                        Sid: "Alarms",
                        Effect: "Allow",
                        Principal: { Service: "cloudwatch.amazonaws.com" },
                        Action: "sns:Publish",
                        Resource: topicArn,
                        Condition: alarms,
                    },
                    {
                        Sid: "DenyInsecureTransport",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "sns:Publish",
                        Resource: topicArn,
                        Condition: { Bool: { "aws:SecureTransport": "false" } },
                    },
                ]),
            },
            child,
        );
        for (const [index, email] of args.emails.entries()) {
            new aws.sns.TopicSubscription(
                `${name}-email-${index + 1}`,
                { topic: topic.arn, protocol: "email", endpoint: email },
                child,
            );
        }
        this.arn = policy.arn;
        this.keyArn = key.arn;
        this.registerOutputs({ arn: this.arn });
    }
}
