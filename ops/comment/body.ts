import type { ChangeOp, ChangeSet, Diagnostic, PropertyChange, ResourceChange } from "../changes/model.ts";
import { costRows, costSentence } from "./costs.ts";
import { assemble, codeList, list, type Section, sizeOf } from "./sections.ts";
import { cell, clip, code, oneLine, valueTexts } from "./text.ts";

/** The most GitHub takes; see `sizeOf` for what is counted. */
export const commentLimit = 65_536;

/** Lengths to which single texts are cut, in UTF-16 code units. */
export interface Lengths {
    name: number;
    value: number;
    message: number;
}

/** Of a comment, and of an issue. */
export const short: Lengths = { name: 160, value: 240, message: 600 };
const full: Lengths = { name: 1000, value: 10_000, message: 10_000 };

/** How long the comment may be, and where the rest of it is. */
export interface BodyOptions {
    /** Default: `commentLimit`. */
    limit?: number;
    /** Address of the run that keeps the full text, when there is one. */
    runUrl?: string;
}

/** Marks the comment of a project and stack; a body begins with it. Nothing in it can end an HTML comment. */
export function commentMarker(project: string, stack: string): string {
    const name = clip(
        `${encodeURIComponent(project.toWellFormed())}/${encodeURIComponent(stack.toWellFormed())}`,
        300,
    );
    return `<!-- spywatcher-changes: ${name} -->`;
}

const done: Record<ChangeOp, string> = {
    replace: "replaced",
    delete: "deleted",
    update: "updated",
    create: "created",
    import: "imported",
    read: "read",
};
const planned: Record<ChangeOp, string> = {
    ...{ replace: "to replace", delete: "to delete", update: "to update", create: "to create" },
    ...{ import: "to import", read: "to read" },
};

/** `1 to replace, 2 to update`, or what to say when there is nothing. */
export function countsText({ counts, source }: ChangeSet): string {
    const verbs = source === "update" ? done : planned;
    const parts = (Object.keys(verbs) as ChangeOp[])
        .filter((op) => (counts[op] ?? 0) > 0)
        .map(
            (op) => `${counts[op]} ${op === "replace" && source === "plans" ? "probably " : ""}${verbs[op]}`,
        );
    return parts.length === 0 ? "No changes" : parts.join(", ");
}

const titles: Record<ChangeSet["source"], string> = {
    preview: "Preview",
    update: "Update",
    plans: "Comparison of plans",
};

function header(changes: ChangeSet, lengths: Lengths): Section {
    const { project, stack, source, counts, failed, durationSeconds, costs, notes } = changes;
    const broken = changes.resources.filter((each) => each.failed).length;
    const same = counts.same ? `, ${counts.same} unchanged` : "";
    const seconds = durationSeconds === undefined ? "" : `, ${durationSeconds} s`;
    const name = code(clip(oneLine(`${project}/${stack}`), lengths.name));
    const text = [
        commentMarker(project, stack),
        `### ${titles[source]} of ${name}${failed ? ": failed" : ""}`,
        "",
        `**${countsText(changes)}**${broken === 0 ? "" : ` (${broken} failed)`}${same}${seconds}${failed ? "; there may be more than what is told here" : ""}.`,
        ...(costs === undefined ? [] : ["", costSentence(costs)]),
        ...(source === "plans"
            ? [
                  "",
                  "Compared without asking the cloud: what was changed by hand, or by a provider itself, is not in it.",
              ]
            : []),
        ...notes.slice(0, 5).flatMap((note) => ["", `Note: ${code(clip(oneLine(note), lengths.message))}`]),
        "",
        "",
    ].join("\n");
    return { least: text, render: () => text };
}

function diagnosticLines(diagnostics: readonly Diagnostic[], lengths: Lengths): string[] {
    return diagnostics.flatMap(({ resource, message }) => {
        const where = resource === "" ? "" : `${clip(oneLine(resource), lengths.name)}: `;
        return clip(`${where}${message}`, lengths.message)
            .replaceAll("\t", "  ")
            .split("\n")
            .map((line, index) => `${index === 0 ? "" : "    "}${oneLine(line)}`);
    });
}

function resourceLine(
    { op, type, name, replaceKeys, failed }: ResourceChange,
    source: ChangeSet["source"],
    lengths: Lengths,
): string {
    const keys = replaceKeys.slice(0, 5).map((key) => code(clip(key, lengths.name)));
    const more = replaceKeys.length > keys.length ? ` and ${replaceKeys.length - keys.length} more` : "";
    const because = keys.length === 0 ? "" : `, because of ${keys.join(", ")}${more}`;
    const verb = op === "replace" && source === "plans" ? "probably replace" : op;
    return `- **${verb}** ${code(clip(name, lengths.name))} (${code(clip(type, lengths.name))})${because}${failed ? ", **failed**" : ""}`;
}

