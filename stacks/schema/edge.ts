import { z } from "zod";

import { arn } from "./aws.ts";

export const edgeSchema = z
    .strictObject({
        certificateArn: arn("acm")
            .optional()
            .describe("ACM certificate for both hosts. Default: the controller finds one by host name."),
        wafAclArn: arn("wafv2").optional().describe("WAFv2 web ACL for the load balancer."),
        accessLogs: z
            .strictObject({
                bucket: z
                    .string()
                    .regex(/^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of an S3 bucket")
                    .describe("Bucket in the cluster's region, with the policy that lets ELB write."),
                prefix: z
                    .string()
                    .regex(/^(?!\/)(?!.*\/$).*$/, "must not begin or end with /")
                    .default("spywatcher")
                    .describe("Prefix of the keys."),
            })
            .optional()
            .describe("Access logs of the load balancer. Default: none."),
    })
    .prefault({})
    .describe("What stands at the edge of AWS.");
