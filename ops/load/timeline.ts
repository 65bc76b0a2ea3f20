import type { LoadSecond } from "./generator.ts";
import type { Sample, ScalingEvent } from "./run.ts";
import type { WorkloadState } from "./workloadWatch.ts";

/** Puts the seconds of a load and what a cluster does side by side on one clock. */
export class Timeline {
    readonly samples: Sample[] = [];
    readonly events: ScalingEvent[] = [];
    readonly #began = performance.now();
    readonly #state: () => WorkloadState;

    /** `state` tells how the cluster is at the moment. */
    constructor(state: () => WorkloadState) {
        this.#state = state;
    }

    /** Seconds since the beginning. */
    now(): number {
        return (performance.now() - this.#began) / 1000;
    }

    /** Takes a second of the load, when it is over. */
    add({ second, intended, started, answered, errors, p50, p95, p99 }: LoadSecond): Sample {
        const sample = { second, intended, started, answered, errors, p50, p95, p99, ...this.#state() };
        this.samples.push(sample);
        return sample;
    }

    /** Takes a change of the number of pods, when it happens. */
    scaled(event: Omit<ScalingEvent, "second">): void {
        this.events.push({ second: Math.round(this.now()), ...event });
    }
}
