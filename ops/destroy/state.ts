import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { nameOf } from "../changes/nameOf.ts";
import { operationFailure } from "../engine/failures.ts";

/** A resource as the state has it. Secrets in it are plain: nothing of it is printed but what is named here. */
export interface StateResource {
    urn: string;
    type: string;
    name: string;
    /** False for a component. */
    custom: boolean;
    /** The engine refuses to delete it. */
    protect: boolean;
    /** It stays when it is deleted from the stack. */
    retained: boolean;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
}

interface ExportedResource {
    urn: string;
    type: string;
    custom?: boolean;
    protect?: boolean;
    retainOnDelete?: boolean;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
}

/** Everything that the state of a stack holds. Throws an OperationError when the backend gives no answer. */
export async function stateOf(handle: Stack): Promise<StateResource[]> {
    const exported = await handle.exportStack().catch((error: unknown) => {
        throw operationFailure("look at the state", error);
    });
    const { resources } = exported.deployment as { resources?: ExportedResource[] | null };
    return (resources ?? []).map((each) => ({
        urn: each.urn,
        type: each.type,
        name: nameOf(each.urn),
        custom: each.custom ?? false,
        protect: each.protect ?? false,
        retained: each.retainOnDelete ?? false,
        inputs: each.inputs ?? {},
        outputs: each.outputs ?? {},
    }));
}

/** The value of an output of the stack as text, a secret one too; undefined when there is none. */
export function stackOutput(resources: readonly StateResource[], key: string): string | undefined {
    const value = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs[key];
    if (typeof value === "string") return value;
    const { plaintext } = (value ?? {}) as { plaintext?: unknown };
    if (typeof plaintext !== "string") return undefined;
    const parsed: unknown = JSON.parse(plaintext);
    return typeof parsed === "string" ? parsed : JSON.stringify(parsed);
}
