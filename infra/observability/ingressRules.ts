import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

/**
 * What users see of the API, from the backend's own counters: an Application Load Balancer has no metrics in Prometheus.
 * Without traffic all ratios are 0/0, which compares as false; with very little they are ruled out by `minimumRequestRate`.
 */
export function ingressRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { serverErrors, responseSeconds, minimumRequestRate } = args.thresholds;
    const own = `{namespace="${args.namespace}"}`;
    const enough = `and ${recorded.requests("5m")}${own} > ${minimumRequestRate}`;
    return {
        name: "spywatcher-ingress",
        rules: [
            alertRule(args, {
                alert: "High5xxErrorRate",
                expr: `${recorded.errors("5m")}${own} > ${serverErrors}\n${enough}`,
                for: "5m",
                severity: "critical",
                slo: "availability",
                summary: "Many requests to the API fail.",
                description:
                    "{{ $value | humanizePercentage }} of the requests to the API in {{ $labels.namespace }} are answered with a server error.",
            }),
            alertRule(args, {
                alert: "HighResponseTime",
                expr: `${recorded.responseTime}${own} > ${responseSeconds}\n${enough}`,
                for: "10m",
                severity: "warning",
                slo: "latency",
                summary: "The API answers slowly.",
                description:
                    "5 % of the requests to the API in {{ $labels.namespace }} take longer than {{ $value | humanizeDuration }}.",
            }),
        ],
    };
}
