import { z } from "zod";

import { defaultThresholds, latencyBuckets } from "../../infra/observability/thresholds.ts";
import { integer } from "./primitives.ts";

const between = (min: number, max: number, byDefault: number) =>
    z
        .number(`must be a number from ${min} to ${max}`)
        .min(min, `must be from ${min} to ${max}`)
        .max(max, `must be from ${min} to ${max}`)
        .default(byDefault);

// 0 and 1 would fire always or never.
const share = (byDefault: number) => between(0.01, 0.99, byDefault);
// The fastest alert begins at 14.4 times the budget: at 0.95 with 72 % of the requests, at 0.93 with more than there are.
const objective = (byDefault: number) => between(0.95, 0.9999, byDefault);
const bucket = (byDefault: number) =>
    z
        .literal(
            latencyBuckets,
            `must be one of ${latencyBuckets.join(", ")}: the backend counts up to these`,
        )
        .default(byDefault as (typeof latencyBuckets)[number]);
const seed = defaultThresholds;

const thresholds = z
    .strictObject({
        hotCpuOverTarget: between(1.1, 10, seed.hotCpuOverTarget).describe(
            "CPU use over the HPA's target at which an HPA at its minimum should have acted. An HPA tolerates 1.1.",
        ),
        scalingReversals: integer(1, 30)
            .default(seed.scalingReversals)
            .describe("Turns of an HPA from up to down, or back, in 30 minutes that are too many."),
        highPodCount: share(seed.highPodCount).describe(
            "Share of the HPA's maximum that is high for two hours.",
        ),
        reducedEndpoints: share(seed.reducedEndpoints).describe(
            "Share of the pods below which too many are lost.",
        ),
        sustainedCpu: share(seed.sustainedCpu).describe(
            "Share of the CPU limit, averaged over a workload's pods.",
        ),
        sustainedMemory: share(seed.sustainedMemory).describe(
            "Share of the memory limit, averaged over a workload's pods.",
        ),
        nearCpuLimit: share(seed.nearCpuLimit).describe("Share of the CPU limit of one container."),
        nearMemoryLimit: share(seed.nearMemoryLimit).describe("Share of the memory limit of one container."),
        serverErrors: between(0.001, 0.99, seed.serverErrors).describe(
            "Share of the requests that fail with a status of 500 or more.",
        ),
        responseSeconds: between(0.1, 4.9, seed.responseSeconds).describe(
            "Seconds within which 95 % of the requests should be answered. The backend counts up to 5.",
        ),
        minimumRequestRate: between(0.01, 10_000, seed.minimumRequestRate).describe(
            "Requests per second, over 5 minutes, below which High5xxErrorRate and HighResponseTime are silent. The budgets' alerts count bad requests instead.",
        ),
        availabilityObjective: objective(seed.availabilityObjective).describe(
            "Share of the requests of a month that must not fail.",
        ),
        latencyObjective: objective(seed.latencyObjective).describe(
            "Share of the requests of a month that must be answered within `latencySeconds`.",
        ),
        latencySeconds: bucket(seed.latencySeconds).describe("Seconds, a bucket of the backend's histogram."),
        volumeFree: share(seed.volumeFree).describe("Share of a volume below which it is nearly full."),
    })
    .prefault({});

export const alertRulesSchema = z
    .strictObject({
        enabled: z
            .boolean()
            .optional()
            .describe(
                "Make the alert rules. Default: wherever a Prometheus operator's definitions are, installed or `existingDefinitions`.",
            ),
        runbookBase: z
            .url({ protocol: /^https?$/, error: "must be an http or https URL" })
            .refine((url) => !url.endsWith("/"), "must not end with a slash")
            .optional()
            .meta({ examples: ["https://git.example.com/infrastructure/blob/main"] })
            .describe(
                "Address of this repository's files, which alerts link their runbooks below. Default: links are relative.",
            ),
        thresholds,
    })
    .prefault({});
