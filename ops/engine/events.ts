import type {
    DiagnosticEvent,
    EngineEvent,
    OpType,
    PolicyEvent,
    StepEventMetadata,
} from "@pulumi/pulumi/automation/index.js";

import { nameOf } from "../changes/nameOf.ts";
import { plainText, repeatsTheEnd } from "../changes/plainText.ts";

/** Steps that change nothing in the cloud. */
const unchanged: ReadonlySet<OpType> = new Set<OpType>([
    "same",
    "read",
    "refresh",
    "discard-replaced",
    "remove-pending-replace",
]);

const verbs: Partial<Record<OpType, [done: string, planned: string]>> = {
    create: ["created", "create"],
    update: ["updated", "update"],
    delete: ["deleted", "delete"],
    replace: ["replaced", "replace"],
    "create-replacement": ["created replacement of", "create replacement of"],
    "delete-replaced": ["deleted replaced", "delete replaced"],
};

/** A step in a line: what was or will be done to which resource, and which properties change. Values are not shown. */
function describe(step: StepEventMetadata, planned: boolean): string {
    const verb = verbs[step.op]?.[planned ? 1 : 0] ?? step.op;
    const properties = step.op === "update" ? Object.keys(step.detailedDiff ?? {}).sort() : [];
    const changed = properties.length === 0 ? "" : ` (${properties.join(", ")})`;
    return `${verb} ${step.type} ${nameOf(step.urn)}${changed}`;
}

/** A step that changes something. */
export interface PlannedStep {
    op: OpType;
    urn: string;
    type: string;
    /** Properties because of which a resource is replaced; empty when it is not, or nobody knows. */
    because: string[];
}

/** How long the engine took for one resource. */
export interface ResourceTime {
    urn: string;
    type: string;
    name: string;
    op: OpType;
    seconds: number;
}

/** What an operation did, as its events tell. */
export interface OperationSummary {
    /** Number of resources by what was done to them. */
    changes: Partial<Record<OpType, number>>;
    /** Seconds the engine took. */
    seconds: number;
}

/** Number of resources that the summary names as the slowest. */
const slowestCount = 10;

/** Turns the engine's events into lines for people, and keeps what its errors and its summary say. */
export class EventLog {
    readonly errors: string[] = [];
    /** Mandatory policies that are violated. */
    readonly violations: string[] = [];
    /** Every step that changes something, in the order in which they began. */
    readonly steps: PlannedStep[] = [];
    /** What the stack outputs; the engine puts `[secret]` in the place of secrets. */
    outputs: Record<string, unknown> = {};
    summary: OperationSummary = { changes: {}, seconds: 0 };
    /** Number of resources that the engine is done with, those that stay as they are too. */
    done = 0;
    /** URNs the engine works on, with the second in which it began. */
    readonly running = new Map<string, { step: StepEventMetadata; since: number }>();
    readonly #times: ResourceTime[] = [];
    readonly #report: (line: string) => void;
    /** The events are of a preview. */
    readonly planned: boolean;

    constructor(report: (line: string) => void, planned: boolean) {
        this.#report = report;
        this.planned = planned;
    }

    /** The resources that took longest, slowest first; those of less than a second are not told. */
    get slowest(): ResourceTime[] {
        return this.#times.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestCount);
    }

    readonly onEvent = (event: EngineEvent): void => {
        if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata, event.timestamp);
        else if (event.resOutputsEvent) this.#end(event.resOutputsEvent.metadata, event.timestamp);
        else if (event.resOpFailedEvent) {
            const { metadata } = event.resOpFailedEvent;
            this.running.delete(metadata.urn);
            this.#report(`failed: ${describe(metadata, true)}`);
        } else if (event.diagnosticEvent) this.#diagnose(event.diagnosticEvent);
        else if (event.policyEvent) this.#find(event.policyEvent);
        else if (event.summaryEvent) {
            this.summary = {
                changes: event.summaryEvent.resourceChanges,
                seconds: event.summaryEvent.durationSeconds,
            };
        }
    };

    #begin(step: StepEventMetadata, now: number): void {
        this.running.set(step.urn, { step, since: now });
        if (unchanged.has(step.op)) return;
        const forced = Object.entries(step.detailedDiff ?? {})
            .filter(([, { diffKind }]) => diffKind.endsWith("-replace"))
            .map(([path]) => path);
        const because = [...new Set([...(step.keys ?? []), ...forced])];
        this.steps.push({ op: step.op, urn: step.urn, type: step.type, because });
        if (this.planned) this.#report(describe(step, true));
    }

    #end(step: StepEventMetadata, now: number): void {
        const seconds = now - (this.running.get(step.urn)?.since ?? now);
        this.running.delete(step.urn);
        if (step.type === "pulumi:pulumi:Stack") this.outputs = step.new?.outputs ?? {};
        if (!(step.new?.custom ?? step.old?.custom ?? false)) return;
        this.done++;
        if (this.planned || unchanged.has(step.op)) return;
        const { urn, type, op } = step;
        if (seconds > 0) this.#times.push({ urn, type, name: nameOf(urn), op, seconds });
        this.#report(`${describe(step, false)} ${seconds > 0 ? `${seconds} s` : ""}`.trimEnd());
    }

    #find({ enforcementLevel, policyName, policyPackName, resourceUrn, message }: PolicyEvent): void {
        const where = resourceUrn === undefined ? "" : `${nameOf(resourceUrn)}: `;
        const line = `${policyPackName}/${policyName}: ${where}${plainText(message)}`;
        if (enforcementLevel === "mandatory") this.violations.push(line);
        else this.#report(`policy: ${line}`);
    }

    #diagnose({ severity, message, urn = "" }: DiagnosticEvent): void {
        const text = plainText(message);
        const where = urn === "" || urn.includes("::pulumi:pulumi:Stack::") ? "" : `${nameOf(urn)}: `;
        if (severity === "warning") this.#report(`warning: ${where}${text}`);
        if (severity === "error" && text !== "" && !repeatsTheEnd(text)) this.errors.push(`${where}${text}`);
    }
}

/** Number of resources that were or would be changed. */
export function changedCount({ changes }: OperationSummary): number {
    return Object.entries(changes)
        .filter(([op]) => !unchanged.has(op as OpType))
        .reduce((sum, [, count]) => sum + count, 0);
}

/** `35 changes: 34 created, 1 updated, 3 unchanged in 12 s`; of a preview `34 to create, 1 to update, 3 unchanged`. */
export function formatSummary(summary: OperationSummary, planned = false): string {
    const told = (op: OpType): string => {
        if (op === "same") return "unchanged";
        const [done, plan] = verbs[op] ?? [op, op];
        return planned ? `to ${plan}` : done;
    };
    const parts = Object.entries(summary.changes)
        .filter(([, count]) => count > 0)
        .map(([op, count]) => `${count} ${told(op as OpType)}`);
    return `${changedCount(summary)} changes: ${parts.join(", ") || "nothing there"} in ${summary.seconds} s`;
}
