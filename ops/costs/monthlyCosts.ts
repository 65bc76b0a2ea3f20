import type { Plan } from "../plan/model.ts";
import { computeCosts } from "./computeCosts.ts";
import { dataCosts, operationsCosts } from "./dataCosts.ts";
import type { CostItem } from "./items.ts";
import { edgeCosts, networkCosts } from "./networkCosts.ts";

/** What a stack costs each month, as far as its plan tells. */
export interface MonthlyCosts {
    readonly items: CostItem[];
    /** Sum of the items that have a price, in USD. */
    readonly totalUsd: number;
    /** Items that no price is listed for. */
    readonly unpriced: string[];
}

/**
 * The main items of a month's bill at list prices in us-east-1. Empty for `local`, which has nothing at AWS. Traffic,
 * requests and what data stores outside of the plan cost are not in it.
 */
export function monthlyCosts(plan: Plan): MonthlyCosts {
    const items =
        plan.outputs["environment"] === "local"
            ? []
            : [computeCosts, networkCosts, edgeCosts, dataCosts, operationsCosts].flatMap((part) =>
                  part(plan),
              );
    const cents = items.reduce((sum, { monthlyUsd }) => sum + Math.round(monthlyUsd * 100), 0);
    return {
        items,
        totalUsd: cents / 100,
        unpriced: items.filter(({ price }) => price === undefined).map(({ item }) => item),
    };
}
