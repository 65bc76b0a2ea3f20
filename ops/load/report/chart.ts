import type { EChartsOption, SeriesOption } from "echarts";

import type { Run, Sample } from "../run.ts";

/** Colours that people with any colour vision can tell apart (Okabe and Ito). */
const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

interface Line {
    name: string;
    value: (sample: Sample) => number | null;
    color?: string;
    dashed?: boolean;
    /** Holds its value until the next one, as a number of pods does. */
    stepped?: boolean;
}

interface Panel {
    title: string;
    lines: Line[];
    /** Values that are marked by a line across. */
    marks: (run: Run) => { name: string; value: number | null }[];
    logarithmic?: boolean;
}

const panels: readonly Panel[] = [
    {
        title: "Requests per second",
        lines: [
            { name: "asked for", value: ({ intended }) => intended, dashed: true },
            { name: "answered", value: ({ answered }) => answered },
            { name: "failed", value: ({ errors }) => errors, color: "#000" },
        ],
        marks: () => [],
    },
    {
        title: "Latency in ms",
        lines: [
            { name: "p50", value: ({ p50 }) => p50 },
            { name: "p95", value: ({ p95 }) => p95 },
            { name: "p99", value: ({ p99 }) => p99 },
        ],
        marks: () => [],
        logarithmic: true,
    },
    {
        title: "Pods",
        lines: [
            { name: "wanted", value: ({ desired }) => desired, dashed: true, stepped: true },
            { name: "ready", value: ({ ready }) => ready, stepped: true },
        ],
        marks: ({ workload }) => [
            { name: "fewest", value: workload.minReplicas },
            { name: "most", value: workload.maxReplicas },
        ],
    },
    {
        title: "Use in % of the request",
        lines: [
            { name: "CPU", value: ({ cpu }) => cpu, stepped: true },
            { name: "memory", value: ({ memory }) => memory, stepped: true },
        ],
        marks: ({ workload }) => [
            { name: "CPU target", value: workload.cpuTarget },
            { name: "memory target", value: workload.memoryTarget },
        ],
    },
];

/** In a comparison only what differs most is shown, so that the lines can still be told apart. */
const compared = new Set(["asked for", "answered", "failed", "p95", "wanted", "ready", "CPU"]);

/** Size of the whole picture in pixels. */
export const chartSize = { width: 960, height: 870 };

const top = 60;
const panelHeight = 160;
const panelGap = 45;

function lineSeries(runs: readonly Run[], panel: Panel, index: number): SeriesOption[] {
    const several = runs.length > 1;
    return runs.flatMap((run, runIndex) =>
        panel.lines
            .filter(({ name }) => !several || compared.has(name))
            // The same for all that are compared.
            .filter(({ name }) => runIndex === 0 || name !== "asked for")
            .map((line, lineIndex): SeriesOption => {
                const color = several
                    ? colors[runIndex % colors.length]
                    : (line.color ?? colors[lineIndex % colors.length]);
                const marks = lineIndex > 0 ? [] : panel.marks(run).filter(({ value }) => value !== null);
                return {
                    type: "line",
                    name: several ? `${run.label}: ${line.name}` : line.name,
                    xAxisIndex: index,
                    yAxisIndex: index,
                    symbol: "none",
                    animation: false,
                    ...(line.stepped && { step: "end" }),
                    lineStyle: {
                        width: several && line.name === "failed" ? 1 : 2,
                        type: line.dashed ? "dashed" : line.name === "failed" ? "dotted" : "solid",
                        ...(color && { color }),
                    },
                    ...(color && { itemStyle: { color } }),
                    data: run.samples.map((sample) => {
                        const value = line.value(sample);
                        const none = panel.logarithmic && (value ?? 0) <= 0;
                        return [sample.second, none || value === null ? "-" : Math.round(value * 100) / 100];
                    }),
                    markLine: {
                        silent: true,
                        symbol: "none",
                        animation: false,
                        lineStyle: { color: "#888", type: "dotted", width: 1 },
                        label: { color: "#666", formatter: "{b}" },
                        data:
                            several && runIndex > 0
                                ? []
                                : marks.map(({ name, value }, mark) => ({
                                      name,
                                      yAxis: value ?? 0,
                                      label: { position: mark === 0 ? "insideEndTop" : "insideStartTop" },
                                  })),
                    },
                };
            }),
    );
}

/**
 * The plots of one run, or of several compared: load, latency, pods and use, one above the other on one time axis.
 * `title` may be empty.
 */
export function chartOption(title: string, runs: readonly Run[]): EChartsOption {
    const offset = (index: number): number => top + index * (panelHeight + panelGap);
    const end = Math.max(1, ...runs.map(({ samples }) => samples.at(-1)?.second ?? 0));
    return {
        backgroundColor: "#fff",
        animation: false,
        title: [
            { text: title, left: "center", top: 5, textStyle: { fontSize: 16 } },
            ...panels.map((panel, index) => ({
                text: panel.title,
                left: 10,
                top: offset(index) - 25,
                textStyle: { fontSize: 12, fontWeight: "bold" as const },
            })),
        ],
        grid: panels.map((_, index) => ({ left: 60, right: 30, top: offset(index), height: panelHeight })),
        xAxis: panels.map((_, index) => ({
            type: "value" as const,
            gridIndex: index,
            min: 0,
            max: end,
            axisLabel: { formatter: "{value} s", show: index === panels.length - 1 },
            splitLine: { show: true, lineStyle: { color: "#eee" } },
        })),
        yAxis: panels.map(({ logarithmic }, index) => ({
            type: logarithmic ? ("log" as const) : ("value" as const),
            gridIndex: index,
            ...(!logarithmic && { min: 0 }),
            minInterval: 1,
            splitLine: { lineStyle: { color: "#eee" } },
        })),
        legend: panels.map((panel, index) => ({
            top: offset(index) - 27,
            left: 200,
            right: 20,
            itemHeight: 8,
            textStyle: { fontSize: 11 },
            data: lineSeries(runs, panel, index).map(({ name }) => String(name)),
        })),
        axisPointer: { link: [{ xAxisIndex: "all" }] },
        tooltip: { trigger: "axis" },
        series: panels.flatMap((panel, index) => lineSeries(runs, panel, index)),
    };
}
