import type { EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";

import {
    type OperationHooks,
    type OperationOptions,
    type OperationResult,
    preview,
    up,
} from "../engine/operations.ts";
import { assertOnlyProtections, assertUnprotected, type Protection } from "./protections.ts";
import { stateOf } from "./state.ts";

export interface TakeProtectionsOffArgs {
    stack: string;
    handle: Stack;
    /** The stack's program with protections off. */
    program: PulumiFn;
    protections: readonly Protection[];
    /** Hooks of the preview, which is not told. */
    quiet: OperationHooks;
    /** Runs the update. */
    run: (operation: (hooks: OperationHooks) => Promise<OperationResult>) => Promise<OperationResult>;
    options: OperationOptions;
}

/**
 * Updates what is protected, and nothing else, so that it can be deleted. Throws an OperationError, before anything is
 * changed, when more than protections would change, and afterwards when something is protected still.
 */
export async function takeProtectionsOff(args: TakeProtectionsOffArgs): Promise<OperationResult> {
    const { stack, handle, protections, quiet, options } = args;
    const usual = handle.workspace.program;
    const limited = {
        ...options,
        target: protections.map(({ urn }) => urn),
        message: "Protections taken off, to destroy the stack",
    };
    handle.workspace.program = args.program;
    try {
        const events: EngineEvent[] = [];
        await preview(handle, { ...quiet, onEvent: (event) => events.push(event) }, limited);
        assertOnlyProtections(stack, events);
        const result = await args.run((hooks) => up(handle, hooks, limited));
        assertUnprotected(stack, await stateOf(handle));
        return result;
    } finally {
        if (usual) handle.workspace.program = usual;
    }
}
