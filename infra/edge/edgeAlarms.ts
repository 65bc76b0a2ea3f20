import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { metricAlarm } from "../aws/metricAlarm.ts";

export interface EdgeAlarmArgs {
    /** Beginning of the alarm's name. */
    namePrefix: string;
    /** ARN of the topic that is told of the alarm and of its end. */
    topicArn: pulumi.Input<string>;
}

/** ACM renews a certificate from 60 days before its end, and tries again and again (ACM User Guide): half of that is late. */
const leastDays = 30;

/** An alarm on the end of a certificate that ACM has not renewed, or cannot renew. */
export function certificateAlarm(
    name: string,
    args: EdgeAlarmArgs & { certificateArn: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
    return metricAlarm(
        name,
        {
            name: `${args.namePrefix}-certificate-expiry`,
            description: `The certificate ends in less than ${leastDays} days and was not renewed; see whether its validation records are there`,
            severity: "critical",
            runbook: "certificate-expiry",
            namespace: "AWS/CertificateManager",
            metric: "DaysToExpiry",
            dimensions: { CertificateArn: args.certificateArn },
            statistic: "Minimum",
            comparison: "<",
            threshold: leastDays,
            minutes: 24 * 60,
            // None before the first of two a day, none after the end.
            noData: "no news",
            topicArn: args.topicArn,
        },
        opts,
    );
}

/** An alarm on many requests that a web ACL refuses: an attack, or a rule that refuses users. */
export function webAclAlarm(
    name: string,
    args: EdgeAlarmArgs & {
        /** Name of the web ACL's metric. */
        metricName: string;
        region: string;
        /** Requests refused in five minutes. */
        blockedRequests: number;
    },
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
    return metricAlarm(
        name,
        {
            name: `${args.namePrefix}-waf-blocked-requests`,
            description:
                "The web ACL refuses many requests: an attack, or users that a rule takes for one; the log says which rule",
            severity: "warning",
            runbook: "waf-blocked-requests",
            namespace: "AWS/WAFV2",
            metric: "BlockedRequests",
            dimensions: { WebACL: args.metricName, Region: args.region, Rule: "ALL" },
            statistic: "Sum",
            comparison: ">",
            threshold: args.blockedRequests,
            minutes: 5,
            noData: "good",
            topicArn: args.topicArn,
        },
        opts,
    );
}
