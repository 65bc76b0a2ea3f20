import { monthlyCosts } from "../costs/monthlyCosts.ts";
import { type Plan, type PlannedResource, secretText } from "../plan/model.ts";
import { forcesReplacement } from "../replacements/index.ts";
import { type Difference, differences } from "./differences.ts";
import { maskCredentials, masked } from "./mask.ts";
import { type ChangeSet, type PropertyChange, type ResourceChange, sortedChanges } from "./model.ts";
import { isWithin } from "./paths.ts";

type Resources = ReadonlyMap<string, PlannedResource>;

/** Options of a resource that change what an update does to it, beside its inputs. */
function optionDifferences(old: PlannedResource, next: PlannedResource): Difference[] {
    const options = ({ protect, retainOnDelete, ignoreChanges }: PlannedResource) => ({
        option: { protect, retainOnDelete, ignoreChanges },
    });
    return differences(options(old), options(next));
}

function hidden({ old, new: next, ...rest }: Difference): Difference {
    const hide = (value: unknown): unknown => (value === undefined ? undefined : secretText);
    return { ...rest, old: hide(old), new: hide(next) };
}

/** Where the inputs differ, with the values as they are after masking. What is equal then is secret. */
function inputDifferences(old: PlannedResource, next: PlannedResource): Difference[] {
    const shown = new Map(
        differences(masked(old.inputs), masked(next.inputs)).map((each) => [each.path, each]),
    );
    return differences(old.inputs, next.inputs).map((each) => shown.get(each.path) ?? hidden(each));
}

function changedProperties(old: PlannedResource, next: PlannedResource): PropertyChange[] {
    const inputs = inputDifferences(old, next).filter(
        ({ path }) => !next.ignoreChanges.some((ignored) => isWithin(path, ignored)),
    );
    return [
        ...inputs.map((each) => ({
            ...each,
            path: maskCredentials(each.path),
            forcesReplacement: forcesReplacement(next.type, each.path),
        })),
        ...optionDifferences(old, next).map((each) => ({ ...each, forcesReplacement: false })),
    ];
}

function identity({ urn, type, name }: PlannedResource): Pick<ResourceChange, "urn" | "type" | "name"> {
    return { urn: maskCredentials(urn), type: maskCredentials(type), name: maskCredentials(name) };
}

const nothing = { replaceKeys: [], properties: [], failed: false };

/** Two plans to compare. */
class Comparison {
    readonly #old: Resources;
    readonly #next: Resources;
    readonly #kept = new Set<string>();

    constructor(before: Plan | undefined, after: Plan | undefined) {
        const byUrn = (plan: Plan | undefined): Resources =>
            // Of components only remote ones have inputs.
            new Map(
                plan?.resources
                    .filter(({ custom, inputs }) => custom || Object.keys(inputs).length > 0)
                    .map((each) => [each.urn, each]),
            );
        this.#old = byUrn(before);
        this.#next = byUrn(after);
    }

    /** Number of resources afterwards. */
    get size(): number {
        return this.#next.size;
    }

    changes(): ResourceChange[] {
        const changes = [...this.#next.values()].flatMap((next): ResourceChange[] => {
            const old = this.#predecessor(next);
            if (old === undefined) return [{ ...identity(next), op: "create", ...nothing }];
            this.#kept.add(old.urn);
            const change = this.#changed(old, next);
            return change === undefined ? [] : [change];
        });
        const removed = [...this.#old.values()].filter(({ urn }) => !this.#kept.has(urn));
        return sortedChanges([
            ...changes,
            ...removed.map((each): ResourceChange => ({ ...identity(each), op: "delete", ...nothing })),
        ]);
    }

    /** The resource with the same URN, or one that an alias names. */
    #predecessor(next: PlannedResource): PlannedResource | undefined {
        const aliases = next.aliases.map((alias) =>
            alias.startsWith("urn:") ? alias : [...next.urn.split("::").slice(0, -1), alias].join("::"),
        );
        return [next.urn, ...aliases].map((urn) => this.#old.get(urn)).find((each) => each !== undefined);
    }

    #changed(old: PlannedResource, next: PlannedResource): ResourceChange | undefined {
        const properties = changedProperties(old, next);
        const keys = properties.filter((each) => each.forcesReplacement).map(({ path }) => path);
        const replaceKeys = this.#isOfOtherProvider(old, next) ? ["provider", ...keys] : keys;
        if (properties.length === 0 && replaceKeys.length === 0) return undefined;
        const op = replaceKeys.length > 0 ? "replace" : "update";
        return { ...identity(next), op, replaceKeys, properties, failed: false };
    }

    /** True when the providers differ in what replaces them: that replaces everything they made. */
    #isOfOtherProvider(old: PlannedResource, next: PlannedResource): boolean {
        const before = this.#old.get(old.provider ?? "");
        const after = this.#next.get(next.provider ?? "");
        if (before === undefined || after === undefined) return false;
        return differences(before.inputs, after.inputs).some(({ path }) =>
            forcesReplacement(after.type, path),
        );
    }
}

/**
 * What bringing a stack from one plan to the other would change, as far as plans tell: nobody asked the cloud, so drift and
 * what providers decide by themselves is not in it. `before` is undefined for a stack that did not exist, `after` for one
 * that is gone. Everything in the result is masked.
 */
export function changesOfPlans(before: Plan | undefined, after: Plan | undefined): ChangeSet {
    const some = after ?? before;
    if (some === undefined) throw new Error("two plans are compared, and there is neither");
    const comparison = new Comparison(before, after);
    const resources = comparison.changes();
    const counts: ChangeSet["counts"] = {};
    for (const { op } of resources) counts[op] = (counts[op] ?? 0) + 1;
    const same = comparison.size - resources.filter(({ op }) => op !== "delete").length;
    if (same > 0) counts.same = same;
    const empty: Plan = { ...some, resources: [], outputs: {} };
    const isLocal = some.outputs["environment"] === "local";
    return {
        project: some.project,
        stack: some.stack,
        source: "plans",
        resources,
        counts,
        failed: false,
        findings: [],
        diagnostics: [],
        notes: [],
        ...(!isLocal && {
            costs: { before: monthlyCosts(before ?? empty), after: monthlyCosts(after ?? empty) },
        }),
    };
}
