import type {
    DiagnosticEvent,
    EngineEvent,
    OpType,
    StepEventMetadata,
} from "@pulumi/pulumi/automation/index.js";

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

function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** A step in a line: what was or will be done to which resource, and which properties change. Values are not shown. */
function describe(step: StepEventMetadata, planned: boolean): string {
    const verb = verbs[step.op]?.[planned ? 1 : 0] ?? step.op;
    const properties = step.op === "update" ? Object.keys(step.detailedDiff ?? {}).sort() : [];
    const changed = properties.length === 0 ? "" : ` (${properties.join(", ")})`;
    return `${verb} ${step.type} ${nameOf(step.urn)}${changed}`;
}

/** What an operation did, as its events tell. */
export interface OperationSummary {
    /** Number of resources by what was done to them. */
    changes: Partial<Record<OpType, number>>;
    /** Seconds the engine took. */
    seconds: number;
}

/** Turns the engine's events into lines for people, and keeps what its errors and its summary say. */
export class EventLog {
    readonly errors: string[] = [];
    /** What the stack outputs; the engine puts `[secret]` in the place of secrets. */
    outputs: Record<string, unknown> = {};
    summary: OperationSummary = { changes: {}, seconds: 0 };
    readonly #report: (line: string) => void;
    readonly #planned: boolean;
    readonly #began = new Map<string, number>();

    /** `planned`: the events are of a preview. */
    constructor(report: (line: string) => void, planned: boolean) {
        this.#report = report;
        this.#planned = planned;
    }

    readonly onEvent = (event: EngineEvent): void => {
        if (event.resourcePreEvent) {
            const { metadata } = event.resourcePreEvent;
            this.#began.set(metadata.urn, event.timestamp);
            if (this.#planned && !unchanged.has(metadata.op)) this.#report(describe(metadata, true));
        } else if (event.resOutputsEvent && !this.#planned) {
            const { metadata } = event.resOutputsEvent;
            if (metadata.type === "pulumi:pulumi:Stack") this.outputs = metadata.new?.outputs ?? {};
            const isResource = metadata.new?.custom ?? metadata.old?.custom ?? false;
            if (!unchanged.has(metadata.op) && isResource) {
                const seconds = event.timestamp - (this.#began.get(metadata.urn) ?? event.timestamp);
                this.#report(`${describe(metadata, false)} ${seconds > 0 ? `${seconds} s` : ""}`.trimEnd());
            }
        } else if (event.resOpFailedEvent) {
            this.#report(`failed: ${describe(event.resOpFailedEvent.metadata, true)}`);
        } else if (event.diagnosticEvent) {
            this.#diagnose(event.diagnosticEvent);
        } else if (event.summaryEvent) {
            this.summary = {
                changes: event.summaryEvent.resourceChanges,
                seconds: event.summaryEvent.durationSeconds,
            };
        }
    };

    #diagnose({ severity, message, urn = "" }: DiagnosticEvent): void {
        const text = message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
        const where = urn === "" || urn.includes("::pulumi:pulumi:Stack::") ? "" : `${nameOf(urn)}: `;
        if (severity === "warning") this.#report(`warning: ${where}${text}`);
        // The engine repeats the end of the operation as an error of the stack.
        if (severity === "error" && text !== "" && !/^(update|preview|destroy) failed$/.test(text)) {
            this.errors.push(`${where}${text}`);
        }
    }
}

/** Number of resources that were or would be changed. */
export function changedCount({ changes }: OperationSummary): number {
    return Object.entries(changes)
        .filter(([op]) => !unchanged.has(op as OpType))
        .reduce((sum, [, count]) => sum + count, 0);
}

/** `34 created, 1 updated, 3 unchanged in 12 s`. */
export function formatSummary(summary: OperationSummary): string {
    const parts = Object.entries(summary.changes)
        .filter(([, count]) => count > 0)
        .map(([op, count]) => `${count} ${op === "same" ? "unchanged" : (verbs[op as OpType]?.[0] ?? op)}`);
    return `${changedCount(summary)} changes: ${parts.join(", ") || "nothing there"} in ${summary.seconds} s`;
}
