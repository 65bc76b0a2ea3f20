import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

/** What the API server adds to an object, different in each recording. */
const volatile = new Set([
    "status",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "managedFields",
    "generation",
]);

function stable(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(stable);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([key]) => !volatile.has(key) && !key.startsWith("__"))
            .map(([key, each]) => [key, stable(each)]),
    );
}

function compactStep(step: StepEventMetadata): StepEventMetadata {
    const { old, new: next, ...others } = step;
    const rest = { ...others, provider: "" };
    if (step.op === "same") return { ...rest, detailedDiff: {} };
    // Outputs matter only where the provider compared with what it read.
    const needsOutputs = Object.values(step.detailedDiff ?? {}).some(({ inputDiff }) => !inputDiff);
    const state = (each: typeof old) =>
        each && {
            ...each,
            provider: "",
            inputs: stable(each.inputs) as Record<string, unknown>,
            outputs: needsOutputs ? (stable(each.outputs) as Record<string, unknown>) : {},
        };
    return {
        ...rest,
        ...(old && { old: state(old) }),
        ...(next && { new: state(next) }),
    };
}

/** The events as a fixture keeps them: without chatter, times and what differs from one cluster to the next. */
export function compact(events: EngineEvent[]): EngineEvent[] {
    return events
        .filter(({ diagnosticEvent, stdoutEvent, preludeEvent, cancelEvent }) => {
            const chatter = stdoutEvent ?? preludeEvent ?? cancelEvent;
            // The debugging messages hold secrets in plain text.
            return chatter === undefined && !["debug", "info"].includes(String(diagnosticEvent?.severity));
        })
        .map((event, sequence) => {
            const whole: EngineEvent = { ...event, sequence, timestamp: 0 };
            for (const name of ["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"] as const) {
                const each = whole[name];
                if (each) Object.assign(whole, { [name]: { ...each, metadata: compactStep(each.metadata) } });
            }
            if (whole.summaryEvent) whole.summaryEvent = { ...whole.summaryEvent, durationSeconds: 3 };
            return whole;
        });
}
