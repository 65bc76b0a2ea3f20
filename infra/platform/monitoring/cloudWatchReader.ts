import type * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../../aws/account.ts";
import type { Statement } from "../../aws/policyDocument.ts";
import { PodIdentity } from "../../cluster/podIdentity.ts";

export interface CloudWatchArgs {
    /** Account and region of the cluster, whose metrics are shown. */
    readonly account: AwsAccount;
    /** Name of the cluster. */
    readonly clusterName: string;
    /** The same, known when the control plane exists. */
    readonly cluster: pulumi.Input<string>;
}

/**
 * What Grafana's data source does for our dashboards: read metrics, list them, and find the load balancer by its tags. None
 * of the three knows resources. AWS's own policy for Grafana also lets it read all logs, instances and accounts.
 */
export function cloudWatchStatements(region: string): readonly Statement[] {
    return [
        {
            Sid: "ReadMetrics",
            Effect: "Allow",
            Action: ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"],
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
        },
    ];
}

/** The role by which Grafana's pod reads CloudWatch. */
export function cloudWatchReader(
    name: string,
    args: CloudWatchArgs & { namespace: string; serviceAccount: string },
    opts: pulumi.ComponentResourceOptions,
): PodIdentity {
    return new PodIdentity(
        name,
        {
            ...args,
            roleName: `${args.clusterName}-grafana`,
            policies: { metrics: cloudWatchStatements(args.account.region) },
        },
        opts,
    );
}
