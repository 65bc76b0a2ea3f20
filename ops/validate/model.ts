import type { Config } from "../../stacks/schema/index.ts";
import type { Planned } from "./planned.ts";
import type { Snapshot } from "./snapshot.ts";

export type Status = "pass" | "fail" | "warn" | "skip";

/** A part of an object that differs from the plan. */
export interface Told {
    object: string;
    /** Such as `spec.maxReplicas`, with all that is below it; empty for the whole object. */
    path: string;
}

/** What a check says about one object. */
export interface Outcome {
    /** Kind and name, such as `Deployment spywatcher-backend`. */
    object: string;
    status: Status;
    message: string;
    /** What to do about it. Default: nothing. */
    remedy?: string;
    /** Differences from the plan that are told hereby; the check `plan` does not tell them again. Default: none. */
    tells?: readonly Told[];
}

/** An outcome with the name of its check. */
export interface Finding extends Outcome {
    check: string;
}

/** What the checks look at. */
export interface Context {
    config: Config;
    planned: Planned;
    cluster: Snapshot;
    /** Milliseconds since 1970. */
    now: number;
}

/** A question to a cluster. */
export interface Check {
    name: string;
    /** What it makes sure of, for `--help` and the documentation. */
    title: string;
    /** Checks without whose success the answer means nothing: it is skipped when one of them fails. */
    needs?: readonly string[];
    /** `earlier` holds what the checks before it have found. Throws a ReadError when something could not be read. */
    run(context: Context, earlier: readonly Finding[]): Outcome[];
}

/** Kind and name of an object, as findings show it. */
export function objectName(object: { kind?: string; metadata?: { name?: string } }): string {
    return `${object.kind ?? ""} ${object.metadata?.name ?? ""}`;
}

/** That an object differs from the plan at some paths. */
export function tell(object: string, paths: readonly string[]): Told[] {
    return paths.map((path) => ({ object, path }));
}

/** That a planned object is not there at all. */
export function absent(object: string, remedy = "Bring the stack up."): Outcome {
    return { object, status: "fail", message: "does not exist", remedy, tells: tell(object, [""]) };
}
