import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface MetricAlarmArgs {
    /** Name in CloudWatch. */
    name: string;
    /** What it means and what to look at. */
    description: string;
    /** Namespace of the metric, such as `AWS/RDS`. */
    namespace: string;
    metric: string;
    dimensions: Record<string, pulumi.Input<string>>;
    statistic: "Average" | "Maximum" | "Minimum" | "Sum";
    comparison: ">" | ">=" | "<";
    /** In the metric's own unit. */
    threshold: pulumi.Input<number>;
    /** Minutes the threshold must be passed without a break; a multiple of 5. */
    minutes: number;
    /** The metric is written only now and then: no data is good. Default: no data is no news. */
    sparse?: boolean;
    /** ARN of the topic that is told of the alarm and of its end. */
    topicArn: pulumi.Input<string>;
}

const operators = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
} as const;

/** Seconds each point covers: CloudWatch's own resolution of RDS and ElastiCache is finer, but no alarm here needs it. */
const period = 300;

/** An alarm on one CloudWatch metric. */
export function metricAlarm(
    name: string,
    args: MetricAlarmArgs,
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
        name,
        {
            name: args.name,
            alarmDescription: args.description,
            namespace: args.namespace,
            metricName: args.metric,
            dimensions: args.dimensions,
            statistic: args.statistic,
            comparisonOperator: operators[args.comparison],
            threshold: args.threshold,
            period,
            evaluationPeriods: (args.minutes * 60) / period,
            treatMissingData: args.sparse ? "notBreaching" : "missing",
            alarmActions: [args.topicArn],
            okActions: [args.topicArn],
        },
        opts,
    );
}
