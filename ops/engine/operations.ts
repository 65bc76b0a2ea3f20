import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";

import { formatDuration } from "../duration.ts";
import { InterruptedError, OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { type Deadline, overBefore, stopOf } from "./deadline.ts";
import { EventLog, type OperationSummary, type PlannedStep, type ResourceTime } from "./events.ts";
import { operationFailure } from "./failures.ts";
import { withLockWait } from "./lockWait.ts";

export interface OperationHooks {
    /** Told of every step in a line. */
    report: (line: string) => void;
    /** Lets the engine finish what it has begun and stop. */
    signal: AbortSignal;
    /** Does the same when the command's time is over. Default: never. */
    deadline?: Deadline;
    /** Told of every event of the engine, before `report`. */
    onEvent?: (event: EngineEvent) => void;
    /** Given the log of the operation when it begins, for those who show how far it is. */
    onStart?: (what: string, log: EventLog) => void;
    /** Given the log of an operation that has failed, or was stopped. */
    onFailure?: (log: EventLog) => void;
}

/** What the operations have in common. */
export interface OperationOptions {
    /** URNs; the operation is limited to them. Default: everything. */
    target?: readonly string[];
    /** `destroy`: what depends on `target` goes with it. Default: the operation fails when there is any. */
    targetDependents?: boolean;
    /** Seconds to wait for whoever holds the stack's lock. Default: 0. */
    lockTimeoutSeconds?: number;
}

/** Options of `up` and `preview`. */
export interface UpdateOptions extends OperationOptions {
    /** Ask the cloud for the state of everything first. Default: false. */
    refresh?: boolean;
    /** Folders of policy packs. */
    policyPacks?: readonly string[];
    /** Files with the configuration of the policy packs, in their order. */
    policyPackConfigs?: readonly string[];
    /** `up`: file with the plan that must not be left. `preview`: file that the plan is written to. */
    plan?: string;
    /** What the history says of the operation. Default: what the CLI makes of the last commit. */
    message?: string;
}

/** What an operation did or, after a preview, would do. */
export interface OperationResult extends OperationSummary {
    /** What the stack outputs, with `[secret]` in the place of secrets. */
    outputs: Record<string, unknown>;
    /** Every step that changes something. */
    steps: PlannedStep[];
    /** The resources that took longest. */
    slowest: ResourceTime[];
    /** Number of resources the engine looked at, components not counted. */
    resources: number;
}

interface SdkOptions {
    onEvent: (event: EngineEvent) => void;
    signal: AbortSignal;
    target?: string[];
    targetDependents?: boolean;
}

const goOn = "Run it again to go on.";

function assertMayBegin(what: string, { signal, deadline }: OperationHooks): void {
    if (signal.aborted) throw new InterruptedError(`Interrupted before the ${what} began. ${goOn}`);
    if (deadline?.signal.aborted) throw overBefore(deadline, `the ${what} began`, goOn);
}

/** Why an operation was stopped, with what the engine and providers said; undefined when it was not. */
function stopped(
    what: string,
    { signal, deadline }: OperationHooks,
    waiting: boolean,
    errors: readonly string[],
): Error | undefined {
    const state = waiting
        ? `it waited for another operation of the stack to end, and the ${what} has not begun`
        : `the engine has stopped the ${what} cleanly`;
    const told = (reason: string): string =>
        [`${reason}: ${state}. ${goOn}`, ...errors.flatMap((each) => each.split("\n"))].join("\n  ");
    if (signal.aborted) return new InterruptedError(told("Interrupted"));
    if (!deadline?.signal.aborted) return undefined;
    const limit = `the command's ${formatDuration(deadline.seconds)}`;
    return new OperationError(
        told(waiting ? `That took longer than ${limit}` : `The ${what} took longer than ${limit}`),
        exitCodes.timedOut,
    );
}

async function operate(
    what: string,
    hooks: OperationHooks,
    planned: boolean,
    { target = [], targetDependents = false, lockTimeoutSeconds = 0 }: OperationOptions,
    run: (options: SdkOptions) => Promise<unknown>,
): Promise<OperationResult> {
    assertMayBegin(what, hooks);
    const signal = stopOf(hooks.signal, hooks.deadline);
    let log = new EventLog(hooks.report, planned);
    let waiting = false;
    const reportWait = (line: string): void => {
        waiting = true;
        hooks.report(line);
    };
    try {
        await withLockWait(
            () => {
                waiting = false;
                log = new EventLog(hooks.report, planned);
                hooks.onStart?.(what, log);
                const onEvent = (event: EngineEvent): void => {
                    hooks.onEvent?.(event);
                    log.onEvent(event);
                };
                const limits = target.length > 0 ? { target: [...target], targetDependents } : {};
                return run({ onEvent, signal, ...limits });
            },
            { seconds: lockTimeoutSeconds, report: reportWait, signal },
        );
        const { summary, outputs, steps, slowest, done } = log;
        return { ...summary, outputs, steps, slowest, resources: done };
    } catch (error) {
        hooks.onFailure?.(log);
        throw stopped(what, hooks, waiting, log.errors) ?? operationFailure(what, error, log);
    }
}

function updateOptions(options: UpdateOptions) {
    const { refresh = false, policyPacks = [], policyPackConfigs = [], plan, message } = options;
    return {
        refresh,
        policyPacks: [...policyPacks],
        policyPackConfigs: [...policyPackConfigs],
        ...(plan !== undefined && { plan }),
        ...(message !== undefined && { message }),
    };
}

/** Brings the stack to what the program says. */
export function up(
    stack: Stack,
    hooks: OperationHooks,
    options: UpdateOptions = {},
): Promise<OperationResult> {
    return operate("update", hooks, false, options, (sdk) => stack.up({ ...sdk, ...updateOptions(options) }));
}

/** What `up` would do. */
export function preview(
    stack: Stack,
    hooks: OperationHooks,
    options: UpdateOptions = {},
): Promise<OperationResult> {
    return operate("preview", hooks, true, options, (sdk) =>
        stack.preview({ ...sdk, ...updateOptions(options) }),
    );
}

/** Brings the state to what is really there. The program runs, so that providers get today's configuration. */
export function refresh(
    stack: Stack,
    hooks: OperationHooks,
    options: OperationOptions = {},
): Promise<OperationResult> {
    return operate("refresh", hooks, false, options, (sdk) => stack.refresh({ ...sdk, runProgram: true }));
}

/** What `refresh` would write into the state: how what is there differs from it. */
export function previewRefresh(
    stack: Stack,
    hooks: OperationHooks,
    options: OperationOptions = {},
): Promise<OperationResult> {
    return operate("refresh", hooks, true, options, (sdk) =>
        stack.refresh({ ...sdk, runProgram: true, previewOnly: true }),
    );
}

/** Deletes everything the stack holds, or `target`. Deletes nothing when anything in it is protected. */
export async function destroy(
    stack: Stack,
    hooks: OperationHooks,
    options: OperationOptions = {},
): Promise<OperationResult> {
    // Without it the engine comes to a protected resource only after it has deleted all that stands on it.
    const { signal, deadline, onFailure } = hooks;
    const quiet: OperationHooks = {
        ...{ report: () => undefined, signal },
        ...(deadline && { deadline }),
        ...(onFailure && { onFailure }),
    };
    await operate("destroy", quiet, true, options, (sdk) => stack.previewDestroy(sdk));
    return operate("destroy", hooks, false, options, (sdk) => stack.destroy(sdk));
}
