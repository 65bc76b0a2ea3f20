import type { RuleArgs } from "./ruleArgs.ts";

/** `critical` wakes somebody up, `warning` can wait for the working day. */
export type Severity = "critical" | "warning";

/** An alert as one writes it. */
export interface AlertRule {
    /** Name, unique over all groups; also names the section of `docs/RUNBOOKS.md`. */
    readonly alert: string;
    /** PromQL expression; every series it returns is an alert. */
    readonly expr: string;
    /** Time the expression must hold without a gap. */
    readonly for: Duration;
    readonly severity: Severity;
    /** The objective that users miss, by which Alertmanager tells one of several alerts on it. Default: none. */
    readonly slo?: "availability" | "latency" | undefined;
    /** What is wrong, in one sentence without values. */
    readonly summary: string;
    /** What is wrong where and how much: a template with `$labels` and `$value`. */
    readonly description: string;
    /** Address of the section that says what to do. */
    readonly runbook: string;
}

/** A duration as Prometheus writes it, of one unit. */
export type Duration = `${number}${"m" | "h" | "d"}`;

/** An expression that is evaluated beforehand and kept as a series of its own. */
export interface RecordingRule {
    /** `level:metric:operations`. */
    readonly record: string;
    readonly expr: string;
}

/** Rules that are evaluated one after the other at the same time. */
export interface RuleGroup<Rule = AlertRule | RecordingRule> {
    readonly name: string;
    readonly rules: readonly Rule[];
}

/** An alert with the address of its runbook filled in. */
export function alertRule(args: RuleArgs, rule: Omit<AlertRule, "runbook">): AlertRule {
    const base = args.runbookBase === undefined ? "" : `${args.runbookBase}/`;
    return { ...rule, runbook: `${base}docs/RUNBOOKS.md#${rule.alert.toLowerCase()}` };
}

/** The group in the form that Prometheus and the PrometheusRule object take. */
export function renderGroup(group: RuleGroup) {
    return {
        name: group.name,
        // The scrape interval of what the rules read: more often would see the same samples again.
        interval: "30s",
        rules: group.rules.map((rule) =>
            "record" in rule
                ? { record: rule.record, expr: rule.expr }
                : {
                      alert: rule.alert,
                      expr: rule.expr,
                      for: rule.for,
                      labels: {
                          severity: rule.severity,
                          app: "spywatcher",
                          ...(rule.slo !== undefined && { slo: rule.slo }),
                      },
                      annotations: {
                          summary: rule.summary,
                          description: rule.description,
                          runbook_url: rule.runbook,
                      },
                  },
        ),
    };
}
