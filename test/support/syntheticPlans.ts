import type { Plan, PlannedResource } from "../../ops/plan/model.ts";

/** A resource as a test writes it: names instead of URNs. */
export interface ResourceSketch {
    type: string;
    name: string;
    inputs?: Record<string, unknown>;
    /** True for a component. Default: false. */
    component?: boolean;
    /** Names of what it depends on. */
    dependsOn?: string[];
    /** Name of its provider. */
    provider?: string;
    /** Name of its parent. Default: the stack. */
    parent?: string;
}

const stack = "urn:stack";

function urn(name: string): string {
    return `urn:${name}`;
}

function planned(sketch: ResourceSketch): PlannedResource {
    return {
        urn: urn(sketch.name),
        type: sketch.type,
        name: sketch.name,
        custom: !sketch.component,
        parent: sketch.parent === undefined ? stack : urn(sketch.parent),
        provider: sketch.provider === undefined ? null : urn(sketch.provider),
        inputs: sketch.inputs ?? {},
        dependsOn: (sketch.dependsOn ?? []).map(urn),
        protect: false,
        ignoreChanges: [],
        aliases: [],
        retainOnDelete: false,
        deletedWith: null,
        customTimeouts: {},
    };
}

/** A plan of a few resources below the stack. */
export function planOfSketches(sketches: ResourceSketch[], outputs: Record<string, unknown> = {}): Plan {
    const root = planned({ type: "pulumi:pulumi:Stack", name: "stack", component: true });
    return {
        project: "test",
        stack: "test",
        resources: [{ ...root, parent: null }, ...sketches.map(planned)],
        outputs,
    };
}
