import type { Resources } from "../kubernetes/resources.ts";

/** CPU and memory of the servers that run in the cluster. */
export const inClusterResources = {
    postgres: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    redis: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
} satisfies Record<string, Resources>;
