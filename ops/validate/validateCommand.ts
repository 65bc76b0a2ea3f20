import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { exitCodes } from "../exitCodes.ts";
import { OptionError } from "../errors.ts";
import { projectFolder } from "../project.ts";
import { checks } from "./checks/index.ts";
import { openClient } from "./client.ts";
import { connect, type ConnectOptions } from "../kubernetesAccess.ts";
import { configIn, expectedObjects } from "./expected.ts";
import { count, formatFindings, type Screen } from "./formatFindings.ts";
import { formatUsage } from "./formatUsage.ts";
import { junit } from "./junit.ts";
import type { Check, Finding } from "./model.ts";
import { validate, type Validation } from "./runChecks.ts";

export interface ValidateOptions extends ConnectOptions {
    json?: boolean;
    /** File for JUnit's XML. */
    junit?: string;
    /** Seconds between two runs until all checks pass; true for the default. */
    watch?: number | true;
    /** Seconds after which `watch` gives up. Default: never. */
    timeout?: number;
    only?: string[];
    skip?: string[];
    strict?: boolean;
    verbose?: boolean;
}

/** Seconds between two runs of `--watch`. */
const watchSeconds = 5;

/** The checks that `--only` and `--skip` leave. Throws an OptionError for a name that is none. */
export function selectChecks({ only = [], skip = [] }: Pick<ValidateOptions, "only" | "skip">): Check[] {
    const names = checks.map(({ name }) => name);
    const unknown = [...only, ...skip].filter((name) => !names.includes(name));
    if (unknown.length > 0) {
        throw new OptionError(`There is no check ${unknown.join(", ")}; there are: ${names.join(", ")}.`);
    }
    const kept = checks.filter(
        ({ name }) => (only.length === 0 || only.includes(name)) && !skip.includes(name),
    );
    if (kept.length === 0) throw new OptionError("No check is left by --only and --skip.");
    return kept;
}

/** True when the findings are good enough. */
export function passes(findings: readonly Finding[], strict: boolean): boolean {
    const { fail, warn } = count(findings);
    return fail === 0 && (!strict || warn === 0);
}

/** The findings as JSON: an array of objects with the same keys. */
export function formatJson(findings: readonly Finding[]): string {
    const shown = findings.map(({ check, object, status, message, remedy = null }) => ({
        check,
        object,
        status,
        message,
        remedy,
    }));
    return `${JSON.stringify(shown, undefined, 2)}\n`;
}

function screen(): Screen {
    const { isTTY, columns } = process.stdout;
    // A terminal that cannot tell its width says 0.
    if (!isTTY) return { width: undefined, colour: false };
    return { width: columns > 0 ? columns : undefined, colour: process.stdout.hasColors() };
}

function write(text: string): void {
    process.stdout.write(text);
}

/** One line about what is still wrong. */
function progressLine(findings: readonly Finding[], strict: boolean): string {
    const wrong = findings.filter(({ status }) => status === "fail" || (strict && status === "warn"));
    return [...new Set(wrong.map(({ check }) => check))].join(", ");
}

/** Repeats the validation until it passes, the time is over or the user ends it. */
async function watched(
    run: () => Promise<Validation>,
    options: ValidateOptions,
    signal: AbortSignal,
): Promise<Validation> {
    const { strict = false, timeout = Number.POSITIVE_INFINITY, watch } = options;
    const pause = watch === true || watch === undefined ? watchSeconds : watch;
    const deadline = Date.now() + timeout * 1000;
    let told = "";
    for (;;) {
        const result = await run();
        const left = deadline - Date.now();
        if (passes(result.findings, strict) || left <= 0) return result;
        const line = progressLine(result.findings, strict);
        // Beside the result, which a program may read.
        if (line !== told)
            process.stderr.write(`${new Date().toISOString().slice(11, 19)} not yet: ${line}\n`);
        told = line;
        await sleep(Math.min(pause * 1000, left), undefined, { signal }).catch((error: unknown) => {
            throw signal.aborted ? signal.reason : error;
        });
    }
}

/** Variables of the script that this command replaces. */
function fromEnvironment(options: ValidateOptions): { namespace: string | undefined; verbose: boolean } {
    const { NAMESPACE, VERBOSE } = process.env;
    return { namespace: NAMESPACE, verbose: options.verbose ?? VERBOSE === "true" };
}

/** Runs the checks on a stack's cluster and prints what they find. Returns the exit code. */
export async function validateCommand(
    stack: string,
    options: ValidateOptions,
    signal: AbortSignal,
): Promise<number> {
    const { strict = false } = options;
    const { namespace, verbose } = fromEnvironment(options);
    const selected = selectChecks(options);
    const config = configIn(projectFolder, stack, namespace);
    const kubeconfig = connect(config, options, projectFolder);
    const client = openClient(kubeconfig);
    const planned = await expectedObjects(projectFolder, stack, config);

    const started = Date.now();
    const contextName = kubeconfig.getCurrentContext();
    const run = (): Promise<Validation> =>
        validate({ checks: selected, client, contextName, config, planned });
    const { findings, context } =
        options.watch === undefined ? await run() : await watched(run, options, signal);
    if (options.junit !== undefined) {
        const seconds = (Date.now() - started) / 1000;
        writeFileSync(options.junit, junit(findings, { stack, seconds, strict }));
    }
    if (options.json) write(formatJson(findings));
    else {
        write(formatFindings(findings, screen(), verbose));
        if (verbose && context) write(formatUsage(context));
    }
    return passes(findings, strict) ? exitCodes.ok : exitCodes.failed;
}
