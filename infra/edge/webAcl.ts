import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { webAclRules, type WebAclRulesArgs } from "./webAclRules.ts";

/** The `name` is also that of the web ACL and of its metric, and the end of the log group's name. */
export interface WebAclArgs extends WebAclRulesArgs {
    /** Days the log is kept. */
    logRetentionDays: number;
    /** KMS key of the log group. */
    logKeyArn: pulumi.Input<string>;
}

/** Name of the log group of a web ACL; WAF takes only names that begin so. */
export function webAclLogGroupName(name: string): string {
    return `aws-waf-logs-${name}`;
}

/** Headers that hold a client's session and so stay out of the log. */
const redactedHeaders = ["authorization", "cookie"];

/** Actions of a rule that are worth a line; the others are in the access logs. */
const loggedActions = ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"];

/**
 * A web ACL for an application load balancer: a limit of requests and AWS's managed rules, with a log. The load balancer
 * controller attaches it by the Ingress' annotation; a `WebAclAssociation` beside it would be a second owner
 * (aws-load-balancer-controller#3836).
 */
export class WebAcl extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    /** What must exist before the first request. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:edge:WebAcl", name, {}, opts);
        const child = { parent: this };
        const acl = new aws.wafv2.WebAcl(
            `${name}-acl`,
            {
                name: args.name,
                description: "Limits and filters requests to the load balancer",
                scope: "REGIONAL",
                defaultAction: { allow: {} },
                rules: webAclRules(args),
                visibilityConfig: {
                    metricName: args.name,
                    cloudwatchMetricsEnabled: true,
                    sampledRequestsEnabled: true,
                },
                tags: { Name: args.name },
            },
            child,
        );
        const group = new aws.cloudwatch.LogGroup(
            `${name}-log-group`,
            {
                name: webAclLogGroupName(args.name),
                retentionInDays: args.logRetentionDays,
                kmsKeyId: args.logKeyArn,
            },
            child,
        );
        // AWS writes the log group's resource policy by itself, and a group can have only one
        // (terraform-provider-aws#47111).
        const logging = new aws.wafv2.WebAclLoggingConfiguration(
            `${name}-logging`,
            {
                resourceArn: acl.arn,
                logDestinationConfigs: [group.arn],
                redactedFields: [
                    ...redactedHeaders.map((header) => ({ singleHeader: { name: header } })),
                    // Discord's answer to a login has its code there.
                    { queryString: {} },
                ],
                loggingFilter: {
                    defaultBehavior: "DROP",
                    filters: [
                        {
                            behavior: "KEEP",
                            requirement: "MEETS_ANY",
                            conditions: loggedActions.map((action) => ({ actionCondition: { action } })),
                        },
                    ],
                },
            },
            child,
        );
        this.arn = acl.arn;
        this.ready = [acl, logging];
        this.registerOutputs({ arn: this.arn });
    }
}
