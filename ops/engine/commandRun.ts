import { stringify } from "yaml";

import { maskCredentials, masked } from "../changes/mask.ts";
import { formatDuration } from "../duration.ts";
import { explain } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { type Deadline, deadlineIn, stopOf } from "./deadline.ts";
import { type EventLog, formatSummary, type ResourceTime } from "./events.ts";
import { EventsFile } from "./eventsFile.ts";
import { withLiveProgress } from "./liveProgress.ts";
import type { OperationHooks, OperationResult } from "./operations.ts";
import type { EngineOptions } from "./options.ts";

/** Lines that a person at a terminal wants to keep. */
const lasting = /^(?:warning|policy|failed):/;

/** One command of the engine: where its lines go, its file of events, its result as text or JSON. */
export class CommandRun {
    readonly signal: AbortSignal;
    readonly deadline: Deadline | undefined;
    readonly #command: string;
    readonly #stack: string;
    readonly #json: boolean;
    readonly #events: string | undefined;
    #file: EventsFile | undefined;
    #failed: EventLog | undefined;

    /** The time of `timeout` begins. */
    constructor(
        command: string,
        stack: string,
        { json = false, events, timeout }: EngineOptions,
        signal: AbortSignal,
    ) {
        this.#command = command;
        this.#stack = stack;
        this.#json = json;
        this.#events = events;
        this.signal = signal;
        this.deadline = timeout === undefined ? undefined : deadlineIn(timeout);
    }

    /** Aborted when the command is interrupted, or its time is over. */
    get stop(): AbortSignal {
        return stopOf(this.signal, this.deadline);
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
            ...(this.deadline && { deadline: this.deadline }),
            onStart: () => this.#file?.begin(),
            onEvent: (event) => this.#file?.add(event),
            onFailure: (log) => (this.#failed = log),
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
        this.#tellSlowest(slowest);
        if (Object.keys(outputs).length > 0) {
            this.report(stringify(masked(outputs), { lineWidth: 0 }).trimEnd());
        }
    }

    #tellSlowest(slowest: readonly ResourceTime[]): void {
        if (slowest.length === 0) return;
        this.report("Slowest:");
        for (const { type, name, seconds } of slowest) {
            this.report(`  ${formatDuration(seconds)}  ${type} ${name}`);
        }
    }

    /** Tells what an operation did before it failed; the answer is for JSON. */
    #summariseFailure(): object {
        if (this.#failed === undefined) return {};
        const { summary, planned, slowest, steps } = this.#failed;
        if (Object.keys(summary.changes).length > 0) this.report(formatSummary(summary, planned));
        this.#tellSlowest(slowest);
        return { ...summary, steps, slowest };
    }

    /**
     * Runs the command. With `--json` its result, or why there is none, is the only thing on standard output, masked. A
     * result may have an `exitCode` of its own. Throws what the body does, and an OptionError when the file of events cannot
     * be written.
     */
    async conclude(body: () => Promise<object | undefined>): Promise<void> {
        const print = (document: object): void => {
            if (!this.#json) return;
            const whole = JSON.stringify({ command: this.#command, stack: this.#stack, ...document });
            process.stdout.write(`${JSON.stringify(masked(JSON.parse(whole)), undefined, 2)}\n`);
        };
        try {
            this.#file = this.#events === undefined ? undefined : new EventsFile(this.#events);
            const result = await body();
            print({ result: "succeeded", exitCode: exitCodes.ok, ...result });
        } catch (error) {
            const { message, exitCode } = explain(error);
            print({ result: "failed", exitCode, message, ...this.#summariseFailure() });
            throw error;
        }
    }
}
