import type { Percentiles } from "./latencies.ts";
import type { Profile } from "./profile.ts";

/** One second of a run: the load, how it was answered, and what the cluster did. */
export interface Sample extends Percentiles {
    /** Seconds from the beginning. */
    second: number;
    /** Requests per second that were asked for, sent, answered with success, and that failed. */
    intended: number;
    started: number;
    answered: number;
    errors: number;
    /** Pods that are ready, and that the HPA wants; null while unknown. */
    ready: number | null;
    desired: number | null;
    /** Average use in percent of the request, as the HPA sees it; null while unknown. */
    cpu: number | null;
    memory: number | null;
}

/** The HPA changed the number of pods. */
export interface ScalingEvent {
    second: number;
    from: number;
    to: number;
    /** In the HPA's words. */
    reason: string;
}

/** Bounds and targets of an HPA. */
export interface ScalingBounds {
    minReplicas: number;
    maxReplicas: number;
    /** Targets in percent of the request; null where the HPA has none. */
    cpuTarget: number | null;
    memoryTarget: number | null;
}

/** The workload that was watched. */
export interface WatchedWorkload extends ScalingBounds {
    namespace: string;
    deployment: string;
}

/** What else the reader should know. */
export interface Note {
    text: string;
    /** True for what makes the figures worthless, such as a rate that was not held. */
    failed: boolean;
}

/** All there is to know of a load test or a simulation; what the JSON file holds. */
export interface Run {
    /** What tells it from another one in the same report. */
    label: string;
    kind: "load test" | "simulation";
    /** URL, or what was simulated. */
    target: string;
    /** When it began, by ISO 8601. */
    startedAt: string;
    profile: Profile;
    workload: WatchedWorkload;
    samples: Sample[];
    events: ScalingEvent[];
    /** Number of failed requests by why they failed. */
    errors: Record<string, number>;
    /** Of the whole run. */
    latency: Percentiles;
    notes: Note[];
    /** True when it was ended before its time. */
    interrupted: boolean;
}
