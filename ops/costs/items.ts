import type { ListPrice } from "./listPrices.ts";

/** Hours of a month, as AWS's own calculator counts. */
export const hoursPerMonth = 730;

/** One line of the monthly bill. */
export interface CostItem {
    readonly item: string;
    /** How many, in what the price is for: pieces, or GB. */
    readonly quantity: number;
    /** Undefined when no price is listed; then it adds nothing to the total. */
    readonly price: ListPrice | undefined;
    /** USD a month, rounded to cents. */
    readonly monthlyUsd: number;
    /** What was assumed where the plan does not say. */
    readonly assumption?: string;
}

/** A line of the bill, or none when there is nothing to pay for. */
export function costItem(
    item: string,
    quantity: number,
    price: ListPrice | undefined,
    assumption?: string,
): CostItem[] {
    if (quantity === 0) return [];
    const hours = price?.per === "hour" ? hoursPerMonth : 1;
    const monthlyUsd = Math.round(quantity * (price?.usd ?? 0) * hours * 100) / 100;
    return [{ item, quantity, price, monthlyUsd, ...(assumption !== undefined && { assumption }) }];
}
