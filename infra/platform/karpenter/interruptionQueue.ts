import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, regionalArn } from "../../aws/account.ts";
import { policyDocument } from "../../aws/policyDocument.ts";

export interface InterruptionQueueArgs {
    account: AwsAccount;
    /** Name of the cluster; the queue is called after it. */
    clusterName: string;
}

/** What Karpenter acts upon, by the end of the rule's name. Names of rules have at most 64 characters. */
const events: Readonly<Record<string, { source: string; type: string }>> = {
    health: { source: "aws.health", type: "AWS Health Event" },
    spot: { source: "aws.ec2", type: "EC2 Spot Instance Interruption Warning" },
    rebalance: { source: "aws.ec2", type: "EC2 Instance Rebalance Recommendation" },
    state: { source: "aws.ec2", type: "EC2 Instance State-change Notification" },
    reservation: { source: "aws.ec2", type: "EC2 Capacity Reservation Instance Interruption Warning" },
};

/** Name of the queue of a cluster. */
export function interruptionQueueName(clusterName: string): string {
    return `${clusterName}-karpenter`;
}

/** The queue through which EC2 tells Karpenter that instances are about to go. */
export class InterruptionQueue extends pulumi.ComponentResource {
    /** Name of the queue, known when it exists. */
    readonly queueName: pulumi.Output<string>;
    /** What must exist before the controller and go after it. */
    readonly resources: pulumi.Resource[];

    constructor(name: string, args: InterruptionQueueArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:KarpenterInterruptionQueue", name, {}, opts);
        const queueName = interruptionQueueName(args.clusterName);
        const ruleNames = Object.fromEntries(
            Object.keys(events).map((event) => [event, `${queueName}-${event}`]),
        );
        const queue = new aws.sqs.Queue(
            `${name}-queue`,
            {
                name: queueName,
                // A spot instance is gone two minutes after the warning.
                messageRetentionSeconds: 300,
                sqsManagedSseEnabled: true,
            },
            { parent: this },
        );
        const queueArn = regionalArn(args.account, "sqs", queueName);
        const policy = new aws.sqs.QueuePolicy(
            `${name}-queue`,
            {
                queueUrl: queue.url,
                policy: policyDocument([
                    {
                        Sid: "SendEvents",
                        Effect: "Allow",
                        Principal: { Service: "events.amazonaws.com" },
                        Action: "sqs:SendMessage",
                        Resource: queueArn,
                        Condition: {
                            ArnEquals: {
                                "aws:SourceArn": Object.values(ruleNames).map((rule) =>
                                    regionalArn(args.account, "events", `rule/${rule}`),
                                ),
                            },
                        },
                    },
                    {
                        Sid: "DenyInsecureTransport",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "sqs:*",
                        Resource: queueArn,
                        Condition: { Bool: { "aws:SecureTransport": "false" } },
                    },
                ]),
            },
            { parent: this },
        );
        const targets = Object.entries(events).map(([event, { source, type }]) => {
            const rule = new aws.cloudwatch.EventRule(
                `${name}-${event}`,
                {
                    name: `${queueName}-${event}`,
                    description: `${type}, for Karpenter in ${args.clusterName}`,
                    eventPattern: JSON.stringify({ source: [source], "detail-type": [type] }),
                },
                { parent: this },
            );
            return new aws.cloudwatch.EventTarget(
                `${name}-${event}`,
                { rule: rule.name, targetId: "karpenter", arn: queue.arn },
                { parent: this, dependsOn: [policy] },
            );
        });
        this.queueName = queue.name;
        this.resources = [policy, ...targets];
        this.registerOutputs({ queueName: this.queueName });
    }
}
