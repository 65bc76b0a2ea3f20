import { type Figures, tolerance } from "./figures.ts";
import type { Run } from "./run.ts";

/** What a run must keep to pass. */
export interface Expectations {
    /**
     * Seconds from a jump of the load until enough pods are ready; as long the HPA may let CPU use be too high without a
     * change, and pods that it wants may take until they are ready.
     */
    scaleSeconds: number;
    /** Failed requests in percent. */
    errorPercent: number;
    /** Milliseconds that 95 % of the requests stay below. */
    p95Ms: number;
}

/** 60 s is what the former manifests promised; a second of waiting is what people notice. */
export const defaultExpectations: Expectations = { scaleSeconds: 60, errorPercent: 1, p95Ms: 1000 };

/** Two rounds of the HPA, which looks every 15 s. */
const unknownSeconds = 30;

export interface Check {
    name: string;
    ok: boolean;
    /** What was seen. */
    seen: string;
    /** What was expected. */
    expected: string;
}

export function milliseconds(value: number | null): string {
    if (value === null) return "no answer";
    return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** Whether the HPA did anything, and the cluster what the HPA wanted. */
function scalingChecks(
    { workload, samples }: Run,
    figures: Figures,
    { scaleSeconds }: Expectations,
): Check[] {
    const { cpuTarget } = workload;
    const { secondsIgnored, secondsUnknown, secondsWanting } = figures;
    const known = secondsUnknown <= unknownSeconds && secondsUnknown < samples.length;
    return [
        {
            name: "HPA knows its metrics",
            ok: known,
            seen: `${secondsUnknown} s unknown${known ? "" : ": does the metrics API answer? (kubectl get apiservice v1beta1.metrics.k8s.io)"}`,
            expected: `≤ ${unknownSeconds} s unknown`,
        },
        ...(cpuTarget === null
            ? []
            : [
                  {
                      name: `HPA reacts to CPU above ${Math.round(cpuTarget * tolerance)} %`,
                      ok: secondsIgnored <= scaleSeconds,
                      seen: `${secondsIgnored} s without a change`,
                      expected: `≤ ${scaleSeconds} s`,
                  },
              ]),
        {
            name: "wanted pods are ready",
            ok: secondsWanting <= scaleSeconds,
            seen: `after ${secondsWanting} s`,
            expected: `≤ ${scaleSeconds} s`,
        },
    ];
}

/** Compares a run with what is expected of it. */
export function verdict(run: Run, figures: Figures, expected: Expectations): Check[] {
    const { minReplicas, maxReplicas } = run.workload;
    const percent = figures.errorShare * 100;
    return [
        ...figures.rises.map(({ from, to, podsBefore, pods, seconds }) => ({
            name: `scales from ${podsBefore} to ${pods} pods (${from} → ${to} requests/s)`,
            ok: seconds !== null && seconds <= expected.scaleSeconds,
            seen: seconds === null ? "not before the load changed" : `${seconds} s`,
            expected: `≤ ${expected.scaleSeconds} s`,
        })),
        ...scalingChecks(run, figures, expected),
        {
            name: "pods suffice",
            ok: figures.fewestReady >= minReplicas && !figures.outOfPods,
            seen:
                `${figures.fewestReady}–${figures.mostReady}` +
                (figures.outOfPods ? ", at the maximum with CPU above its target" : ""),
            expected: `${minReplicas}–${maxReplicas}`,
        },
        {
            name: "errors",
            ok: percent <= expected.errorPercent,
            seen: `${percent.toFixed(2)} %`,
            expected: `≤ ${expected.errorPercent} %`,
        },
        {
            name: "p95 latency",
            ok: figures.p95 !== null && figures.p95 <= expected.p95Ms,
            seen: milliseconds(figures.p95),
            expected: `≤ ${expected.p95Ms} ms`,
        },
        ...run.notes
            .filter(({ failed }) => failed)
            .map(({ text }) => ({
                name: "rate held",
                ok: false,
                seen: text,
                expected: "the rate that was asked for",
            })),
    ];
}
