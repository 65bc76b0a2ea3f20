import { styleText } from "node:util";

import Table from "cli-table3";

import type { Finding, Status } from "./model.ts";

/** Where findings are printed. */
export interface Screen {
    /** Columns of the terminal; undefined when there is none, and lines may be as long as they like. */
    width: number | undefined;
    colour: boolean;
}

const styles = { pass: "green", fail: "red", warn: "yellow", skip: "gray" } as const;

function coloured(status: Status, { colour }: Screen): string {
    return colour ? styleText(styles[status], status, { validateStream: false }) : status;
}

export type Counts = Record<Status, number>;

export function count(findings: readonly Finding[]): Counts {
    const of = (status: Status): number => findings.filter((each) => each.status === status).length;
    return { pass: of("pass"), fail: of("fail"), warn: of("warn"), skip: of("skip") };
}

interface Row {
    status: Status;
    check: string;
    object: string;
    text: string;
}

function rowOf({ status, check, object, message, remedy }: Finding): Row {
    const text = remedy === undefined ? message : `${message}\n→ ${remedy}`;
    return { status, check, object, text };
}

/** One row for each check that passes as a whole, one for each finding of the others. */
function rows(findings: readonly Finding[], verbose: boolean): Row[] {
    const byCheck = Map.groupBy(findings, ({ check }) => check);
    return [...byCheck].flatMap(([check, all]) => {
        const [first] = all;
        if (verbose || !first || all.length === 1 || all.some(({ status }) => status !== "pass")) {
            return all.map(rowOf);
        }
        const objects = all.map(({ object }) => object.split(" ").at(-1) ?? "");
        return [{ status: "pass", check, object: `${all.length} objects`, text: objects.join(", ") }];
    });
}

/** Terminals narrower than this get one column of text instead of three. */
const narrowWidth = 80;
/** Columns that borders and spaces take in a table of so many columns. */
const frame = (columns: number): number => columns * 3 + 1;
const statusWidth = 6;

function widest(texts: readonly string[]): number {
    return Math.max(...texts.map(({ length }) => length));
}

/** Divides words that are longer than a column, of which the table would cut the end off. */
function breakable(text: string, columns: number): string {
    return text.replaceAll(new RegExp(`\\S{${columns}}(?=\\S)`, "g"), "$& ");
}

function table(head: string[], cells: string[][], colWidths?: number[]): string {
    const result = new Table({
        head,
        style: { head: [], border: [], compact: true },
        ...(colWidths && { colWidths, wordWrap: true }),
    });
    // The status is short, and its colour must not be divided.
    const room = (column: number): number =>
        column === 0 ? Infinity : (colWidths?.[column] ?? Infinity) - 2;
    result.push(
        ...cells.map((row) =>
            row.map((text, column) => (Number.isFinite(room(column)) ? breakable(text, room(column)) : text)),
        ),
    );
    return result.toString();
}

/** The findings as a table, and how many there are of each kind. */
export function formatFindings(findings: readonly Finding[], screen: Screen, verbose = false): string {
    const all = rows(findings, verbose);
    const { width } = screen;
    const summary = Object.entries(count(findings))
        .map(([status, number]) => `${number} ${status}`)
        .join(", ");
    if (width !== undefined && width < narrowWidth) {
        const cells = all.map(({ status, check, object, text }) => [
            coloured(status, screen),
            `${check}: ${object}: ${text}`,
        ]);
        // Two columns with a border and a space on each side are the least a table needs.
        const textWidth = Math.max(20, width - statusWidth - 3);
        return `${table(["", "Finding"], cells, [statusWidth, textWidth])}\n${summary}\n`;
    }
    const head = ["", "Check", "Object", "Finding"];
    const cells = all.map((row) => [coloured(row.status, screen), row.check, row.object, row.text]);
    if (width === undefined) return `${table(head, cells)}\n${summary}\n`;
    const checkWidth = widest(all.map(({ check }) => check)) + 2;
    const objectWidth = Math.min(
        widest(all.map(({ object }) => object)) + 2,
        Math.floor((width - statusWidth - checkWidth) / 2),
    );
    const rest = width - statusWidth - checkWidth - objectWidth - frame(4) + 8;
    return `${table(head, cells, [statusWidth, checkWidth, objectWidth, rest])}\n${summary}\n`;
}
