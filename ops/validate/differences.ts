import { parseQuantity } from "../../stacks/schema/quantity.ts";
import { secretText, unknownText } from "../plan/model.ts";

/** Something that is not as planned. */
export interface Difference {
    /** Such as `spec.template.spec.containers[backend].image`. */
    path: string;
    planned: unknown;
    /** Undefined when it is not there. */
    live: unknown;
}

/** The same amount in another spelling: the API server stores 1000m as 1. */
function sameAmount(planned: unknown, live: unknown): boolean {
    if (typeof planned !== "string" || typeof live !== "string") return false;
    const amount = parseQuantity(planned);
    return amount !== undefined && amount === parseQuantity(live);
}

/** Fields without a value of their own for "not set": the API server leaves out false and 0 in these, and in no other. */
const omittedWhenZero: ReadonlySet<string> = new Set([
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "initialDelaySeconds",
    "paused",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "tty",
]);

/** True for what the API server leaves out of an object. */
function isOmitted(value: unknown, path: string): boolean {
    if (value === false || value === 0) return omittedWhenZero.has(path.split(".").at(-1) ?? "");
    if (typeof value !== "object" || value === null) return !value;
    return Object.keys(value).length === 0;
}

export function childPath(path: string, key: string): string {
    if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
    return path === "" ? key : `${path}.${key}`;
}

export function elementPath(path: string, element: unknown, index: number): string {
    const name = (element as { name?: unknown } | null)?.name;
    return `${path}[${typeof name === "string" ? name : index}]`;
}

/**
 * Where a live value lacks what is planned. What the cluster has added to an object is none; a list must have the planned
 * length. Secrets and what is known only after the update match everything.
 */
export function differences(planned: unknown, live: unknown, path = ""): Difference[] {
    if (planned === unknownText || planned === secretText || planned === live) return [];
    if (live === undefined || live === null)
        return isOmitted(planned, path) ? [] : [{ path, planned, live: undefined }];
    if (Array.isArray(planned)) {
        if (!Array.isArray(live) || live.length !== planned.length) return [{ path, planned, live }];
        return planned.flatMap((each, index) =>
            differences(each, (live as unknown[])[index], elementPath(path, each, index)),
        );
    }
    if (typeof planned === "object" && planned !== null) {
        if (typeof live !== "object") return [{ path, planned, live }];
        return Object.entries(planned).flatMap(([key, each]) =>
            differences(each, (live as Record<string, unknown>)[key], childPath(path, key)),
        );
    }
    return sameAmount(planned, live) ? [] : [{ path, planned, live }];
}

/** Characters of a value that a message shows. */
const shownLength = 100;

function shown(value: unknown): string {
    if (value === undefined) return "absent";
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

/** Differences that a message names. */
const namedDifferences = 3;

/** One clause for each difference: the path, what is there, what was planned. */
export function describeDifferences(all: readonly Difference[]): string {
    const named = all
        .slice(0, namedDifferences)
        .map(({ path, planned, live }) =>
            Array.isArray(planned) && Array.isArray(live)
                ? `${path} has ${live.length} entries, planned ${planned.length}`
                : `${path} is ${shown(live)}, planned ${shown(planned)}`,
        );
    const more = all.length - named.length;
    return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
