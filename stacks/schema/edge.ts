import { z } from "zod";

import { webAclModes } from "../../infra/edge/webAclRules.ts";
import { arn } from "./aws.ts";
import { bucketName, hostName, integer } from "./primitives.ts";
import { retentionDays } from "./retention.ts";

const hostedZone = z
    .strictObject({
        id: z
            .string()
            .regex(
                /^Z[A-Z0-9]{7,31}$/,
                "must be the id of a hosted zone without /hostedzone/, such as Z0123456789EXAMPLE",
            )
            .describe("Id of the zone."),
        name: hostName().describe("Name of the zone; both hosts are in it."),
    })
    .optional()
    .describe(
        "Public hosted zone of Route 53, which the domain is delegated to. Default: none, and `up` says which records to make.",
    );

const waf = z
    .strictObject({
        enabled: z
            .boolean()
            .default(true)
            .describe(
                "`false` detaches the web ACL and deletes it. To switch it off set this, do not leave `waf` out.",
            ),
        mode: z
            .enum(webAclModes)
            .default("block")
            .describe(
                "`count` refuses nothing and only counts and logs what `block` would refuse. Begin with it: AWS's rules refuse some good requests.",
            ),
        managedRulesMode: z
            .enum(webAclModes)
            .optional()
            .describe(
                "What AWS's managed rules do, so that the limit of requests can go on while they only count. Default: as `mode`.",
            ),
        requestsPerMinute: integer(10, 2_000_000_000)
            .default(6000)
            .describe(
                "Requests a minute from one address, then answers 429: the manifests' 100 a second, over the shortest time that WAF counts. A burst within the minute passes.",
            ),
        blockedRequestsAlarm: integer(1, 1_000_000_000)
            .default(1000)
            .describe(
                "Requests refused in five minutes above which CloudWatch sends an alarm. A choice: 3 a second, more than a few scanners make.",
            ),
        logRetentionDays: retentionDays(30).describe("Days the log of refused and counted requests is kept."),
    })
    .optional()
    .describe("A web ACL for the load balancer. Default: none.");

const accessLogs = z
    .strictObject({
        bucket: bucketName()
            .optional()
            .describe(
                "Bucket of yours in the cluster's region, with the policy that lets ELB write. Default: one is made, and in prod it stays after a destroy.",
            ),
        prefix: z
            .string()
            .regex(
                /^(?!\/)(?!.*\/$)(?!.*AWSLogs)[A-Za-z0-9!_.()/-]*$/,
                "must be letters, digits and ! _ . ( ) / -, without / at either end and without AWSLogs",
            )
            .default("spywatcher")
            .describe("Prefix of the keys."),
        retentionDays: integer(1, 3650)
            .default(90)
            .describe("Days the logs are kept in the bucket that is made."),
    })
    .optional()
    .describe("Access logs of the load balancer. Default: none.");

export const edgeSchema = z
    .strictObject({
        hostedZone,
        certificateArn: arn("acm")
            .optional()
            .describe(
                "ACM certificate of yours for both hosts. Default: with `hostedZone` one is made, without it the controller finds one by host name.",
            ),
        wafAclArn: arn("wafv2").optional().describe("WAFv2 web ACL of yours for the load balancer."),
        waf,
        accessLogs,
        loadBalancerAlarms: z
            .boolean()
            .default(false)
            .describe(
                "CloudWatch alarms on errors, response time and health of targets. They watch every application load balancer of the account and region, each by itself, so one stack is enough.",
            ),
    })
    .prefault({})
    .describe("What stands at the edge of AWS.");
