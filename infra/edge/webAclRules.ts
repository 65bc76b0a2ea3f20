import type * as aws from "@pulumi/aws";

export const webAclModes = ["block", "count"] as const;

/** What a web ACL does with a request that a rule matches. */
export type WebAclMode = (typeof webAclModes)[number];

export interface WebAclRulesArgs {
    /** Beginning of the rules' metric names, which are one of a kind in the region. */
    name: string;
    mode: WebAclMode;
    /** What AWS's managed rules do instead. Default: `mode`. */
    managedRulesMode?: WebAclMode | undefined;
    /** Requests a minute that one client address may make. */
    requestsPerMinute: number;
}

/** Seconds over which WAF counts; the shortest it has. */
const windowSeconds = 60;

type Rule = aws.types.input.wafv2.WebAclRule;
type VisibilityConfig = aws.types.input.wafv2.WebAclRuleVisibilityConfig;

interface ManagedGroup {
    readonly rule: string;
    /** Name at AWS; its version is AWS's default, which moves with new attacks. */
    readonly group: string;
    /** Rules that only count whatever the mode. */
    readonly counted: readonly string[];
}

const managedGroups: readonly ManagedGroup[] = [
    { rule: "known-bad-inputs", group: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
    {
        rule: "common",
        group: "AWSManagedRulesCommonRuleSet",
        // An ALB shows WAF the first 8 KB of a body; this rule refuses every longer one, with nothing in the
        // application's log, and the application takes JSON of 10 MB.
        counted: ["SizeRestrictions_BODY"],
    },
];

function metric(name: string): VisibilityConfig {
    return { metricName: name, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

function managedRule({ rule, group, counted }: ManagedGroup, priority: number, args: WebAclRulesArgs): Rule {
    return {
        name: rule,
        priority,
        // A managed group brings its own actions: it is overridden, where an own rule has an action.
        overrideAction: (args.managedRulesMode ?? args.mode) === "block" ? { none: {} } : { count: {} },
        statement: {
            managedRuleGroupStatement: {
                vendorName: "AWS",
                name: group,
                ruleActionOverrides: counted.map((name) => ({ name, actionToUse: { count: {} } })),
            },
        },
        visibilityConfig: metric(`${args.name}-${rule}`),
    };
}

/**
 * The rules of the web ACL. The limit is on the sum of a minute: a burst within it passes, nothing is delayed, and clients
 * behind one address share it. WAF looks every ten seconds or so, so some more get through before it acts.
 */
export function webAclRules(args: WebAclRulesArgs): Rule[] {
    return [
        {
            name: "rate-limit",
            priority: 0,
            action:
                args.mode === "block"
                    ? {
                          block: {
                              customResponse: {
                                  responseCode: 429,
                                  responseHeaders: [{ name: "Retry-After", value: String(windowSeconds) }],
                              },
                          },
                      }
                    : { count: {} },
            statement: {
                rateBasedStatement: {
                    // The client's own address: X-Forwarded-For begins with whatever the client writes.
                    aggregateKeyType: "IP",
                    evaluationWindowSec: windowSeconds,
                    limit: args.requestsPerMinute,
                },
            },
            visibilityConfig: metric(`${args.name}-rate-limit`),
        },
        ...managedGroups.map((group, index) => managedRule(group, index + 1, args)),
    ];
}
