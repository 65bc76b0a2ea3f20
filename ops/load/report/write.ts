import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { OperationError } from "../../errors.ts";
import { htmlReport, type Result } from "./html.ts";

/** The files of a report. */
export interface ReportFiles {
    json: string;
    html: string;
    /** The plots alone; only when asked for. */
    svg?: string;
}

export interface ReportArgs {
    title: string;
    results: readonly Result[];
    /** Folder of the files; made when it is not there. */
    folder: string;
    /** File name without its ending. */
    name: string;
    /** Also write the plots as SVG. Default: false. */
    svg?: boolean;
}

/** Makes the folder of a report before there is one. Throws an OperationError when that cannot be. */
export function prepareFolder(folder: string): void {
    try {
        mkdirSync(folder, { recursive: true });
        accessSync(folder, constants.W_OK);
    } catch (error) {
        throw new OperationError(
            `--report ${folder}: the folder cannot be written (${(error as Error).message}).`,
        );
    }
}

/** Writes a report: JSON for programs, HTML for people. */
export async function writeReport({ title, results, folder, name, svg }: ReportArgs): Promise<ReportFiles> {
    prepareFolder(folder);
    const files: ReportFiles = { json: join(folder, `${name}.json`), html: join(folder, `${name}.html`) };
    writeFileSync(files.json, `${JSON.stringify({ title, results }, undefined, 2)}\n`);
    writeFileSync(files.html, htmlReport(title, results));
    if (svg) {
        const { chartSvg } = await import("./svg.ts");
        files.svg = join(folder, `${name}.svg`);
        writeFileSync(
            files.svg,
            chartSvg(
                title,
                results.map(({ run }) => run),
            ),
        );
    }
    return files;
}
