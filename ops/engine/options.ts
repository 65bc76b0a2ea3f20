import { resolve } from "node:path";

import type { OperationOptions, UpdateOptions } from "./operations.ts";

/** Options that every command of the engine has. */
export interface EngineOptions {
    /** Print the result as one JSON document; what happens meanwhile goes to standard error. */
    json?: boolean;
    /** File for the engine's events, a line each. */
    events?: string;
    /** URNs to limit the operation to. */
    target?: string[];
    /** Seconds that the whole command may take. */
    timeout?: number;
    /** Seconds. */
    lockTimeout?: number;
}

/** Options of `preview`. */
export interface PreviewOptions extends EngineOptions {
    policyPack?: string[];
    policyPackConfig?: string[];
    refresh?: boolean;
    expectNoChanges?: boolean;
    /** File for the plan, which `up --plan` keeps to. */
    savePlan?: string;
}

/** Options of commands that change something. */
export interface ChangingOptions extends EngineOptions {
    /** Do not ask. */
    yes?: boolean;
}

/** Options of `up`. */
export interface UpOptions extends ChangingOptions, Omit<PreviewOptions, "savePlan"> {
    /** File with the plan that was reviewed. */
    plan?: string;
    /** URNs that may be replaced or deleted although they hold data or serve traffic. */
    allowReplace?: string[];
}

/** What the operations take, of what every command has. */
export function operationOptions({ target, lockTimeout }: EngineOptions): OperationOptions {
    return {
        ...(target && { target }),
        ...(lockTimeout !== undefined && { lockTimeoutSeconds: lockTimeout }),
    };
}

/** What `up` and `preview` take, but for the plan. */
export function updateOptions(options: PreviewOptions | UpOptions): UpdateOptions {
    const { policyPack, policyPackConfig, refresh = false } = options;
    return {
        ...operationOptions(options),
        refresh,
        // The engine starts a pack somewhere else.
        ...(policyPack && { policyPacks: policyPack.map((path) => resolve(path)) }),
        ...(policyPackConfig && { policyPackConfigs: policyPackConfig.map((path) => resolve(path)) }),
    };
}
