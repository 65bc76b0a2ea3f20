import { Listr } from "listr2";

import { nameOf } from "../changes/nameOf.ts";
import { formatDuration } from "../duration.ts";
import type { EventLog } from "./events.ts";

/** Milliseconds between two looks at how far it is. */
const intervalMs = 500;

/** `update: 34 of 211 resources, 12 changes begun; longest: aws:rds/instance:Instance data-postgres, 5 min 12 s`. */
export function progressLine(what: string, log: EventLog, total: number | undefined, now: number): string {
    const changed = log.steps.length === 0 ? "" : `, ${log.steps.length} changes begun`;
    const of = total === undefined ? "" : ` of ${total}`;
    const [longest] = [...log.running.values()]
        .filter(({ step }) => step.new?.custom ?? step.old?.custom ?? false)
        .toSorted((a, b) => a.since - b.since);
    const slow =
        longest === undefined || now - longest.since < 2
            ? ""
            : `; longest: ${longest.step.type} ${nameOf(longest.step.urn)}, ${formatDuration(now - longest.since)}`;
    return `${what}: ${log.done}${of} resources${changed}${slow}`;
}

/** Shows an operation to a person at a terminal: one line that changes, in place of a line for each step. */
export async function withLiveProgress<Result>(
    title: string,
    total: number | undefined,
    run: (onStart: (what: string, log: EventLog) => void) => Promise<Result>,
): Promise<Result> {
    let result: Result | undefined;
    await new Listr(
        [
            {
                title,
                task: async (_context, task) => {
                    let timer: NodeJS.Timeout | undefined;
                    try {
                        result = await run((what, log) => {
                            clearInterval(timer);
                            timer = setInterval(() => {
                                task.output = progressLine(what, log, total, Date.now() / 1000);
                            }, intervalMs);
                        });
                    } finally {
                        clearInterval(timer);
                    }
                },
            },
        ],
        {
            registerSignalListeners: false,
            rendererOptions: { showErrorMessage: false, collapseErrors: true },
        },
    ).run();
    return result as Result;
}
