import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, regionalArn } from "../aws/account.ts";
import { policyDocument } from "../aws/policyDocument.ts";

export interface FlowLogArgs {
    account: AwsAccount;
    /** Prefix of physical names. */
    namePrefix: string;
    vpcId: pulumi.Input<string>;
    /** Days the records are kept. */
    retentionDays: number;
    /** KMS key of the log group. */
    logKeyArn: pulumi.Input<string>;
}

/** Name of the log group of a VPC's flow logs. */
export function flowLogGroupName(namePrefix: string): string {
    return `/aws/vpc/${namePrefix}/flow-logs`;
}

/** Records of all traffic of a VPC, accepted and rejected, in CloudWatch Logs. */
export class FlowLog extends pulumi.ComponentResource {
    constructor(name: string, args: FlowLogArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:network:FlowLog", name, {}, opts);
        const child = { parent: this };
        const groupName = flowLogGroupName(args.namePrefix);
        const groupArn = regionalArn(args.account, "logs", `log-group:${groupName}`);
        const group = new aws.cloudwatch.LogGroup(
            `${name}-group`,
            { name: groupName, retentionInDays: args.retentionDays, kmsKeyId: args.logKeyArn },
            child,
        );
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: `${args.namePrefix}-flow-logs`,
                description: "Lets VPC flow logs write to their log group",
                assumeRolePolicy: policyDocument([
                    {
                        Effect: "Allow",
                        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                        Action: "sts:AssumeRole",
                        // Keeps the service from acting for another account (confused deputy).
                        Condition: {
                            StringEquals: { "aws:SourceAccount": args.account.accountId },
                            ArnLike: {
                                "aws:SourceArn": regionalArn(args.account, "ec2", "vpc-flow-log/*"),
                            },
                        },
                    },
                ]),
            },
            child,
        );
        const policy = new aws.iam.RolePolicy(
            `${name}-policy`,
            {
                role: role.name,
                name: "write-flow-logs",
                policy: policyDocument([
                    {
                        Effect: "Allow",
                        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                        Resource: [groupArn, `${groupArn}:*`],
                    },
                    {
                        Effect: "Allow",
                        Action: "logs:DescribeLogGroups",
                        Resource: regionalArn(args.account, "logs", "log-group:*"),
                    },
                ]),
            },
            child,
        );
        new aws.ec2.FlowLog(
            name,
            {
                vpcId: args.vpcId,
                trafficType: "ALL",
                logDestinationType: "cloud-watch-logs",
                logDestination: group.arn,
                iamRoleArn: role.arn,
                maxAggregationInterval: 60,
                tags: { Name: `${args.namePrefix}-flow-logs` },
            },
            { ...child, dependsOn: [policy] },
        );
        this.registerOutputs({});
    }
}
