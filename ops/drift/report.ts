import { commentLimit, plural, propertyLines, short } from "../comment/body.ts";
import { assemble, codeList, list, sizeOf } from "../comment/sections.ts";
import { clip, code, oneLine } from "../comment/text.ts";
import { driftText, remedy } from "./format.ts";
import type { Drift, DriftedResource } from "./model.ts";

function changedLines(resources: readonly DriftedResource[]): string[] {
    return resources.flatMap(({ name, type, properties }, index) => [
        ...(index === 0 ? [] : [""]),
        `@@ ${clip(oneLine(name), short.name)} ${clip(oneLine(type), short.name)} @@`,
        ...(properties.length === 0
            ? ["  the provider says that it differs, but not where"]
            : properties.flatMap((property) => propertyLines(property, short))),
    ]);
}

/** Drift as Markdown for an issue: at most as long as GitHub takes, what is gone first. */
export function driftReport(drift: Drift, limit = commentLimit): string {
    const { project, stack, drifted, expected, resources, seconds } = drift;
    const gone = drifted.filter(({ kind }) => kind === "gone");
    const changed = drifted.filter(({ kind }) => kind === "changed");
    const header = [
        `### Drift of ${code(clip(oneLine(`${project}/${stack}`), short.name))}`,
        "",
        `**${driftText(drift)}**, of ${plural(resources, "resource")}, in ${seconds} s.`,
        "",
        ...remedy(drift).flatMap((line) => [`- ${line}`]),
        ...(drifted.length > 0 ? [""] : []),
        "",
    ].join("\n");
    const footer = "Shortened: `npm run drift` shows everything.\n";
    const lines = (left: number): string => `${plural(left, "line")} more.`;
    const { text, complete } = assemble(
        [
            { least: header, render: () => header },
            list({
                open: "**Deleted behind the program's back**\n\n",
                close: "",
                lines: gone.map(
                    ({ name, type }) => `- ${code(clip(name, short.name))} (${code(clip(type, short.name))})`,
                ),
                more: lines,
                least: `**${plural(gone.length, "resource")} deleted behind the program's back.**`,
            }),
            codeList({
                title: "**Changed**: `-` as the last update has left it, `+` as it is",
                folded: false,
                language: "diff",
                lines: changedLines(changed),
                more: lines,
                least: `**${plural(changed.length, "resource")} changed.**`,
            }),
            codeList({
                title: `${plural(expected.length, "difference")} that ${expected.length === 1 ? "is" : "are"} expected`,
                folded: true,
                language: "text",
                lines: expected.map(
                    ({ name, path, reason }) =>
                        `${clip(oneLine(name), short.name)} ${clip(oneLine(path), short.name)}: ${reason}`,
                ),
                more: lines,
                least: `${plural(expected.length, "difference")} that are expected.`,
            }),
        ],
        limit - sizeOf(footer),
    );
    return complete ? `${text.trimEnd()}\n` : `${text}${footer}`;
}
