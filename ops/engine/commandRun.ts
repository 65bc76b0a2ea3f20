import { stringify } from "yaml";

import { maskCredentials, masked } from "../changes/mask.ts";
import { formatDuration } from "../duration.ts";
import { explain } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { formatSummary } from "./events.ts";
import { EventsFile } from "./eventsFile.ts";
import { withLiveProgress } from "./liveProgress.ts";
import type { OperationHooks, OperationResult } from "./operations.ts";
import type { EngineOptions } from "./options.ts";

/** Lines that a person at a terminal wants to keep. */
const lasting = /^(?:warning|policy|failed):/;

/** One command of the engine: where its lines go, its file of events, its result as text or JSON. */
export class CommandRun {
    readonly signal: AbortSignal;
    readonly #command: string;
    readonly #stack: string;
    readonly #json: boolean;
    readonly #file: EventsFile | undefined;

    /** Throws an OptionError when the file of events cannot be written. */
    constructor(
        command: string,
        stack: string,
        { json = false, events }: EngineOptions,
        signal: AbortSignal,
    ) {
        this.#command = command;
        this.#stack = stack;
        this.#json = json;
        this.signal = signal;
        this.#file = events === undefined ? undefined : new EventsFile(events);
    }

    /** A line for people, without what has the shape of a credential. */
    readonly report = (line: string): void => {
        (this.#json ? process.stderr : process.stdout).write(`${maskCredentials(line)}\n`);
    };

    /** Hooks of an operation that is told in lines. */
    hooks(report = this.report): OperationHooks {
        return {
            report,
            signal: this.signal,
            onStart: () => this.#file?.begin(),
            onEvent: (event) => this.#file?.add(event),
        };
    }

    /**
     * Runs an operation that changes something: at a terminal with one line that moves, elsewhere with a line for each step.
     * `total`: number of resources, where a preview has told it.
     */
    async changing(
        title: string,
        total: number | undefined,
        operation: (hooks: OperationHooks) => Promise<OperationResult>,
    ): Promise<OperationResult> {
        if (this.#json || !process.stdout.isTTY) return operation(this.hooks());
        const kept: string[] = [];
        try {
            return await withLiveProgress(title, total, (onStart) => {
                const hooks = this.hooks((line) => {
                    if (lasting.test(line)) kept.push(line);
                });
                return operation({
                    ...hooks,
                    onStart: (what, log) => {
                        hooks.onStart?.(what, log);
                        onStart(what, log);
                    },
                });
            });
        } finally {
            kept.forEach(this.report);
        }
    }

    /** Tells what was done: how much, how long, the slowest resources, the outputs. */
    summarise({ outputs, slowest, ...summary }: OperationResult): void {
        this.report(formatSummary(summary));
        if (slowest.length > 0) {
            this.report("Slowest:");
            for (const { type, name, seconds } of slowest)
                this.report(`  ${formatDuration(seconds)}  ${type} ${name}`);
        }
        if (Object.keys(outputs).length > 0) {
            this.report(stringify(masked(outputs), { lineWidth: 0 }).trimEnd());
        }
    }

    /**
     * Runs the command. With `--json` its result, or why there is none, is the only thing on standard output, masked. A
     * result may have an `exitCode` of its own.
     */
    async conclude(body: () => Promise<object | undefined>): Promise<void> {
        const print = (document: object): void => {
            if (!this.#json) return;
            const whole = JSON.stringify({ command: this.#command, stack: this.#stack, ...document });
            process.stdout.write(`${JSON.stringify(masked(JSON.parse(whole)), undefined, 2)}\n`);
        };
        try {
            const result = await body();
            print({ result: "succeeded", exitCode: exitCodes.ok, ...result });
        } catch (error) {
            const { message, exitCode } = explain(error);
            print({ result: "failed", exitCode, message });
            throw error;
        }
    }
}
