import { Listr } from "listr2";

import type { Sample, ScalingBounds, ScalingEvent } from "./run.ts";
import { milliseconds } from "./verdict.ts";

/** Seconds between two lines when nobody watches a terminal. */
const quietSeconds = 5;

/** Changes of the number of pods that stay on the screen. */
const shownEvents = 4;

function percent(value: number | null, target: number | null): string {
    return `${value === null ? "unknown" : `${value}%`}/${target === null ? "–" : `${target}%`}`;
}

/** A second in a line. */
export function sampleLine(sample: Sample, bounds: ScalingBounds): string {
    const { second, intended, started, errors, ready, desired } = sample;
    const idle = intended === 0 && started === 0 && errors === 0 && sample.answered === 0;
    return [
        `${second + 1} s`,
        ...(idle ? [] : [`${Math.round(started)}/${Math.round(intended)} requests/s`]),
        ...(sample.p50 === null
            ? []
            : [
                  `p50 ${milliseconds(sample.p50)}, p95 ${milliseconds(sample.p95)}, p99 ${milliseconds(sample.p99)}`,
              ]),
        ...(idle ? [] : [`${Math.round(errors)} failed`]),
        `pods ${ready ?? "?"}/${desired ?? "?"} (${bounds.minReplicas}–${bounds.maxReplicas})`,
        `CPU ${percent(sample.cpu, bounds.cpuTarget)}`,
        `memory ${percent(sample.memory, bounds.memoryTarget)}`,
    ].join(" · ");
}

export function eventLine({ second, from, to, reason }: ScalingEvent): string {
    return `${second} s: ${from} → ${to} pods${reason === "" ? "" : ` (${reason})`}`;
}

/** What is to be seen at a moment. */
export interface Screen {
    /** Seconds since the beginning. */
    second: number;
    /** A line for each run. */
    now: readonly string[];
    /** What happened lately. */
    recent?: readonly string[];
}

export type Show = (screen: Screen) => void;

/** The second, and the newest changes of the number of pods. */
export function screenOf(sample: Sample, events: readonly ScalingEvent[], bounds: ScalingBounds): Screen {
    return {
        second: sample.second,
        now: [sampleLine(sample, bounds)],
        recent: events.slice(-shownEvents).map(eventLine),
    };
}

/**
 * Shows what `work` tells while it runs: on a terminal in place, else the lines of the moment every few seconds. Lines
 * that are too long for the terminal are wrapped.
 */
export async function withScreen<T>(title: string, work: (show: Show) => Promise<T>): Promise<T> {
    const live = process.stdout.isTTY;
    const tasks = new Listr<{ result?: T }>(
        [
            {
                title,
                task: async (context, task) => {
                    context.result = await work(({ second, now, recent = [] }) => {
                        if (live) task.output = [...recent, ...now].join("\n");
                        else if (second % quietSeconds === 0) for (const line of now) task.output = line;
                    });
                },
            },
        ],
        {
            fallbackRenderer: "simple",
            registerSignalListeners: false,
            rendererOptions: { showErrorMessage: false, collapseErrors: true },
        },
    );
    const { result } = await tasks.run({});
    return result as T;
}
