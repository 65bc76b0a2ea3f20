import { secretText, unknownText } from "../plan/model.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Controls, and marks that change the direction of what follows: they would make a reviewer see something else. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** The text in one line, with everything invisible written out. */
export function oneLine(text: string): string {
    return text
        .toWellFormed()
        .replaceAll("\n", "\\n")
        .replaceAll("\t", "\\t")
        .replaceAll(invisible, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** Where a text may be cut at or before an index without tearing a character apart, as people see characters. */
function boundary(text: string, index: number): number {
    if (index <= 0) return 0;
    if (index >= text.length) return text.length;
    const start = graphemes.segment(text).containing(index)?.index ?? index;
    if (start > 0) return start;
    // One character of endless marks: at least no surrogate pair is torn.
    return /[\udc00-\udfff]/.test(text.charAt(index)) ? index - 1 : index;
}

/** At most `length` UTF-16 code units of a text, and a mark when there were more. */
export function clip(text: string, length: number): string {
    return text.length <= length ? text : `${text.slice(0, boundary(text, length - 1))}…`;
}

/** A value in one line, as JSON; empty when there is none. */
function valueText(value: unknown): string {
    if (value === undefined) return "";
    return value === secretText || value === unknownText ? value : oneLine(JSON.stringify(value));
}

/** How much of a long text is shown before the place where it begins to differ. */
const context = 40;

function from(text: string, start: number, length: number): string {
    const begin = boundary(text, start);
    return clip(begin === 0 ? text : `…${text.slice(begin)}`, length);
}

/** Two values in one line each. Of long ones, the part where they begin to differ. */
export function valueTexts(old: unknown, next: unknown, length: number): [string, string] {
    const [left, right] = [valueText(old), valueText(next)];
    if (left.length <= length && right.length <= length) return [left, right];
    let common = 0;
    while (common < left.length && left[common] === right[common]) common += 1;
    const start = common > length / 2 ? common - context : 0;
    return [from(left, start, length), from(right, start, length)];
}

function longestRun(text: string): number {
    return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}

/** A text as Markdown code within a line: nothing in it is Markdown, a link or a mention. */
export function code(text: string): string {
    const line = oneLine(text);
    const ticks = "`".repeat(longestRun(line) + 1);
    const pad = line === "" || /^[` ]|[` ]$/.test(line) ? " " : "";
    return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** The same within a cell of a table. */
export function cell(text: string): string {
    return code(text).replaceAll("|", "\\|");
}

/** The marks around a block of code that holds these lines: longer than any run of them inside. */
export function fence(lines: readonly string[]): string {
    return "`".repeat(lines.reduce((longest, line) => Math.max(longest, 1 + longestRun(line)), 3));
}