/** A changed property as lines of a diff, old and new value in one line each. */
export function propertyLines(property: PropertyChange, lengths: Lengths): string[] {
    const { kind, old, new: next, forcesReplacement } = property;
    const path = clip(oneLine(property.path), lengths.name);
    const [before, after] = valueTexts(old, next, lengths.value);
    const mark = forcesReplacement ? "  # forces replacement" : "";
    const show = (text: string): string => (text === "" ? path : `${path}: ${text}`);
    return [
        ...(kind === "add" ? [] : [`- ${show(before)}${kind === "delete" ? mark : ""}`]),
        ...(kind === "delete" ? [] : [`+ ${show(after)}${mark}`]),
    ];
}

function changedLines(resources: readonly ResourceChange[], lengths: Lengths): string[] {
    return resources.flatMap((resource, index) => [
        ...(index === 0 ? [] : [""]),
        `@@ ${resource.op} ${clip(oneLine(resource.name), lengths.name)} ${clip(oneLine(resource.type), lengths.name)}${resource.failed ? " (failed)" : ""} @@`,
        ...resource.properties.flatMap((property) => propertyLines(property, lengths)),
    ]);
}

/** `1 resource`, `2 resources`. */
export function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The parts of a comment, the most important first. */
function sectionsOf(changes: ChangeSet, lengths: Lengths): Section[] {
    const { resources, diagnostics, findings, costs, source } = changes;
    const of = (...ops: ChangeOp[]): ResourceChange[] => resources.filter(({ op }) => ops.includes(op));
    const severe = of("replace", "delete");
    const changed = of("replace", "update").filter(({ properties }) => properties.length > 0);
    const others = of("create", "import", "read");
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const warnings = diagnostics.filter(({ severity }) => severity === "warning");
    const lines = (left: number): string => `${plural(left, "line")} more in the full text.`;
    const mandatory = findings.filter(({ level }) => level === "mandatory");
    return [
        header(changes, lengths),
        codeList({
            title: `**${plural(errors.length, "error")}**`,
            folded: false,
            language: "text",
            lines: diagnosticLines(errors, lengths),
            more: lines,
            least: `**${plural(errors.length, "error")}**, in the full text.`,
        }),
        list({
            open: "**Replaced and deleted**\n\n",
            close: "",
            lines: severe.map((each) => resourceLine(each, source, lengths)),
            more: (left) =>
                `**${left} more** of the ${severe.length} replaced and deleted resources are in the full text.`,
            least: `**${plural(severe.length, "resource")} replaced or deleted**, in the full text.`,
        }),
        list({
            open: `**Policy findings** (${mandatory.length} mandatory)\n\n`,
            close: "",
            lines: [...mandatory, ...findings.filter(({ level }) => level === "advisory")].map(
                ({ level, policy, resource, message }) =>
                    `- **${level}** ${code(clip(policy, lengths.name))}${resource === "" ? "" : ` on ${code(clip(resource, lengths.name))}`}: ${code(clip(oneLine(message), lengths.message))}`,
            ),
            more: (left) => `${plural(left, "finding")} more in the full text.`,
            least: `**${plural(findings.length, "policy finding")}** (${mandatory.length} mandatory), in the full text.`,
        }),
        codeList({
            title: `Changed properties of ${plural(changed.length, "resource")}`,
            folded: true,
            language: "diff",
            lines: changedLines(changed, lengths),
            more: lines,
            least: `Changed properties of ${plural(changed.length, "resource")}: in the full text.`,
        }),
        codeList({
            title: `${plural(others.length, "resource")} created, imported or read`,
            folded: true,
            language: "text",
            lines: others.map(
                ({ op, name, type, failed }) =>
                    `${op} ${clip(oneLine(name), lengths.name)} ${clip(oneLine(type), lengths.name)}${failed ? " (failed)" : ""}`,
            ),
            more: lines,
            least: `${plural(others.length, "resource")} created, imported or read: in the full text.`,
        }),
        list({
            open: "<details><summary>Costs</summary>\n\n| Item | Before, USD a month | After |\n| --- | ---: | ---: |\n",
            close: "\n</details>\n",
            lines: costs === undefined ? [] : costRows(costs, (item) => cell(clip(item, lengths.name))),
            more: lines,
            least: "Costs by item: in the full text.",
        }),
        codeList({
            title: plural(warnings.length, "warning"),
            folded: true,
            language: "text",
            lines: diagnosticLines(warnings, lengths),
            more: lines,
            least: `${plural(warnings.length, "warning")}: in the full text.`,
        }),
    ];
}

/** The whole text, however long, with long values in full. */
export function fullText(changes: ChangeSet): string {
    return assemble(sectionsOf(changes, full), Number.POSITIVE_INFINITY).text.trimEnd() + "\n";
}

/** The text of a comment: at most as long as GitHub takes, what matters most first, details folded. */
export function commentBody(changes: ChangeSet, { limit = commentLimit, runUrl }: BodyOptions = {}): string {
    const footer =
        runUrl === undefined
            ? "Shortened: the full text is in the run's artifact.\n"
            : `Shortened: the full text is in an artifact of [the run](${encodeURI(runUrl)}).\n`;
    const sections = sectionsOf(changes, short);
    const { text, complete } = assemble(sections, limit - sizeOf(footer));
    return complete ? `${text.trimEnd()}\n` : `${text}${footer}`;
}
