/** One resource as the program registers it. */
export interface PlannedResource {
    urn: string;
    type: string;
    name: string;
    /** False for components. */
    custom: boolean;
    /** URN of the parent; null for the stack itself. */
    parent: string | null;
    /** URN of the provider; null for components and providers, and for what uses a default provider. */
    provider: string | null;
    inputs: Record<string, unknown>;
    /** URNs of explicit and implicit dependencies. */
    dependsOn: string[];
    protect: boolean;
    ignoreChanges: string[];
    aliases: string[];
    retainOnDelete: boolean;
    /** URN of the resource whose deletion takes this one along, or null. */
    deletedWith: string | null;
    customTimeouts: { create?: string; update?: string; delete?: string };
}

/** Everything a program registers, in the order of registration, and what it outputs. */
export interface Plan {
    project: string;
    stack: string;
    resources: PlannedResource[];
    outputs: Record<string, unknown>;
}

/** How a secret value prints. */
export const secretText = "[secret]";

/** How a value prints that is known only after the resource exists. */
export const unknownText = "[unknown]";
