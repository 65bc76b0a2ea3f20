import { type Grant, tagged } from "./grants.ts";

/** Actions that types of alarms, logs, events and queues need. */
export const monitoringAccess: Readonly<Record<string, readonly Grant[]>> = {
    "aws:cloudwatch/eventRule:EventRule": [
        {
            at: "eventRules",
            read: ["events:DescribeRule", "events:ListTagsForResource"],
            write: ["events:DeleteRule", "events:PutRule", ...tagged("events")],
        },
    ],
    "aws:cloudwatch/eventTarget:EventTarget": [
        {
            at: "eventRules",
            read: ["events:ListTargetsByRule"],
            write: ["events:PutTargets", "events:RemoveTargets"],
        },
    ],
    "aws:cloudwatch/logGroup:LogGroup": [
        { at: "region", read: ["logs:DescribeLogGroups"] },
        {
            at: "logGroups",
            read: ["logs:ListTagsForResource"],
            write: [
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                ...tagged("logs"),
            ],
        },
    ],
    "aws:cloudwatch/metricAlarm:MetricAlarm": [
        {
            at: "alarms",
            read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
            write: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", ...tagged("cloudwatch")],
        },
    ],
    "aws:lambda/function:Function": [
        {
            at: "functions",
            read: [
                "lambda:GetFunction",
                "lambda:GetFunctionCodeSigningConfig",
                "lambda:GetFunctionConfiguration",
                "lambda:ListTags",
                "lambda:ListVersionsByFunction",
            ],
            write: [
                "lambda:CreateFunction",
                "lambda:DeleteFunction",
                "lambda:UpdateFunctionCode",
                "lambda:UpdateFunctionConfiguration",
                ...tagged("lambda"),
            ],
        },
        { at: "passedRoles", write: ["iam:PassRole"] },
    ],
    "aws:lambda/permission:Permission": [
        {
            at: "functions",
            read: ["lambda:GetPolicy"],
            write: ["lambda:AddPermission", "lambda:RemovePermission"],
        },
    ],
    "aws:sns/topic:Topic": [
        {
            at: "topics",
            read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
            write: ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", ...tagged("sns")],
        },
    ],
    "aws:sns/topicPolicy:TopicPolicy": [
        { at: "topics", read: ["sns:GetTopicAttributes"], write: ["sns:SetTopicAttributes"] },
    ],
    "aws:sns/topicSubscription:TopicSubscription": [
        {
            at: "topics",
            read: ["sns:GetSubscriptionAttributes", "sns:ListSubscriptionsByTopic"],
            write: ["sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
        },
    ],
    "aws:sqs/queue:Queue": [
        {
            at: "queues",
            read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
            write: [
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:SetQueueAttributes",
                "sqs:TagQueue",
                "sqs:UntagQueue",
            ],
        },
    ],
    "aws:sqs/queuePolicy:QueuePolicy": [
        { at: "queues", read: ["sqs:GetQueueAttributes"], write: ["sqs:SetQueueAttributes"] },
    ],
};
