import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Figures } from "../figures.ts";
import type { Run } from "../run.ts";
import { type Check, milliseconds } from "../verdict.ts";
import { chartOption, chartSize } from "./chart.ts";

/** A run with what became of it. */
export interface Result {
    run: Run;
    figures: Figures;
    checks: Check[];
}

const style = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: ${chartSize.width}px; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { text-align: left; padding: .25rem .8rem; border-bottom: 1px solid #ddd; vertical-align: top; }
.ok { color: #00704f; } .failed { color: #b33c00; font-weight: 600; }
#plots { width: ${chartSize.width}px; height: ${chartSize.height}px; max-width: 100%; }
`;

function escape(text: string): string {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const row = (cells: readonly string[], tag: string): string =>
        `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
    return `<table>${row(head.map(escape), "th")}${rows.map((cells) => row(cells, "td")).join("\n")}</table>`;
}

function verdictTable(checks: readonly Check[]): string {
    return table(
        ["", "Expectation", "Expected", "Seen"],
        checks.map(({ ok, name, expected, seen }) => [
            ok ? '<span class="ok">kept</span>' : '<span class="failed">not kept</span>',
            ...[name, expected, seen].map(escape),
        ]),
    );
}

function count(value: number): string {
    return Math.round(value).toLocaleString("en");
}

/** Rows of the figures, a column for each run. */
function figureTable(results: readonly Result[]): string {
    const rows: [string, (result: Result) => string][] = [
        ["Requests sent", ({ figures }) => count(figures.sent)],
        ["Answered", ({ figures }) => count(figures.answered)],
        ["Failed", ({ figures }) => `${count(figures.failed)} (${(figures.errorShare * 100).toFixed(2)} %)`],
        [
            "Why they failed",
            ({ run }) =>
                Object.entries(run.errors)
                    .map(([why, times]) => `${why}: ${count(times)}`)
                    .join(", ") || "–",
        ],
        ["Latency p50", ({ figures }) => milliseconds(figures.p50)],
        ["Latency p95", ({ figures }) => milliseconds(figures.p95)],
        ["Latency p99", ({ figures }) => milliseconds(figures.p99)],
        ["Ready pods", ({ figures }) => `${figures.fewestReady}–${figures.mostReady}`],
        ["Bounds of the HPA", ({ run }) => `${run.workload.minReplicas}–${run.workload.maxReplicas}`],
        ["Changes of the number of pods", ({ figures }) => String(figures.scalings)],
        [
            "Back at the fewest pods",
            ({ figures }) =>
                figures.secondsToFloor === null
                    ? "not seen"
                    : `${figures.secondsToFloor} s after the load fell`,
        ],
    ];
    return table(
        ["", ...results.map(({ run }) => run.label)],
        rows.map(([name, value]) => [escape(name), ...results.map((result) => escape(value(result)))]),
    );
}

function section({ run, checks }: Result): string {
    const notes = run.notes.map(({ text }) => `<p>${escape(text)}</p>`).join("\n");
    const events = table(
        ["Second", "Pods", "Why"],
        run.events.map(({ second, from, to, reason }) => [String(second), `${from} → ${to}`, escape(reason)]),
    );
    return [
        `<h2>${escape(run.label)}</h2>`,
        `<p>${escape(run.kind)} of ${escape(run.target)}, ${escape(run.startedAt)}${run.interrupted ? ", <strong>ended before its time</strong>" : ""}</p>`,
        notes,
        verdictTable(checks),
        run.events.length === 0 ? "<p>The number of pods did not change.</p>" : events,
    ].join("\n");
}

/** The report as one HTML document that needs nothing else, no network either. */
export function htmlReport(title: string, results: readonly Result[]): string {
    const library = join(dirname(createRequire(import.meta.url).resolve("echarts")), "echarts.min.js");
    const option = chartOption(
        "",
        results.map(({ run }) => run),
    );
    // A text such as </script> in the data must not end the element.
    const data = JSON.stringify(option).replaceAll("<", "\\u003c");
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<div id="plots" role="img" aria-label="Plots of load, latency, pods and use over time"></div>
${figureTable(results)}
${results.map(section).join("\n")}
<script>${readFileSync(library, "utf8").replaceAll("</script", "<\\/script")}</script>
<script>
echarts.init(document.getElementById("plots"), null, { renderer: "canvas" }).setOption(${data});
</script>
</body>
</html>
`;
}
