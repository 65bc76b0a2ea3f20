import { Graphviz } from "@hpcc-js/wasm-graphviz";

import {
    type Architecture,
    type Arrow,
    type Box,
    type BoxKind,
    boxesOf,
    type Frame,
    isEmpty,
} from "./model.ts";

const fills: Record<BoxKind, string> = {
    outside: "#ffffff",
    edge: "#e8e1f7",
    cluster: "#fde8cf",
    workload: "#d9ecfb",
    data: "#dcefdc",
    support: "#eeeeee",
};

function escaped(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Lines of a box and titles of a frame longer than this are broken at a comma, in characters. */
const longest = { line: 30, title: 60 };

function wrapped(line: string, length: number): string[] {
    return line.split(", ").reduce<string[]>((lines, part) => {
        const last = lines.at(-1);
        if (last === undefined) return [part];
        const joined = `${last}, ${part}`;
        if (joined.length <= length) return [...lines.slice(0, -1), joined];
        return [...lines.slice(0, -1), `${last},`, part];
    }, []);
}

function boxSource({ id, kind, title, lines }: Box): string {
    const text = [
        `<b>${escaped(title)}</b>`,
        ...lines
            .filter((line) => line !== "")
            .flatMap((line) => wrapped(line, longest.line))
            .map((line) => `<font point-size="10">${escaped(line)}</font>`),
    ].join("<br/>");
    return `"${id}" [label=<${text}>, fillcolor="${fills[kind]}"];`;
}

function frameSource(each: Frame): string {
    if (isEmpty(each)) return "";
    return [
        `subgraph "cluster_${each.id}" {`,
        `label=<${wrapped(each.title, each.frames.length > 0 ? longest.title : longest.line)
            .map((line) => `${escaped(line)}<br align="left"/>`)
            .join("")}>;`,
        ...each.boxes.map(boxSource),
        ...each.frames.map(frameSource),
        "}",
    ].join("\n");
}

function arrowSource({ from, to, label, kind, upward }: Arrow): string {
    const attributes = [
        `label="${label}"`,
        ...(kind === "control" ? ["style=dashed", 'color="#888888"', "constraint=false"] : []),
        ...(upward ? ["dir=back"] : []),
        // Requests go straight; what else there is gives way.
        ...(kind === "traffic" ? ["weight=4"] : []),
    ];
    const [above, below] = upward ? [to, from] : [from, to];
    return `"${above}" -> "${below}" [${attributes.join(", ")}];`;
}

function columnSource(ids: readonly string[]): string[] {
    return ids.slice(1).map((id, index) => `"${ids[index] ?? ""}" -> "${id}" [style=invis];`);
}

/** The picture in the language of Graphviz. */
export function dotSource({ root, arrows, columns }: Architecture): string {
    const ids = new Set(boxesOf(root).map(({ id }) => id));
    return [
        "digraph {",
        'graph [fontname="Arial", fontsize=11, bgcolor=white, style=rounded, color="#999999", ranksep=0.4, nodesep=0.2, labeljust=l];',
        'node [fontname="Arial", fontsize=12, shape=box, style="rounded,filled", color="#777777", margin="0.13,0.06"];',
        'edge [fontname="Arial", fontsize=10, color="#333333"];',
        ...root.boxes.map(boxSource),
        ...root.frames.map(frameSource),
        ...arrows.filter(({ from, to }) => ids.has(from) && ids.has(to)).map(arrowSource),
        ...columns.flatMap((column) => columnSource(column.filter((id) => ids.has(id)))),
        "}",
    ].join("\n");
}

/** The picture as SVG; the same for the same plan, on every machine. */
export async function drawArchitecture(architecture: Architecture): Promise<string> {
    const graphviz = await Graphviz.load();
    // Graphviz measures text by the metrics of one font it knows; the reader's machine may have another of the same measure.
    return graphviz
        .dot(dotSource(architecture), "svg")
        .replaceAll('font-family="Arial"', 'font-family="Arial, Helvetica, Liberation Sans, sans-serif"');
}
