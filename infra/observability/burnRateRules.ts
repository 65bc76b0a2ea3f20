import { type AlertRule, alertRule, type Duration, type RuleGroup, type Severity } from "./alertRule.ts";
import { type BudgetWindow, recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

/** A speed of using up an error budget that alerts. */
export interface Burn {
    /** Part of the alert's name. */
    readonly speed: string;
    /** How many times faster than allowed the budget of 30 days is used up. */
    readonly factor: number;
    readonly long: BudgetWindow;
    /** Seconds of the long window. */
    readonly longSeconds: number;
    /** Ends the alert soon after the trouble. A twelfth of the long window. */
    readonly short: BudgetWindow;
    readonly for: Duration;
    readonly severity: Severity;
    readonly spent: string;
}

/** Windows and factors of the Site Reliability Workbook, chapter 5: 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 3 days. */
export const burns: readonly Burn[] = [
    {
        speed: "Fast",
        factor: 14.4,
        long: "1h",
        longSeconds: 3600,
        short: "5m",
        for: "2m",
        severity: "critical",
        spent: "2 % of the month's budget in an hour",
    },
    {
        speed: "Medium",
        factor: 6,
        long: "6h",
        longSeconds: 6 * 3600,
        short: "30m",
        for: "15m",
        severity: "critical",
        spent: "5 % of the month's budget in 6 hours",
    },
    {
        speed: "Slow",
        factor: 1,
        long: "3d",
        longSeconds: 3 * 24 * 3600,
        short: "6h",
        for: "1h",
        severity: "warning",
        spent: "10 % of the month's budget in 3 days",
    },
];

/**
 * Bad requests in the long window below which the share says nothing. A number, not a rate: the windows are long enough to
 * collect it at a request a minute. A choice: at the fastest burn of the default objectives 139 requests have so many.
 */
const leastBad = 10;

/** Alerts on how fast failed and slow requests use up what the objectives allow for. */
export function burnRateRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { availabilityObjective, latencyObjective, latencySeconds } = args.thresholds;
    const own = `{namespace="${args.namespace}"}`;
    const burnRule = (
        burn: Burn,
        what: "Availability" | "Latency",
        series: (window: BudgetWindow) => string,
        objective: number,
        failure: string,
    ): AlertRule => {
        // Rounded, because 1 - 0.995 is not exactly 0.005.
        const limit = Number((burn.factor * (1 - objective)).toPrecision(6));
        return alertRule(args, {
            alert: `${what}BudgetBurn${burn.speed}`,
            expr:
                `${series(burn.long)}${own} > ${limit}\nand ${series(burn.short)}${own} > ${limit}\n` +
                `and ${series(burn.long)}${own} * ${recorded.requests(burn.long)}${own} * ${burn.longSeconds} >= ${leastBad}`,
            for: burn.for,
            severity: burn.severity,
            slo: what === "Availability" ? "availability" : "latency",
            summary: `The error budget of the API's ${what.toLowerCase()} is used up too fast.`,
            description: `{{ $value | humanizePercentage }} of the requests to the API in {{ $labels.namespace }} ${failure} within ${burn.long}: ${burn.spent}, or more.`,
        });
    };
    return {
        name: "spywatcher-error-budget",
        rules: burns.flatMap((burn) => [
            burnRule(burn, "Availability", recorded.errors, availabilityObjective, "failed"),
            burnRule(
                burn,
                "Latency",
                recorded.slow,
                latencyObjective,
                `took longer than ${latencySeconds} s`,
            ),
        ]),
    };
}
