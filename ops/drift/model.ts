import type { Diagnostic, PropertyChange } from "../changes/model.ts";

/** A resource that is not as the last update has left it. Nothing secret is in it. */
export interface DriftedResource {
    urn: string;
    type: string;
    name: string;
    /** `gone`: somebody else has deleted it. */
    kind: "changed" | "gone";
    /** What differs: `old` is what the last update has left, `new` what is there. Empty for one that is gone. */
    properties: PropertyChange[];
}

/** A difference that a rule covers. */
export interface ExpectedDifference {
    type: string;
    name: string;
    path: string;
    reason: string;
}

/** What a look at everything in a stack has found. */
export interface Drift {
    project: string;
    stack: string;
    /** What is gone first, then what has changed. */
    drifted: DriftedResource[];
    expected: ExpectedDifference[];
    /** Number of resources looked at. */
    resources: number;
    seconds: number;
    /** What the engine and providers warned of. */
    warnings: Diagnostic[];
}
