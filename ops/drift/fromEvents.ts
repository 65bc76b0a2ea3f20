import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { differences } from "../changes/differences.ts";
import { changesOfEvents } from "../changes/fromEvents.ts";
import { maskCredentials, masked } from "../changes/mask.ts";
import type { PropertyChange } from "../changes/model.ts";
import { reasonOf } from "./expectation.ts";
import type { Drift, DriftedResource, ExpectedDifference } from "./model.ts";

interface State {
    type: string;
    inputs: unknown;
    before: unknown;
    after: unknown;
}

function statesOf(events: readonly EngineEvent[]): Map<string, State> {
    const states = new Map<string, State>();
    for (const { resOutputsEvent } of events) {
        if (!resOutputsEvent) continue;
        const { urn, type, old, new: next } = resOutputsEvent.metadata;
        states.set(maskCredentials(urn), {
            type,
            inputs: old?.inputs,
            before: old?.outputs,
            after: next?.outputs,
        });
    }
    return states;
}

/** False for what has no life outside the state: the stack, components, providers. */
function isReal({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): boolean {
    const step = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (step === undefined) return true;
    return (step.new?.custom ?? step.old?.custom ?? false) && !step.type.startsWith("pulumi:");
}

/** Where a provider says that something differs, but not what: everything that it reads differently. */
function compared({ type, before, after }: State): PropertyChange[] {
    // Of a Secret, `data` without the object around it would not be known for what it is.
    const shown = (outputs: unknown): unknown =>
        masked(
            type === "kubernetes:core/v1:Secret"
                ? { ...(outputs as object), apiVersion: "v1", kind: "Secret" }
                : outputs,
        );
    return differences(shown(before), shown(after)).map((each) => ({ ...each, forcesReplacement: false }));
}

/** What the events of a refresh that writes nothing tell. */
export function driftOfEvents(project: string, stack: string, all: readonly EngineEvent[]): Drift {
    const events = all.filter(isReal);
    const changes = changesOfEvents(project, stack, events);
    const states = statesOf(events);
    const drifted: DriftedResource[] = [];
    const expected: ExpectedDifference[] = [];
    for (const { urn, type, name, op, properties } of changes.resources) {
        if (op === "delete") {
            drifted.push({ urn, type, name, kind: "gone", properties: [] });
            continue;
        }
        if (op === "read") continue;
        const state = states.get(urn);
        const different = properties.length > 0 || state === undefined ? properties : compared(state);
        const found: PropertyChange[] = [];
        for (const property of different) {
            const reason = reasonOf(type, property, state?.inputs);
            if (reason === undefined) found.push(property);
            else expected.push({ type, name, path: property.path, reason });
        }
        if (found.length > 0 || different.length === 0) {
            drifted.push({ urn, type, name, kind: "changed", properties: found });
        }
    }
    return {
        project: changes.project,
        stack: changes.stack,
        drifted,
        expected,
        resources: Object.values(changes.counts).reduce((sum, count) => sum + count, 0),
        seconds: changes.durationSeconds ?? 0,
        warnings: changes.diagnostics.filter(({ severity }) => severity === "warning"),
    };
}
