import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";

import { formatDuration } from "../duration.ts";
import { InterruptedError, OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { EventLog, type OperationSummary, type PlannedStep, type ResourceTime } from "./events.ts";
import { operationFailure } from "./failures.ts";
import { withLockWait } from "./lockWait.ts";

export interface OperationHooks {
    /** Told of every step in a line. */
    report: (line: string) => void;
    /** Lets the engine finish what it has begun and stop. */
    signal: AbortSignal;
    /** Told of every event of the engine, before `report`. */
    onEvent?: (event: EngineEvent) => void;
    /** Given the log of the operation when it begins, for those who show how far it is. */
    onStart?: (what: string, log: EventLog) => void;
}

/** What the operations have in common. */
export interface OperationOptions {
    /** URNs; the operation is limited to them. Default: everything. */
    target?: readonly string[];
    /** `destroy`: what depends on `target` goes with it. Default: the operation fails when there is any. */
    targetDependents?: boolean;
    /** Seconds until the engine is asked to stop. Default: never. */
    timeoutSeconds?: number;
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

function ended(what: string, seconds: number): OperationError {
    return new OperationError(
        `The ${what} took longer than ${formatDuration(seconds)}; the engine has stopped it cleanly. Run it again to go on.`,
        exitCodes.timedOut,
    );
}

function assertNotInterrupted(what: string, { aborted }: AbortSignal): void {
    if (aborted) throw new InterruptedError(`Interrupted before the ${what} began. Run it again to go on.`);
}

async function operate(
    what: string,
    hooks: OperationHooks,
    planned: boolean,
    { target = [], targetDependents = false, timeoutSeconds, lockTimeoutSeconds = 0 }: OperationOptions,
    run: (options: SdkOptions) => Promise<unknown>,
): Promise<OperationResult> {
    assertNotInterrupted(what, hooks.signal);
    const deadline = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
    const signal = deadline ? AbortSignal.any([hooks.signal, deadline]) : hooks.signal;
    let log = new EventLog(hooks.report, planned);
    try {
        await withLockWait(
            () => {
                log = new EventLog(hooks.report, planned);
                hooks.onStart?.(what, log);
                const onEvent = (event: EngineEvent): void => {
                    hooks.onEvent?.(event);
                    log.onEvent(event);
                };
                const limits = target.length > 0 ? { target: [...target], targetDependents } : {};
                return run({ onEvent, signal, ...limits });
            },
            { seconds: lockTimeoutSeconds, report: hooks.report, signal },
        );
        const { summary, outputs, steps, slowest, done } = log;
        return { ...summary, outputs, steps, slowest, resources: done };
    } catch (error) {
        if (hooks.signal.aborted) {
            throw new InterruptedError(
                `Interrupted: the engine has stopped the ${what} cleanly. Run it again to go on.`,
            );
        }
        if (deadline?.aborted) throw ended(what, timeoutSeconds ?? 0);
        throw operationFailure(what, error, log);
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
    const quiet: OperationHooks = { report: () => undefined, signal: hooks.signal };
    await operate("destroy", quiet, true, options, (sdk) => stack.previewDestroy(sdk));
    return operate("destroy", hooks, false, options, (sdk) => stack.destroy(sdk));
}
