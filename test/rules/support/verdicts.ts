import type { AlertRule } from "../../../infra/observability/alertRule.ts";
import { testRules } from "./promtool.ts";
import { groupsOf } from "./promtoolTests.ts";
import type { RuleCase } from "./ruleCase.ts";

/** What an expression did in the cases of its alert. */
export interface Verdict {
    readonly alert: string;
    /** Cases in which it fired, of those in which it should. */
    readonly fired: string;
    /** Cases in which it was silent, of those in which it should. */
    readonly silent: string;
    readonly kind: "right" | "never fires" | "always fires" | "wrong in some cases";
}

/** Whether a rule does in a case what it should, judged by ALERTS alone: labels and texts do not count. */
function test(name: string, rule: AlertRule, each: RuleCase): Parameters<typeof testRules>[0][number] {
    const { stepMinutes = 1, silentFrom = 0 } = each;
    const end = each.fires?.atMinute ?? each.silentMinutes ?? 0;
    const firing = `ALERTS{alertname="${rule.alert}",alertstate="firing"}`;
    const window = `${end - silentFrom + stepMinutes}m`;
    return {
        name,
        groups: groupsOf(rule),
        stepMinutes,
        tests: [
            {
                interval: `${stepMinutes}m`,
                input_series: each.series,
                promql_expr_test: [
                    {
                        expr: `count(count_over_time(${firing}[${window}])) > bool 0 or vector(0)`,
                        eval_time: `${end}m`,
                        exp_samples: [{ labels: "{}", value: each.fires ? 1 : 0 }],
                    },
                ],
            },
        ],
    };
}

/** Runs each rule through the cases of the alert of its name. */
export async function verdicts(rules: readonly AlertRule[], cases: readonly RuleCase[]): Promise<Verdict[]> {
    const files = rules.flatMap((rule) =>
        cases.flatMap((each, index) =>
            each.alert === rule.alert ? [test(`${rule.alert}-${index}`, rule, each)] : [],
        ),
    );
    const results = await testRules(files);
    return rules.map(({ alert }) => {
        const right = (firing: boolean) =>
            cases.flatMap((each, index) =>
                each.alert === alert && (each.fires !== undefined) === firing
                    ? [results.get(`${alert}-${index}`)?.passed === true]
                    : [],
            );
        const count = (all: boolean[]) => all.filter(Boolean).length;
        const [firing, silent] = [right(true), right(false)];
        const [fired, kept] = [count(firing), count(silent)];
        const kind =
            fired === firing.length && kept === silent.length
                ? "right"
                : fired === 0 && kept === silent.length
                  ? "never fires"
                  : kept === 0 && fired === firing.length
                    ? "always fires"
                    : "wrong in some cases";
        return { alert, fired: `${fired}/${firing.length}`, silent: `${kept}/${silent.length}`, kind };
    });
}
