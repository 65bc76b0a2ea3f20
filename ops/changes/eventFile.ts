import { readFileSync } from "node:fs";

import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

import { OperationError } from "../errors.ts";
import { isObject } from "./isObject.ts";

/** One step as `pulumi preview --json` prints it when it does not stream. */
interface DigestStep extends Omit<StepEventMetadata, "detailedDiff"> {
    detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
    oldState?: StepEventMetadata["old"];
    newState?: StepEventMetadata["new"];
    replaceReasons?: string[] | null;
    diffReasons?: string[] | null;
}

interface Digest {
    steps?: DigestStep[];
    duration?: number;
    changeSummary?: Record<string, number>;
    diagnostics?: EngineEvent["diagnosticEvent"][];
}

function ofDigest({ steps = [], duration, changeSummary, diagnostics = [] }: Digest): EngineEvent[] {
    const event = { sequence: 0, timestamp: 0 };
    return [
        ...steps.map(
            ({ oldState, newState, replaceReasons, diffReasons, detailedDiff, ...step }): EngineEvent => ({
                ...event,
                resourcePreEvent: {
                    metadata: {
                        ...step,
                        type: step.urn.split("::").at(-2)?.split("$").at(-1) ?? "",
                        ...(oldState && { old: oldState }),
                        ...(newState && { new: newState }),
                        detailedDiff: Object.fromEntries(
                            Object.entries(detailedDiff ?? {}).map(([path, { kind, inputDiff }]) => [
                                path,
                                { diffKind: kind, inputDiff },
                            ]),
                        ) as NonNullable<StepEventMetadata["detailedDiff"]>,
                        keys: replaceReasons ?? [],
                        diffs: diffReasons ?? [],
                    },
                },
            }),
        ),
        ...diagnostics.flatMap((diagnosticEvent) => (diagnosticEvent ? [{ ...event, diagnosticEvent }] : [])),
        ...(changeSummary
            ? [
                  {
                      ...event,
                      summaryEvent: {
                          maybeCorrupt: false,
                          // Nanoseconds, as Go prints durations.
                          durationSeconds: Math.round((duration ?? 0) / 1e9),
                          resourceChanges: changeSummary,
                          policyPacks: {},
                      },
                  },
              ]
            : []),
    ];
}

/**
 * Reads the engine's events: one JSON object a line, as `pulumi --event-log` and the Automation API write them, a JSON list
 * of them, or what `pulumi preview --json` prints. Throws an OperationError that names the file when it is none of these.
 */
export function parseEvents(text: string, file: string): EngineEvent[] {
    try {
        return parsed(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new OperationError(
            `${file} does not hold the engine's events (a JSON object a line, or what \`pulumi preview --json\` prints): ${error.message}`,
        );
    }
}

function isDocument(line: string): boolean {
    try {
        return isObject(JSON.parse(line));
    } catch {
        return false;
    }
}

function parsed(text: string): EngineEvent[] {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const [first = "", ...rest] = lines;
    if (lines.length === 0) return [];
    if (rest.length > 0 && isDocument(first)) {
        // Of a process that was killed the last line may be cut off.
        const whole = isDocument(rest.at(-1) ?? "") ? lines : lines.slice(0, -1);
        return whole.map((line) => JSON.parse(line) as EngineEvent);
    }
    const document: unknown = JSON.parse(text);
    const values = Array.isArray(document) ? (document as unknown[]) : [document];
    if (!values.every(isObject)) throw new SyntaxError("not a list of objects");
    const [only] = values;
    if (values.length === 1 && only && ("steps" in only || "changeSummary" in only)) return ofDigest(only);
    return values as unknown as EngineEvent[];
}

/** Reads a file of events, see `parseEvents`. */
export function readEvents(file: string): EngineEvent[] {
    try {
        return parseEvents(readFileSync(file, "utf8"), file);
    } catch (error) {
        if (error instanceof OperationError) throw error;
        throw new OperationError(`Cannot read the events: ${(error as Error).message}`);
    }
}

/**
 * The line of an event for a file that may be kept, or undefined for an event that does not belong there: debugging
 * messages, which the Automation API gets too, hold secrets in plain text.
 */
export function eventLine(event: EngineEvent): string | undefined {
    const severity: string | undefined = event.diagnosticEvent?.severity;
    if (severity === "debug" || event.preludeEvent || event.stdoutEvent) return undefined;
    return `${JSON.stringify(event)}\n`;
}
