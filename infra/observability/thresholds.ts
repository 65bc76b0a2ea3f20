/** Upper bounds in seconds of the buckets that the backend counts request durations in. */
export const latencyBuckets = [0.1, 0.5, 1, 2, 5] as const;

/** Numbers that decide when the alerts fire. Ratios are between 0 and 1. */
export interface Thresholds {
    /** CPU use over the HPA's target, at the HPA's minimum. Above 1.1, the tolerance within which an HPA does nothing. */
    readonly hotCpuOverTarget: number;
    /** Times the HPA turns from up to down, or back, in 30 minutes. */
    readonly scalingReversals: number;
    /** Pods over the HPA's maximum. */
    readonly highPodCount: number;
    /** Available pods over those that should be, and over the most of the last hour. */
    readonly reducedEndpoints: number;
    /** CPU use over the limit, averaged over a workload's pods, for half an hour. */
    readonly sustainedCpu: number;
    /** Memory use over the limit, averaged over a workload's pods, for half an hour. */
    readonly sustainedMemory: number;
    /** CPU use of one container over its limit. */
    readonly nearCpuLimit: number;
    /** Memory use of one container over its limit. */
    readonly nearMemoryLimit: number;
    /** Responses with a status of 500 or more over all. */
    readonly serverErrors: number;
    /** Seconds within which 95 % of the requests should be answered. */
    readonly responseSeconds: number;
    /** Requests per second, over 5 minutes, below which ratios of requests say nothing. */
    readonly minimumRequestRate: number;
    /** Share of requests that must not fail, over a month. */
    readonly availabilityObjective: number;
    /** Share of requests that must be answered within `latencySeconds`, over a month. */
    readonly latencyObjective: number;
    /** Seconds, one of `latencyBuckets`. */
    readonly latencySeconds: number;
    /** Free space of a volume over its size. */
    readonly volumeFree: number;
}

/**
 * The numbers the former manifests alerted at, where they had any: 80 % CPU at a target of 70 %, 6 scaling events, 80 %
 * and 95 % of limits, half of the endpoints, 5 % server errors, 2 seconds. The objectives, the lowest rate of requests
 * (60 in 5 minutes) and the volumes' free space are choices.
 */
export const defaultThresholds: Thresholds = {
    hotCpuOverTarget: 1.14,
    scalingReversals: 6,
    highPodCount: 0.8,
    reducedEndpoints: 0.5,
    sustainedCpu: 0.8,
    sustainedMemory: 0.8,
    nearCpuLimit: 0.95,
    nearMemoryLimit: 0.95,
    serverErrors: 0.05,
    responseSeconds: 2,
    minimumRequestRate: 0.2,
    availabilityObjective: 0.995,
    latencyObjective: 0.99,
    latencySeconds: 2,
    volumeFree: 0.15,
};
