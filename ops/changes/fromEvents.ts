import type {
    DiagnosticEvent,
    EngineEvent,
    OpType,
    PolicyEvent,
    PropertyDiff,
    StepEventMetadata,
} from "@pulumi/pulumi/automation/index.js";

import { secretText, unknownText } from "../plan/model.ts";
import { isEngineSecret, maskCredentials, masked } from "./mask.ts";
import {
    type ChangeOp,
    type ChangeSet,
    type Diagnostic,
    type PolicyFinding,
    type PropertyChange,
    type ResourceChange,
    sortedChanges,
} from "./model.ts";
import { pathSteps } from "./paths.ts";
import { nameOf } from "./nameOf.ts";
import { plainText, repeatsTheEnd } from "./plainText.ts";

/** In the engine's protocol, a value that is known only later. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const ops: Partial<Record<OpType, ChangeOp>> = {
    create: "create",
    update: "update",
    delete: "delete",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    import: "import",
    read: "read",
    "read-replacement": "read",
};

/** Of several steps on one resource, the one with the higher rank says what happens to it. */
const ranks: readonly (ChangeOp | undefined)[] = [
    undefined,
    "read",
    "import",
    "update",
    "delete",
    "create",
    "replace",
];

/** What an object or list has at a step; never what every object has. */
function own(value: unknown, step: string | number): unknown {
    return typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined;
}

/** The value at a path, with secrets and unknowns replaced by their texts. */
function shownAt(state: unknown, path: string): unknown {
    let value = state;
    let name = "";
    for (const step of pathSteps(path)) {
        // Of a secret object, not even its keys are told.
        if (isEngineSecret(value)) return secretText;
        value = own(value, step);
        if (typeof step === "string") name = step;
    }
    return value === unknownValue ? unknownText : masked(value, name);
}

/** The steps of one resource, put together. */
class Steps {
    op: ChangeOp | undefined;
    failed = false;
    readonly #urn: string;
    #type = "";
    #best: StepEventMetadata | undefined;
    readonly #keys = new Set<string>();

    constructor(urn: string) {
        this.#urn = urn;
    }

