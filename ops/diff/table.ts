import Table from "cli-table3";

import type { ChangeSet, ResourceChange } from "../changes/model.ts";
import { countsText } from "../comment/body.ts";
import { costSentence } from "../comment/costs.ts";
import { clip, oneLine, valueTexts } from "../comment/text.ts";

const longestValue = 60;

function rowsOf({ op, name, type, replaceKeys, properties }: ResourceChange): string[][] {
    const verb = op === "replace" ? "probably replace" : op;
    const rest = replaceKeys.filter((key) => !properties.some(({ path }) => path === key));
    return [
        [verb, oneLine(name), oneLine(type), rest.length > 0 ? `because of ${oneLine(rest.join(", "))}` : ""],
        ...properties.map(({ path, old, new: next, forcesReplacement }) => {
            const [before, after] = valueTexts(old, next, longestValue);
            const change = `${before || "nothing"} → ${after || "nothing"}${forcesReplacement ? ", replaces" : ""}`;
            return ["", "", clip(oneLine(path), longestValue), change];
        }),
    ];
}

/** What changes in a stack, as a table for people. */
export function formatChanges(changes: ChangeSet): string {
    const { stack, resources, counts, costs, notes } = changes;
    const lines = [`${stack}: ${countsText(changes)}, ${counts.same ?? 0} unchanged`];
    if (resources.length > 0) {
        const table = new Table({
            head: ["Change", "Resource", "Type or property", "Values"],
            style: { head: [], border: [], compact: true },
        });
        table.push(...resources.flatMap(rowsOf));
        lines.push(table.toString());
        if (costs !== undefined) lines.push(costSentence(costs));
    }
    return `${[...lines, ...notes].join("\n")}\n`;
}
