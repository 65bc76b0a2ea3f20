import type { AlertRule, RecordingRule, RuleGroup } from "../../../infra/observability/alertRule.ts";

/** An alert with one thing changed. */
export interface Mutant {
    readonly rule: AlertRule;
    /** What was changed, such as `> 0.8 → >= 0.8`. */
    readonly change: string;
}

const negated: Readonly<Record<string, string>> = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "==": "!=",
};
const shifted: Readonly<Record<string, string>> = { ">": ">=", ">=": ">", "<": "<=", "<=": "<" };

// Operators stand between spaces, those of label matchers do not.
const comparison = / (>=|<=|==|>|<) (?:(-?\d+(?:\.\d+)?)(?![\w.]))?/g;
const range = /\[(\d+)([mh])(:\d+m)?\]/g;

function moved(number: string): string[] {
    const value = Number(number);
    const values = Number.isInteger(value) ? [value - 1, value + 1] : [value * 0.8, value * 1.25];
    return values.map((each) => String(Number(each.toPrecision(6))));
}

function inMinutes(duration: string): number {
    const units: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };
    return Number.parseInt(duration) * (units[duration.at(-1) ?? ""] ?? Number.NaN);
}

/** A recorded series with another window, and the group with it. */
export interface RecordingMutant {
    readonly record: string;
    readonly group: RuleGroup<RecordingRule>;
    /** What was changed, such as `[5m] → [600s]`. */
    readonly change: string;
}

/** Every way to halve or double one window of one recorded series. Averages over a budget's window are left as they are. */
export function recordingMutants(group: RuleGroup<RecordingRule>): RecordingMutant[] {
    return group.rules.flatMap((rule, at) =>
        [...rule.expr.matchAll(range)]
            .filter(() => !rule.expr.includes("avg_over_time"))
            .flatMap((match) => {
                const minutes = inMinutes(`${match[1] ?? ""}${match[2] ?? ""}`);
                return [minutes / 2, minutes * 2].map((each) => {
                    const window = `[${each * 60}s]`;
                    const expr = rule.expr.replace(match[0], window);
                    return {
                        record: rule.record,
                        group: { ...group, rules: group.rules.with(at, { ...rule, expr }) },
                        change: `${match[0]} → ${window}`,
                    };
                });
            }),
    );
}

/** Every way to change an alert's comparisons, thresholds, windows, conditions and duration a little. */
export function mutants(rule: AlertRule): Mutant[] {
    const { expr } = rule;
    const replaced = (match: RegExpMatchArray, by: string): Mutant => {
        const at = match.index ?? 0;
        return {
            rule: { ...rule, expr: expr.slice(0, at) + by + expr.slice(at + match[0].length) },
            change: `${match[0].trim()} → ${by.trim()}`,
        };
    };
    const comparisons = [...expr.matchAll(comparison)].flatMap((match) => {
        const [, operator = "", number] = match;
        // Shares of two windows, and numbers made of rates, are not at the limit to the last bit: there > and >= are the same.
        const inexact =
            rule.alert.includes("BudgetBurn") &&
            /(?::ratio_rate\S+| \* \d+)$/.test(expr.slice(0, match.index));
        const other = [negated[operator], inexact ? undefined : shifted[operator]].filter(
            (each) => each !== undefined,
        );
        return [
            ...other.map((each) => replaced(match, ` ${each} ${number ?? ""}`)),
            ...(number === undefined
                ? []
                : moved(number).map((each) => replaced(match, ` ${operator} ${each}`))),
        ];
    });
    const windows = [...expr.matchAll(range)].flatMap((match) => {
        const minutes = inMinutes(`${match[1] ?? ""}${match[2] ?? ""}`);
        return [minutes / 2, minutes * 2].map((each) => replaced(match, `[${each * 60}s${match[3] ?? ""}]`));
    });
    const conditions = expr.split("\nand ");
    const dropped = conditions.slice(1).map((condition, index) => ({
        rule: { ...rule, expr: conditions.toSpliced(index + 1, 1).join("\nand ") },
        change: `without ${condition.replaceAll(/\s+/g, " ")}`,
    }));
    const duration = inMinutes(rule.for);
    const durations = [Math.floor(duration / 2), Math.ceil(duration * 1.5)].map((minutes) => ({
        rule: { ...rule, for: `${minutes}m` as const },
        change: `for ${rule.for} → ${minutes}m`,
    }));
    return [...comparisons, ...windows, ...dropped, ...durations];
}
