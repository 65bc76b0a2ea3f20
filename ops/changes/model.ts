import type { MonthlyCosts } from "../costs/monthlyCosts.ts";

/** What happens, or would happen, to a resource. However many steps a replacement takes, it is one `replace`. */
export type ChangeOp = "create" | "update" | "replace" | "delete" | "import" | "read";

/** One property that differs. Values are masked: nothing secret is in them. */
export interface PropertyChange {
    /** As the engine writes it, as in `spec.template.spec.containers[0].image`. */
    path: string;
    kind: "add" | "delete" | "update";
    /** The value before; undefined where there was none, or where nobody knows it. */
    old: unknown;
    /** The value after; undefined where there is none, or where nobody knows it. */
    new: unknown;
    /** True when the resource is replaced because of it. */
    forcesReplacement: boolean;
}

/** One resource that changes. */
export interface ResourceChange {
    urn: string;
    type: string;
    name: string;
    op: ChangeOp;
    /** Paths of the properties because of which it is replaced; empty when it is not, or nobody knows. */
    replaceKeys: string[];
    properties: PropertyChange[];
    /** True when the engine tried and failed. */
    failed: boolean;
}

/** Something a policy pack found. */
export interface PolicyFinding {
    level: "advisory" | "mandatory";
    policy: string;
    /** Name of the resource, or empty for the whole stack. */
    resource: string;
    message: string;
}

/** What the engine or a provider had to say. */
export interface Diagnostic {
    severity: "warning" | "error";
    /** Name of the resource, or empty. */
    resource: string;
    message: string;
}

/** The monthly bill before and after. */
export interface CostChange {
    before: MonthlyCosts;
    after: MonthlyCosts;
}

/** Everything that changes, or would change, in one stack. */
export interface ChangeSet {
    project: string;
    stack: string;
    /** `update`: it was done. `preview`: the engine says so. `plans`: two plans were compared, nobody asked the cloud. */
    source: "preview" | "update" | "plans";
    /** In the order of severity: replaced, deleted, updated, created, others. */
    resources: ResourceChange[];
    /** Number of resources by what happens to them, with those that stay as they are. */
    counts: Partial<Record<ChangeOp | "same", number>>;
    /** True when the operation failed: then there may be more changes than these. */
    failed: boolean;
    findings: PolicyFinding[];
    diagnostics: Diagnostic[];
    /** What else a reader must know. */
    notes: string[];
    costs?: CostChange;
    /** How long the engine took. */
    durationSeconds?: number;
}

const severity: readonly ChangeOp[] = ["replace", "delete", "update", "create", "import", "read"];

/** Sorts by severity, then by type and name. */
export function sortedChanges(resources: readonly ResourceChange[]): ResourceChange[] {
    const key = ({ op, type, name }: ResourceChange): string => `${severity.indexOf(op)} ${type} ${name}`;
    return resources.toSorted((left, right) => {
        const [a, b] = [key(left), key(right)];
        return a < b ? -1 : a > b ? 1 : 0;
    });
}

/** True when anything would be different afterwards. */
export function hasChanges({ resources }: ChangeSet): boolean {
    return resources.some(({ op }) => op !== "read");
}
