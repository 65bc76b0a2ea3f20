import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** `critical` wakes somebody up, `warning` can wait for the working day: as the severities of alerts. */
export type AlarmSeverity = "critical" | "warning";

export interface AlarmTextArgs {
    /** What it means and what to look at. */
    description: string;
    severity: AlarmSeverity;
    /** Section of docs/RUNBOOKS.md. */
    runbook: string;
}

/** Text of an alarm. CloudWatch keeps no severity, so a line of its own tells it to whoever forwards the alarm. */
export function alarmDescription({ description, severity, runbook }: AlarmTextArgs): string {
    return [description, `Severity: ${severity}`, `Runbook: docs/RUNBOOKS.md#${runbook}`].join("\n");
}

export interface MetricAlarmArgs extends AlarmTextArgs {
    /** Name in CloudWatch. */
    name: string;
    /** Namespace of the metric, such as `AWS/RDS`. */
    namespace: string;
    metric: string;
    dimensions: Record<string, pulumi.Input<string>>;
    statistic: "Average" | "Maximum" | "Minimum" | "Sum";
    comparison: ">" | ">=" | "<";
    /** In the metric's own unit. */
    threshold: pulumi.Input<number>;
    /** Minutes the threshold must be passed without a break; a multiple of 5, or one day. */
    minutes: number;
    /**
     * What no data means: `good` for a metric that is written only when it is not zero, `no news` for one that ends with
     * what it measures, so that the alarm stays as it is. Default: that nothing is known.
     */
    noData?: "good" | "no news";
    /** ARN of the topic that is told of the alarm and of its end. */
    topicArn: pulumi.Input<string>;
}

const operators = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
} as const;

const minutesPerDay = 24 * 60;

/** Minutes a point covers: CloudWatch's own resolution is finer, but no alarm here needs it. */
const pointMinutes = 5;

const missingData = { good: "notBreaching", "no news": "ignore" } as const;

/** An alarm on one CloudWatch metric. */
export function metricAlarm(
    name: string,
    args: MetricAlarmArgs,
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
    // Some metrics are written once or twice a day.
    const point = args.minutes === minutesPerDay ? minutesPerDay : pointMinutes;
    return new aws.cloudwatch.MetricAlarm(
        name,
        {
            name: args.name,
            alarmDescription: alarmDescription(args),
            namespace: args.namespace,
            metricName: args.metric,
            dimensions: args.dimensions,
            statistic: args.statistic,
            comparisonOperator: operators[args.comparison],
            threshold: args.threshold,
            period: point * 60,
            evaluationPeriods: args.minutes / point,
            treatMissingData: args.noData === undefined ? "missing" : missingData[args.noData],
            alarmActions: [args.topicArn],
            okActions: [args.topicArn],
        },
        opts,
    );
}
