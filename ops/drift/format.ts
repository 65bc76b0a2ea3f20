import Table from "cli-table3";

import { plural } from "../comment/body.ts";
import { clip, oneLine, valueTexts } from "../comment/text.ts";
import type { Drift, DriftedResource } from "./model.ts";

const longestValue = 60;

/** `1 resource is gone, 2 resources have changed`, or that there is nothing. */
export function driftText({ drifted }: Drift): string {
    const gone = drifted.filter(({ kind }) => kind === "gone").length;
    const changed = drifted.length - gone;
    const parts = [
        ...(gone > 0 ? [`${plural(gone, "resource")} ${gone === 1 ? "is" : "are"} gone`] : []),
        ...(changed > 0 ? [`${plural(changed, "resource")} ${changed === 1 ? "has" : "have"} changed`] : []),
    ];
    return parts.join(", ") || "no drift";
}

/** What to do about it; empty when there is nothing to do. */
export function remedy({ stack, drifted }: Drift): string[] {
    if (drifted.length === 0) return [];
    const replaced = drifted.filter(({ properties }) => properties.some((each) => each.forcesReplacement));
    return [
        `Put it back as the program has it: npm run up -- ${stack} --refresh`,
        "Or, if what is there is right: change the stack file or the program, then run the same command, which shows that nothing is left.",
        ...(replaced.length > 0
            ? [
                  `To put it back, ${plural(replaced.length, "resource")} would be replaced: look at the preview first.`,
              ]
            : []),
    ];
}

function rowsOf({ kind, name, type, properties }: DriftedResource): string[][] {
    const what = kind === "gone" ? "deleted behind the program's back" : "";
    return [
        [
            kind,
            oneLine(name),
            oneLine(type),
            properties.length === 0 && kind === "changed" ? "somewhere" : what,
        ],
        ...properties.map(({ path, old, new: found }) => {
            const [before, after] = valueTexts(old, found, longestValue);
            return [
                "",
                "",
                clip(oneLine(path), longestValue),
                `${before || "nothing"} → ${after || "nothing"}`,
            ];
        }),
    ];
}

/** Drift as a table for people, and what to do. */
export function formatDrift(drift: Drift): string {
    const { stack, drifted, expected, resources, seconds, warnings } = drift;
    const lines = [`${stack}: ${driftText(drift)}, of ${plural(resources, "resource")}, in ${seconds} s`];
    if (drifted.length > 0) {
        const table = new Table({
            head: ["Drift", "Resource", "Type or property", "As it was left → as it is"],
            style: { head: [], border: [], compact: true },
        });
        table.push(...drifted.flatMap(rowsOf));
        lines.push(table.toString());
    }
    for (const { name, path, reason } of expected) lines.push(`expected: ${name} ${path}: ${reason}`);
    for (const { resource, message } of warnings) {
        lines.push(`warning: ${resource === "" ? "" : `${resource}: `}${oneLine(message)}`);
    }
    return `${[...lines, ...remedy(drift)].join("\n")}\n`;
}