    add(step: StepEventMetadata): void {
        const op = ops[step.op];
        const both = new Set([this.op, op]);
        if (both.has("create") && both.has("delete")) this.op = "replace";
        else if (ranks.indexOf(op) > ranks.indexOf(this.op)) this.op = op;
        this.#type = step.type;
        for (const key of step.keys ?? []) this.#keys.add(key);
        const tells = (each?: StepEventMetadata): number =>
            Object.keys(each?.detailedDiff ?? {}).length + (each?.diffs?.length ?? 0);
        if (tells(step) > tells(this.#best)) this.#best = step;
    }

    change(op: ChangeOp): ResourceChange {
        const properties = op === "update" || op === "replace" ? this.#properties() : [];
        const forced = properties.filter((each) => each.forcesReplacement).map(({ path }) => path);
        const keys =
            op === "replace" ? [...new Set([...[...this.#keys].map(maskCredentials), ...forced])] : [];
        return {
            urn: maskCredentials(this.#urn),
            type: maskCredentials(this.#type),
            name: maskCredentials(nameOf(this.#urn)),
            op,
            replaceKeys: keys,
            properties,
            failed: this.failed,
        };
    }

    #properties(): PropertyChange[] {
        const step = this.#best;
        if (step === undefined) return [];
        const detailed = Object.entries(step.detailedDiff ?? {});
        const listed = [...new Set([...(step.diffs ?? []), ...this.#keys])];
        const entries: [string, PropertyDiff | undefined][] =
            detailed.length > 0 ? detailed : listed.map((path) => [path, undefined]);
        return entries.map(([path, diff]) => this.#property(step, path, diff)).toSorted(byPath);
    }

    #property(step: StepEventMetadata, path: string, diff: PropertyDiff | undefined): PropertyChange {
        const { old, new: next } = step;
        // Which of the two the provider compared: with its own inputs, or with what it read.
        const before = diff?.inputDiff === false ? [old?.outputs, old?.inputs] : [old?.inputs, old?.outputs];
        const [first, second] = before.map((state) => this.#shown(state, path));
        const kind = diff?.diffKind.replace("-replace", "") ?? "update";
        return {
            path: maskCredentials(path),
            kind: kind === "add" || kind === "delete" ? kind : "update",
            old: kind === "add" ? undefined : (first ?? second),
            new:
                kind === "delete"
                    ? undefined
                    : (this.#shown(next?.inputs, path) ?? this.#shown(next?.outputs, path)),
            forcesReplacement: (diff?.diffKind.endsWith("-replace") ?? false) || this.#keys.has(path),
        };
    }

    #shown(state: unknown, path: string): unknown {
        const isSecret = this.#type === "kubernetes:core/v1:Secret" && /^(?:stringData|data)\b/.test(path);
        const shown = shownAt(state, path);
        return isSecret && shown !== undefined ? secretText : shown;
    }
}

function byPath(left: PropertyChange, right: PropertyChange): number {
    return left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
}

function diagnosticOf({ severity, message, urn = "" }: DiagnosticEvent): Diagnostic[] {
    const text = plainText(message);
    if (text === "" || repeatsTheEnd(text)) return [];
    if (severity !== "warning" && severity !== "error") return [];
    const resource = urn.includes("::pulumi:pulumi:Stack::") ? "" : maskCredentials(nameOf(urn));
    return [{ severity, resource, message: text }];
}

function findingOf({
    enforcementLevel,
    policyName,
    policyPackName,
    resourceUrn,
    message,
}: PolicyEvent): PolicyFinding {
    return {
        level: enforcementLevel === "mandatory" ? "mandatory" : "advisory",
        policy: maskCredentials(`${policyPackName}/${policyName}`),
        resource: maskCredentials(nameOf(resourceUrn)),
        message: plainText(message),
    };
}

/** Fields of the summary that the SDK's types lack. */
interface Summary {
    durationSeconds: number;
    isPreview?: boolean;
    result?: string;
}

/**
 * What the engine's events of one operation tell. Never fails: events it does not know are passed over. Everything in the
 * result is masked.
 */
export function changesOfEvents(project: string, stack: string, events: readonly EngineEvent[]): ChangeSet {
    const byUrn = new Map<string, Steps>();
    const diagnostics: Diagnostic[] = [];
    const findings: PolicyFinding[] = [];
    let summary: Summary | undefined;
    for (const event of events) {
        const step = event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent;
        if (step) {
            const { metadata } = step;
            const steps = byUrn.get(metadata.urn) ?? new Steps(metadata.urn);
            byUrn.set(metadata.urn, steps);
            steps.add(metadata);
            if (event.resOpFailedEvent) steps.failed = true;
        }
        if (event.diagnosticEvent) diagnostics.push(...diagnosticOf(event.diagnosticEvent));
        if (event.policyEvent) findings.push(findingOf(event.policyEvent));
        if (event.summaryEvent) summary = event.summaryEvent;
    }
    const steps = [...byUrn.values()];
    const resources = steps.flatMap((each) => (each.op === undefined ? [] : [each.change(each.op)]));
    const counts: ChangeSet["counts"] = {};
    for (const { op } of steps) counts[op ?? "same"] = (counts[op ?? "same"] ?? 0) + 1;
    return {
        project: maskCredentials(project),
        stack: maskCredentials(stack),
        source: summary?.isPreview === false ? "update" : "preview",
        resources: sortedChanges(resources),
        counts,
        failed:
            summary === undefined ||
            (summary.result !== undefined && summary.result !== "succeeded") ||
            steps.some(({ failed }) => failed) ||
            diagnostics.some(({ severity }) => severity === "error"),
        findings,
        diagnostics,
        notes: summary === undefined ? ["The events end without a summary: the operation was cut off."] : [],
        ...(summary !== undefined && { durationSeconds: summary.durationSeconds }),
    };
}
