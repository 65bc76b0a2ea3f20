import { validationRoleName } from "../../infra/platform/validationAccess.ts";

/** Where a read goes to, in the words of a Role. */
export interface ReadTarget {
    verb: "get" | "list";
    /** Resource with its group, such as `deployments.apps`. */
    resource: string;
    /** Undefined for what is read in the whole cluster. */
    namespace: string | undefined;
}

/** Something could not be read; the message says what and why, the remedy what to do. */
export class ReadError extends Error {
    override readonly name = "ReadError";
    /** `absent`: the cluster does not know the kind; `forbidden`: the user may not; `failed`: anything else. */
    readonly reason: "absent" | "forbidden" | "failed";
    readonly remedy: string;

    constructor(reason: "absent" | "forbidden" | "failed", message: string, remedy: string) {
        super(message);
        this.reason = reason;
        this.remedy = remedy;
    }
}

/** The API server does not answer as one, or not to this user; the message says why. */
export class UnreachableError extends Error {
    override readonly name = "UnreachableError";
    readonly remedy: string;

    constructor(message: string, remedy: string) {
        super(message);
        this.remedy = remedy;
    }
}

function targetText({ verb, resource, namespace }: ReadTarget): string {
    return `${verb} ${resource} in ${namespace === undefined ? "the whole cluster" : `namespace ${namespace}`}`;
}

interface ApiStatus {
    message?: string;
}

/** Turns an answer other than 200 into an error. */
export function readError(target: ReadTarget, status: number, body: unknown): ReadError {
    const text = (body as ApiStatus | undefined)?.message ?? "";
    if (status === 404 && target.verb === "list") {
        const remedy = "Install what defines it, or look at the cluster's version.";
        return new ReadError("absent", `the cluster knows no ${target.resource}`, remedy);
    }
    if (status === 403) {
        const user = /User "([^"]*)"/.exec(text)?.[1];
        const who = user === undefined ? "this user" : `user ${user}`;
        const role =
            target.namespace === undefined || target.resource === "services/proxy"
                ? `ClusterRole ${validationRoleName}`
                : `Role ${validationRoleName} in namespace ${target.namespace}`;
        return new ReadError(
            "forbidden",
            `${who} may not ${targetText(target)}`,
            `Bind the ${role} to it: add a group of it to platform.validation.groups and bring the stack up.`,
        );
    }
    return new ReadError(
        "failed",
        `${targetText(target)}: ${status} ${text}`.trim(),
        "Look at what serves it: kubectl get apiservices, kubectl get --raw '/readyz?verbose'.",
    );
}
