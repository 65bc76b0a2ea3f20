import Table from "cli-table3";

import { OperationError } from "../errors.ts";
import { figures } from "./figures.ts";
import type { Result } from "./report/html.ts";
import { writeReport } from "./report/write.ts";
import type { Run } from "./run.ts";
import { eventLine } from "./screen.ts";
import { type Expectations, verdict } from "./verdict.ts";

export interface ConcludeArgs {
    title: string;
    runs: readonly Run[];
    /** Undefined where nothing is expected. */
    expected: Expectations | undefined;
    /** Folder of the report's files. */
    folder: string;
    /** Also write the plots as SVG. */
    svg: boolean;
}

const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

/** A file name of letters, digits and hyphens. */
function fileName(title: string, startedAt: string): string {
    return `${title}-${startedAt.slice(0, 19)}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function checkTable({ checks }: Result): string {
    const table = new Table({
        head: ["Expectation", "Expected", "Seen", ""],
        style: { head: [], border: [], compact: true },
    });
    table.push(
        ...checks.map(({ name, expected, seen, ok }) => [name, expected, seen, ok ? "kept" : "NOT KEPT"]),
    );
    return table.toString();
}

/**
 * Writes the report, prints the verdict. Throws an OperationError when an expectation was not kept, unless the run was
 * ended by the user: then nothing can be said.
 */
export async function conclude({ title, runs, expected, folder, svg }: ConcludeArgs): Promise<void> {
    const results = runs.map((run): Result => {
        const seen = figures(run);
        return { run, figures: seen, checks: expected ? verdict(run, seen, expected) : [] };
    });
    for (const result of results) {
        const { run } = result;
        print(`\n${run.label}${run.interrupted ? " (ended before its time)" : ""}`);
        for (const event of run.events) print(`  ${eventLine(event)}`);
        for (const [why, count] of Object.entries(run.errors)) print(`  ${count} requests failed: ${why}`);
        for (const { text } of run.notes) print(`  ${text}`);
        if (expected) print(checkTable(result));
    }
    const name = fileName(title, runs[0]?.startedAt ?? "");
    const files = await writeReport({ title, results, folder, name, svg });
    print(`\nReport: ${Object.values(files).join(", ")}`);
    const broken = results
        .filter(({ run }) => !run.interrupted)
        .flatMap(({ checks }) => checks)
        .filter(({ ok }) => !ok);
    if (broken.length > 0) {
        throw new OperationError(
            broken.length === 1
                ? "One expectation was not kept."
                : `${broken.length} expectations were not kept.`,
        );
    }
}
