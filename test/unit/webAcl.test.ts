import assert from "node:assert/strict";

import { webAclRules } from "../../infra/edge/webAclRules.ts";
import { planOf } from "../support/plans.ts";
import { byName } from "../support/resources.ts";

const visibility = (metricName: string) => ({
    metricName,
    cloudwatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
});

describe("the web ACL", () => {
    it("limits each client's requests and filters them by AWS's rules", async () => {
        const { inputs } = byName(await planOf("prod"), "aws:wafv2/webAcl:WebAcl", "waf-acl");
        assert.deepEqual(inputs, {
            name: "spywatcher-prod",
            description: "Limits and filters requests to the load balancer",
            scope: "REGIONAL",
            defaultAction: { allow: {} },
            rules: [
                {
                    name: "rate-limit",
                    priority: 0,
                    action: {
                        block: {
                            customResponse: {
                                responseCode: 429,
                                responseHeaders: [{ name: "Retry-After", value: "60" }],
                            },
                        },
                    },
                    statement: {
                        rateBasedStatement: {
                            aggregateKeyType: "IP",
                            evaluationWindowSec: 60,
                            limit: 6000,
                        },
                    },
                    visibilityConfig: visibility("spywatcher-prod-rate-limit"),
                },
                {
                    name: "known-bad-inputs",
                    priority: 1,
                    overrideAction: { none: {} },
                    statement: {
                        managedRuleGroupStatement: {
                            vendorName: "AWS",
                            name: "AWSManagedRulesKnownBadInputsRuleSet",
                            ruleActionOverrides: [],
                        },
                    },
                    visibilityConfig: visibility("spywatcher-prod-known-bad-inputs"),
                },
                {
                    name: "common",
                    priority: 2,
                    overrideAction: { none: {} },
                    statement: {
                        managedRuleGroupStatement: {
                            vendorName: "AWS",
                            name: "AWSManagedRulesCommonRuleSet",
                            ruleActionOverrides: [
                                { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
                            ],
                        },
                    },
                    visibilityConfig: visibility("spywatcher-prod-common"),
                },
            ],
            visibilityConfig: visibility("spywatcher-prod"),
            tags: { Name: "spywatcher-prod" },
        });
    });

    it("only counts by configuration", () => {
        const rules = webAclRules({ name: "x", mode: "count", requestsPerMinute: 10 });
        assert.deepEqual(
            rules.map(({ action, overrideAction }) => ({ action, overrideAction })),
            [
                { action: { count: {} }, overrideAction: undefined },
                { action: undefined, overrideAction: { count: {} } },
                { action: undefined, overrideAction: { count: {} } },
            ],
        );
    });

    it("logs what it refuses or counts, encrypted and without sessions", async () => {
        const plan = await planOf("prod");
        const groupName = "aws-waf-logs-spywatcher-prod";
        assert.deepEqual(byName(plan, "aws:cloudwatch/logGroup:LogGroup", "waf-log-group").inputs, {
            name: groupName,
            retentionInDays: 90,
            kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/log-key-id",
        });
        const logging = byName(
            plan,
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
            "waf-logging",
        );
        assert.deepEqual(logging.inputs, {
            resourceArn: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/spywatcher-prod/waf-acl-id",
            logDestinationConfigs: [`arn:aws:logs:us-east-1:123456789012:log-group:${groupName}`],
            redactedFields: [
                { singleHeader: { name: "authorization" } },
                { singleHeader: { name: "cookie" } },
                { queryString: {} },
            ],
            loggingFilter: {
                defaultBehavior: "DROP",
                filters: [
                    {
                        behavior: "KEEP",
                        requirement: "MEETS_ANY",
                        conditions: [
                            { actionCondition: { action: "BLOCK" } },
                            { actionCondition: { action: "COUNT" } },
                            { actionCondition: { action: "EXCLUDED_AS_COUNT" } },
                        ],
                    },
                ],
            },
        });
    });

    it("may write to its log group by the key's policy", async () => {
        const key = byName(await planOf("prod"), "aws:kms/key:Key", "log-key");
        const { Statement } = JSON.parse(String(key.inputs["policy"]));
        const groups = Statement[1].Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"];
        assert.ok(
            groups.includes("arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-spywatcher-prod*"),
        );
    });

    it("is attached by the Ingress alone", async () => {
        const { resources } = await planOf("prod");
        assert.deepEqual(
            resources.filter(({ type }) => type.includes("webAclAssociation")),
            [],
        );
    });
});
