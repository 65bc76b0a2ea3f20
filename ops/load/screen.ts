import { Listr } from "listr2";

import type { Sample, ScalingEvent, WatchedWorkload } from "./run.ts";
import { milliseconds } from "./verdict.ts";

/** Seconds between two lines when nobody watches a terminal. */
const quietSeconds = 5;

/** Changes of the number of pods that stay on the screen. */
const shownEvents = 4;

function percent(value: number | null, target: number | null): string {
    return `${value === null ? "unknown" : `${value}%`}/${target === null ? "–" : `${target}%`}`;
}

/** A second in a line. */
export function sampleLine(sample: Sample, workload: WatchedWorkload): string {
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
        `pods ${ready ?? "?"}/${desired ?? "?"} (${workload.minReplicas}–${workload.maxReplicas})`,
        `CPU ${percent(sample.cpu, workload.cpuTarget)}`,
        `memory ${percent(sample.memory, workload.memoryTarget)}`,
    ].join(" · ");
}

export function eventLine({ second, from, to, reason }: ScalingEvent): string {
    return `${second} s: ${from} → ${to} pods${reason === "" ? "" : ` (${reason})`}`;
}

/** Takes what is to be seen now: the lines of the moment, and the seconds since the beginning. */
export type Show = (lines: readonly string[], second: number) => void;

/**
 * Shows what `work` tells while it runs: on a terminal in place, else as a line every few seconds. Lines that are too
 * long for the terminal are wrapped.
 */
export async function withScreen<T>(title: string, work: (show: Show) => Promise<T>): Promise<T> {
    const live = process.stdout.isTTY;
    const tasks = new Listr<{ result?: T }>(
        [
            {
                title,
                task: async (context, task) => {
                    context.result = await work((lines, second) => {
                        if (live) task.output = lines.join("\n");
                        else if (second % quietSeconds === 0) task.output = lines.at(-1) ?? "";
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

/** The newest changes of the number of pods, and the second. */
export function screenLines(
    sample: Sample,
    events: readonly ScalingEvent[],
    workload: WatchedWorkload,
): string[] {
    return [...events.slice(-shownEvents).map(eventLine), sampleLine(sample, workload)];
}
