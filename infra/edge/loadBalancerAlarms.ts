import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { alarmDescription, type AlarmSeverity } from "../aws/metricAlarm.ts";

export interface LoadBalancerAlarmsArgs {
    /** Prefix of the alarms' names. */
    namePrefix: string;
    /** ARN of the topic that is told of an alarm and of its end. */
    topicArn: pulumi.Input<string>;
}

interface Alarm {
    readonly suffix: string;
    readonly description: string;
    readonly severity: AlarmSeverity;
    /** Function and metric, as a query has them. */
    readonly select: string;
    /** Dimensions of the metric; each of their combinations is watched by itself. */
    readonly by: readonly string[];
    readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
    /** In the metric's own unit. */
    readonly threshold: number;
    /** Seconds of one point. */
    readonly period: number;
    /** Points that must all pass the threshold. */
    readonly points: number;
    /** `notBreaching` for metrics that are written only when they are not zero. */
    readonly missing: "notBreaching" | "missing";
}

/** Where the alarms begin. Judgement: what no user should meet for as long as the alarm waits. */
export const loadBalancerLimits = {
    /** Answers 5xx of the load balancer itself, in 5 minutes. */
    errors: 10,
    /** Answers 5xx of the application, in 5 minutes. */
    targetErrors: 50,
    /** Seconds on average. The long polls of clients without WebSockets count too; Metrics Insights has no percentiles. */
    responseSeconds: 1,
    /** Requests in 5 minutes: 250 a second, what ten backend pods take (docs/AUTO_SCALING.md). */
    requests: 75_000,
} as const;

/** Metrics of AWS/ApplicationELB. */
const alarms: readonly Alarm[] = [
    {
        suffix: "errors",
        description: "The load balancer itself answers 5xx: no healthy target, or a target that breaks off",
        severity: "critical",
        select: "SUM(HTTPCode_ELB_5XX_Count)",
        by: ["LoadBalancer"],
        comparison: "GreaterThanThreshold",
        threshold: loadBalancerLimits.errors,
        period: 300,
        points: 1,
        missing: "notBreaching",
    },
    {
        suffix: "target-errors",
        description: "The application answers 5xx",
        severity: "warning",
        select: "SUM(HTTPCode_Target_5XX_Count)",
        by: ["LoadBalancer"],
        comparison: "GreaterThanThreshold",
        threshold: loadBalancerLimits.targetErrors,
        period: 300,
        points: 1,
        missing: "notBreaching",
    },
    {
        suffix: "response-time",
        description: "The application takes more than a second on average",
        severity: "warning",
        select: "AVG(TargetResponseTime)",
        by: ["LoadBalancer"],
        comparison: "GreaterThanThreshold",
        threshold: loadBalancerLimits.responseSeconds,
        period: 300,
        points: 3,
        missing: "notBreaching",
    },
    {
        suffix: "requests",
        description:
            "More requests than the application's ten pods can answer: see whether they are all users'",
        severity: "warning",
        select: "SUM(RequestCount)",
        by: ["LoadBalancer"],
        comparison: "GreaterThanThreshold",
        threshold: loadBalancerLimits.requests,
        period: 300,
        points: 1,
        missing: "notBreaching",
    },
    {
        suffix: "rejected-connections",
        description: "The load balancer has more connections than it can hold",
        severity: "critical",
        select: "SUM(RejectedConnectionCount)",
        by: ["LoadBalancer"],
        comparison: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        points: 1,
        missing: "notBreaching",
    },
    {
        suffix: "unhealthy-targets",
        description: "A pod fails the load balancer's health check for longer than a start or a drain takes",
        severity: "warning",
        select: "MIN(UnHealthyHostCount)",
        by: ["LoadBalancer", "TargetGroup"],
        comparison: "GreaterThanThreshold",
        threshold: 0,
        period: 60,
        points: 10,
        missing: "notBreaching",
    },
    {
        suffix: "no-healthy-target",
        description: "No pod of a target group passes the load balancer's health check",
        severity: "critical",
        select: "MAX(HealthyHostCount)",
        by: ["LoadBalancer", "TargetGroup"],
        comparison: "LessThanThreshold",
        threshold: 1,
        period: 60,
        points: 5,
        // A target group without any target has no such metric; what its users meet is told by the errors.
        missing: "missing",
    },
];

/**
 * CloudWatch alarms on the application load balancers of the account and region, each load balancer by itself. The
 * controller makes the load balancer, so that its identifier, the metrics' dimension, is unknown here; a query with
 * `GROUP BY` needs none and names the load balancer in its message (CloudWatch User Guide, "Create a CloudWatch alarm
 * based on a Metrics Insights query").
 */
export class LoadBalancerAlarms extends pulumi.ComponentResource {
    constructor(name: string, args: LoadBalancerAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:edge:LoadBalancerAlarms", name, {}, opts);
        for (const alarm of alarms) {
            const dimensions = alarm.by.join(", ");
            new aws.cloudwatch.MetricAlarm(
                `${name}-${alarm.suffix}`,
                {
                    name: `${args.namePrefix}-load-balancer-${alarm.suffix}`,
                    alarmDescription: alarmDescription({
                        ...alarm,
                        runbook: `load-balancer-${alarm.suffix}`,
                    }),
                    metricQueries: [
                        {
                            id: "watched",
                            expression: `SELECT ${alarm.select} FROM SCHEMA("AWS/ApplicationELB", ${dimensions}) GROUP BY ${dimensions}`,
                            period: alarm.period,
                            returnData: true,
                        },
                    ],
                    comparisonOperator: alarm.comparison,
                    threshold: alarm.threshold,
                    evaluationPeriods: alarm.points,
                    treatMissingData: alarm.missing,
                    alarmActions: [args.topicArn],
                    okActions: [args.topicArn],
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
