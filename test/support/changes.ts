import type { ChangeSet, ResourceChange } from "../../ops/changes/model.ts";

/** One resource that changes, with what a test does not care about filled in. */
export function change(
    sketch: Partial<ResourceChange> & Pick<ResourceChange, "op" | "name">,
): ResourceChange {
    const type = sketch.type ?? "kubernetes:core/v1:ConfigMap";
    return {
        urn: `urn:pulumi:prod::shop::${type}::${sketch.name}`,
        type,
        replaceKeys: [],
        properties: [],
        failed: false,
        ...sketch,
    };
}

/** A set of changes, with counts that fit the resources. */
export function changeSet(sketch: Partial<ChangeSet>): ChangeSet {
    const counts: ChangeSet["counts"] = {};
    for (const { op } of sketch.resources ?? []) counts[op] = (counts[op] ?? 0) + 1;
    return {
        project: "shop",
        stack: "prod",
        source: "preview",
        resources: [],
        counts,
        failed: false,
        findings: [],
        diagnostics: [],
        notes: [],
        ...sketch,
    };
}
