import type { AlertRule, RuleGroup } from "../../../infra/observability/alertRule.ts";
import { recordingRules } from "../../../infra/observability/recordingRules.ts";
import { alertGroups } from "../../../infra/observability/ruleGroups.ts";
import { ruleArgs } from "../../support/ruleArgs.ts";
import type { PromtoolTest } from "./promtool.ts";
import type { RuleCase } from "./ruleCase.ts";

/** All alerts, for the arguments of the cases. */
export const alerts: readonly AlertRule[] = alertGroups(ruleArgs).flatMap(({ rules }) => rules);

const recordings = recordingRules(ruleArgs);

/** The alert alone, after the recorded series if it reads any. */
export function groupsOf(rule: AlertRule, recording: RuleGroup = recordings): RuleGroup[] {
    const alone = { name: "alert", rules: [rule] };
    return rule.expr.includes("spywatcher_") ? [recording, alone] : [alone];
}

function expectations(
    rule: AlertRule,
    { fires, silentMinutes = 0, silentFrom = 0, stepMinutes = 1 }: RuleCase,
): object[] {
    const at = (minute: number, expected: object[]) => ({
        eval_time: `${minute}m`,
        alertname: rule.alert,
        exp_alerts: expected,
    });
    if (fires) {
        const alert = {
            exp_labels: {
                severity: rule.severity,
                app: "spywatcher",
                ...(rule.slo !== undefined && { slo: rule.slo }),
                ...fires.labels,
            },
            exp_annotations: {
                summary: rule.summary,
                description: fires.description,
                runbook_url: rule.runbook,
            },
        };
        return [at(fires.atMinute - stepMinutes, []), at(fires.atMinute, [alert])];
    }
    const steps = Math.floor((silentMinutes - silentFrom) / stepMinutes) + 1;
    return Array.from({ length: steps }, (_, step) => at(silentFrom + step * stepMinutes, []));
}

/** Files for promtool with the cases of one alert: one for each length of a step. `name` begins their names. */
export function alertTests(
    name: string,
    rule: AlertRule,
    cases: readonly RuleCase[],
    recording?: RuleGroup,
): PromtoolTest[] {
    const bySteps = Map.groupBy(cases, ({ stepMinutes = 1 }) => stepMinutes);
    return [...bySteps].map(([stepMinutes, those]) => ({
        name: `${name}-${stepMinutes}m`,
        groups: groupsOf(rule, recording),
        stepMinutes,
        tests: those.map((each) => ({
            name: each.when,
            interval: `${stepMinutes}m`,
            input_series: each.series,
            alert_rule_test: expectations(rule, each),
        })),
    }));
}
