import { writeFileSync } from "node:fs";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { CommandRun } from "../engine/commandRun.ts";
import { openForCommand } from "../engine/openForCommand.ts";
import { previewRefresh } from "../engine/operations.ts";
import { type EngineOptions, operationOptions } from "../engine/options.ts";
import { OptionError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { projectFolder, projectName } from "../project.ts";
import { formatDrift, remedy } from "./format.ts";
import { driftOfEvents } from "./fromEvents.ts";
import { driftReport } from "./report.ts";

export interface DriftOptions extends EngineOptions {
    /** File for the drift as Markdown. */
    report?: string;
}

function write(file: string, text: string): void {
    try {
        writeFileSync(file, text);
    } catch (error) {
        throw new OptionError(`--report ${file} cannot be written: ${(error as Error).message}`);
    }
}

/**
 * Looks at everything in a stack and tells what is not as the last update has left it. Writes nothing, neither into the
 * cloud nor into the state. The exit code is `changesFound` when there is drift.
 */
export async function driftCommand(stack: string, options: DriftOptions, signal: AbortSignal): Promise<void> {
    const run = new CommandRun("drift", stack, options, signal);
    if (options.report !== undefined) write(options.report, "");
    await run.conclude(async () => {
        const { handle } = await openForCommand({ stack, signal, report: run.report });
        run.report(`Looking at everything in ${stack}`);
        const events: EngineEvent[] = [];
        const hooks = run.hooks(() => undefined);
        await previewRefresh(
            handle,
            {
                ...hooks,
                onEvent: (event) => {
                    hooks.onEvent?.(event);
                    events.push(event);
                },
            },
            operationOptions(options),
        );
        const drift = driftOfEvents(projectName(projectFolder), stack, events);
        if (options.report !== undefined) write(options.report, driftReport(drift));
        if (options.json !== true) run.report(formatDrift(drift).trimEnd());
        const exitCode = drift.drifted.length > 0 ? exitCodes.changesFound : exitCodes.ok;
        process.exitCode = exitCode;
        return { ...drift, remedy: remedy(drift), exitCode };
    });
}
