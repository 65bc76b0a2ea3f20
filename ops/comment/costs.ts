import type { CostChange } from "../changes/model.ts";
import type { MonthlyCosts } from "../costs/monthlyCosts.ts";

function usd(amount: number): string {
    return amount.toFixed(2);
}

function totalText({ totalUsd, unpriced }: MonthlyCosts): string {
    return `${usd(totalUsd)}${unpriced.length === 0 ? "" : "+"}`;
}

/** What happens to the monthly bill, in a sentence. `+`: something in it has no listed price. */
export function costSentence({ before, after }: CostChange): string {
    const change = Math.round((after.totalUsd - before.totalUsd) * 100) / 100;
    if (change === 0 && totalText(before) === totalText(after)) {
        return `Costs stay at about ${totalText(after)} USD a month.`;
    }
    const sign = change < 0 ? "−" : "+";
    return `Costs: about ${totalText(before)} → ${totalText(after)} USD a month (${sign}${usd(Math.abs(change))}).`;
}

/** Rows of a Markdown table: every item of the bill that changes. */
export function costRows({ before, after }: CostChange, cell: (item: string) => string): string[] {
    const texts = ({ items }: MonthlyCosts): Map<string, string> =>
        new Map(
            items.map(({ item, price, monthlyUsd }) => [item, price === undefined ? "?" : usd(monthlyUsd)]),
        );
    const [old, next] = [texts(before), texts(after)];
    return [...new Set([...old.keys(), ...next.keys()])]
        .filter((item) => old.get(item) !== next.get(item))
        .sort()
        .map((item) => `| ${cell(item)} | ${old.get(item) ?? ""} | ${next.get(item) ?? ""} |`);
}
