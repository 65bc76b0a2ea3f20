import Table from "cli-table3";

import { hoursPerMonth, type CostItem } from "./items.ts";
import type { MonthlyCosts } from "./monthlyCosts.ts";

const head = ["Item", "Quantity", "USD", "USD a month", "Assumption"];

/** What every list of costs has to say of itself. */
export const costsNote = `List prices in us-east-1 at ${hoursPerMonth} hours a month, no tax, no free tier, no traffic; sources and dates in ops/costs/listPrices.ts.`;

function cells({ item, quantity, price, monthlyUsd, assumption }: CostItem): string[] {
    return [
        item,
        String(quantity),
        price === undefined ? "not listed" : `${price.usd} / ${price.per}`,
        price === undefined ? "?" : monthlyUsd.toFixed(2),
        assumption ?? "",
    ];
}

function totalOf({ totalUsd, unpriced }: MonthlyCosts): string[] {
    return [unpriced.length === 0 ? "Total" : "Total of what is listed", "", "", totalUsd.toFixed(2), ""];
}

/** A table for people: each item with its price, and the total. */
export function formatCosts(costs: MonthlyCosts): string {
    if (costs.items.length === 0) return "Nothing of this stack is billed by AWS.\n";
    const table = new Table({
        head,
        colAligns: ["left", "right", "right", "right", "left"],
        style: { head: [], border: [], compact: true },
    });
    for (const item of costs.items) table.push(cells(item));
    table.push(totalOf(costs));
    return `${table.toString()}\n${costsNote}\n`;
}

/** The same as a Markdown table. */
export function costsMarkdown(costs: MonthlyCosts): string {
    const row = (values: string[]): string => `| ${values.join(" | ")} |`;
    return [
        row(head),
        "| --- | ---: | ---: | ---: | --- |",
        ...costs.items.map((item) => row(cells(item))),
        row(totalOf(costs).map((each) => (each === "" ? "" : `**${each}**`))),
    ].join("\n");
}
