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
 * Updates what is protected, and nothing else, so that it can be deleted: what is in AWS first, since until then a preview
 * may not know how the cluster is reached. Throws an OperationError before it changes more than protections, and afterwards
 * when something is protected still.
 */
export async function takeProtectionsOff(args: TakeProtectionsOffArgs): Promise<OperationResult[]> {
    const { stack, handle, protections, quiet, options } = args;
    const usual = handle.workspace.program;
    const isInAws = ({ type }: Protection): boolean => type.startsWith("aws:");
    const parts = [protections.filter(isInAws), protections.filter((each) => !isInAws(each))];
    const results: OperationResult[] = [];
    handle.workspace.program = args.program;
    try {
        for (const part of parts.filter(({ length }) => length > 0)) {
            const limited = {
                ...options,
                target: part.map(({ urn }) => urn),
                message: "Protections taken off, to destroy the stack",
            };
            const events: EngineEvent[] = [];
            await preview(handle, { ...quiet, onEvent: (event) => events.push(event) }, limited);
            assertOnlyProtections(stack, events);
            results.push(await args.run((hooks) => up(handle, hooks, limited)));
        }
        assertUnprotected(stack, await stateOf(handle));
        return results;
    } finally {
        if (usual) handle.workspace.program = usual;
    }
}
