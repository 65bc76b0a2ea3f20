import { isObject } from "./isObject.ts";
import { formatPath } from "./paths.ts";

/** One place at which two values differ. */
export interface Difference {
    path: string;
    kind: "add" | "delete" | "update";
    old: unknown;
    new: unknown;
}

type Steps = readonly (string | number)[];

/** A JSON document in a text, as policies are; undefined for other texts. */
function documentOf(value: unknown): unknown {
    if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return undefined;
    try {
        return JSON.parse(value);
    } catch {
        return undefined;
    }
}

/** A list of objects by their names, or undefined when they have none, or not one each. */
function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
    const named = new Map<string, unknown>();
    for (const each of list) {
        const name = isObject(each) ? (each["name"] ?? each["Sid"] ?? each["key"]) : undefined;
        if (typeof name !== "string" || named.has(name)) return undefined;
        named.set(name, each);
    }
    return named;
}

function compareKeyed(old: Map<string, unknown>, next: Map<string, unknown>, steps: Steps): Difference[] {
    return [...new Set([...old.keys(), ...next.keys()])].flatMap((key) =>
        compare(old.get(key), next.get(key), [...steps, key]),
    );
}

function compareLists(old: readonly unknown[], next: readonly unknown[], steps: Steps): Difference[] {
    const [oldNamed, nextNamed] = [byName(old), byName(next)];
    if (oldNamed && nextNamed) return compareKeyed(oldNamed, nextNamed, steps);
    if (old.length === next.length && [...old, ...next].every((each) => typeof each === "object")) {
        return old.flatMap((each, index) => compare(each, next[index], [...steps, index]));
    }
    return [{ path: formatPath(steps), kind: "update", old, new: next }];
}

function compare(old: unknown, next: unknown, steps: Steps): Difference[] {
    if (Object.is(old, next) || JSON.stringify(old) === JSON.stringify(next)) return [];
    const path = formatPath(steps);
    if (old === undefined) return [{ path, kind: "add", old, new: next }];
    if (next === undefined) return [{ path, kind: "delete", old, new: next }];
    if (isObject(old) && isObject(next)) {
        return compareKeyed(new Map(Object.entries(old)), new Map(Object.entries(next)), steps);
    }
    if (Array.isArray(old) && Array.isArray(next)) return compareLists(old, next, steps);
    const [oldDocument, nextDocument] = [documentOf(old), documentOf(next)];
    if (oldDocument !== undefined && nextDocument !== undefined) {
        const inside = compare(oldDocument, nextDocument, steps);
        if (inside.length > 0) return inside;
    }
    return [{ path, kind: "update", old, new: next }];
}

/**
 * Where two values differ. Items of lists are told apart by their `name`, `key` or `Sid`, and shown by it, so that one more
 * in front does not change all the others; JSON documents in texts are compared as documents.
 */
export function differences(old: unknown, next: unknown): Difference[] {
    return compare(old, next, []);
}
