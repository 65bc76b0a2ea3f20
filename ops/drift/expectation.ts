import { pathSteps } from "../changes/paths.ts";
import type { PropertyChange } from "../changes/model.ts";
import { type ExpectedDrift, expectedDrift } from "./expectedDrift.ts";

function matches(text: string, pattern: string): boolean {
    return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function covers(path: string, pattern: string): boolean {
    const steps = pathSteps(path);
    return pathSteps(pattern).every((each, index) => matches(String(steps[index] ?? ""), String(each)));
}

/** True when an object has something at a path, or at one that it lies within. */
function isSet(inputs: unknown, path: string): boolean {
    let value = inputs;
    for (const step of pathSteps(path)) {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
        value = (value as Record<string | number, unknown>)[step];
    }
    return value !== undefined;
}

function major(version: unknown): string | undefined {
    return typeof version === "string" || typeof version === "number"
        ? String(version).split(".")[0]
        : undefined;
}

type Condition = NonNullable<ExpectedDrift["only"]>;

const conditions: Record<Condition, (property: PropertyChange, inputs: unknown) => boolean> = {
    unset: ({ path }, inputs) => !isSet(inputs, path),
    sameMajor: ({ old, new: found }) => major(old) !== undefined && major(old) === major(found),
    grown: ({ old, new: found }) => typeof old === "number" && typeof found === "number" && found > old,
};

/** Why a difference is expected, or undefined when it is drift. `inputs`: what the program set at the last update. */
export function reasonOf(
    type: string,
    property: PropertyChange,
    inputs: unknown,
    rules: readonly ExpectedDrift[] = expectedDrift,
): string | undefined {
    return rules.find(
        (rule) =>
            rule.types.some((pattern) => matches(type, pattern)) &&
            rule.paths.some((pattern) => covers(property.path, pattern)) &&
            (rule.only === undefined || conditions[rule.only](property, inputs)),
    )?.reason;
}
