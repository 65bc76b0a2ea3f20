import type { Phase } from "../../ops/load/profile.ts";
import type { Run, Sample } from "../../ops/load/run.ts";

/** A second without load at two pods, with some fields changed. */
export function sample(second: number, change: Partial<Sample> = {}): Sample {
    return {
        second,
        intended: 0,
        started: 0,
        answered: 0,
        errors: 0,
        p50: null,
        p95: null,
        p99: null,
        ready: 2,
        desired: 2,
        cpu: 4,
        memory: 31,
        ...change,
    };
}

/** A run of the given seconds. */
export function runOf(profile: readonly Phase[], samples: Sample[], change: Partial<Run> = {}): Run {
    return {
        label: "test",
        kind: "simulation",
        target: "backend",
        startedAt: "2026-01-02T03:04:05.678Z",
        profile,
        workload: {
            namespace: "spywatcher",
            deployment: "spywatcher-backend",
            minReplicas: 2,
            maxReplicas: 10,
            cpuTarget: 70,
            memoryTarget: 80,
        },
        samples,
        events: [],
        errors: {},
        latency: { p50: 20, p95: 60, p99: 90 },
        notes: [],
        interrupted: false,
        ...change,
    };
}
