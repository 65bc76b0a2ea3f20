import { z } from "zod";

import * as defaults from "../../infra/app/defaults.ts";
import { integer } from "./primitives.ts";

/** Bounds and targets of an HPA. */
export const replicas = (seed: typeof defaults.frontend.autoscaling) =>
    z.strictObject({
        minReplicas: integer(1, 1000).default(seed.minReplicas).describe("Fewest pods."),
        maxReplicas: integer(1, 1000).default(seed.maxReplicas).describe("Most pods."),
        cpuUtilization: integer(1, 1000)
            .default(seed.cpuUtilization)
            .describe("Target CPU use in percent of the request."),
        memoryUtilization: integer(1, 1000)
            .default(seed.memoryUtilization)
            .describe("Target memory use in percent of the request."),
    });

/** Targets of the metrics that only an adapter serves. */
export const customMetrics = z
    .strictObject({
        enabled: z
            .boolean()
            .default(false)
            .describe(
                "Scale on requests and connections too. Installs what `platform.customMetrics` describes.",
            ),
        requestsPerSecond: integer(1, 1_000_000)
            .default(defaults.backend.customMetrics.requestsPerSecond)
            .describe("Target of requests per second and pod, without probes and scrapes."),
        activeConnections: integer(1, 1_000_000)
            .default(defaults.backend.customMetrics.activeConnections)
            .describe(
                "Target of open WebSocket connections per pod. The application reports 0 so far, which asks for no pod.",
            ),
    })
    .prefault({});

/** Either form of a PodDisruptionBudget. */
export const disruptionBudget = z
    .union(
        [
            z.strictObject({ minAvailable: integer(0, 1000).describe("Pods a drain must leave.") }),
            z.strictObject({ maxUnavailable: integer(0, 1000).describe("Pods a drain may take at a time.") }),
        ],
        "must be {minAvailable: n} or {maxUnavailable: n}, one of the two",
    )
    .default({ minAvailable: 1 })
    .describe(
        "The PodDisruptionBudget: `{minAvailable: n}` or `{maxUnavailable: n}`. At least one pod must be free to go when only the fewest pods run.",
    );
