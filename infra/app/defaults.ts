import type { DisruptionBudget } from "./disruptionBudget.ts";
import type { WritableFolder } from "../kubernetes/writableFolders.ts";

/** Health paths of both workloads: nginx of the frontend answers every path below `/health`. */
export const livenessPath = "/health/live";
export const readinessPath = "/health/ready";

/** Seconds of connection draining at the load balancer. */
export const drainSeconds = 60;

/** Seconds the application gets after SIGTERM: the longest request it should finish. */
export const shutdownSeconds = 30;

/** Seconds until a rollout is given up: `progressDeadlineSeconds` when a Deployment says nothing. */
export const rolloutTimeoutSeconds = 600;

/** User and group of the application's images. */
export const applicationUserId = 1001;

export const backend = {
    port: 3001,
    autoscaling: {
        minReplicas: 2,
        maxReplicas: 10,
        cpuUtilization: 70,
        memoryUtilization: 80,
    },
    /** Averages per pod; the former manifests had both commented out. */
    customMetrics: { requestsPerSecond: 1000, activeConnections: 100 },
    disruptionBudget: { minAvailable: 1 } as DisruptionBudget,
    resources: {
        requests: { cpu: "500m", memory: "512Mi" },
        limits: { cpu: "1000m", memory: "1Gi" },
    },
    probes: {
        livenessPath,
        readinessPath,
        liveness: { initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        readiness: { initialDelaySeconds: 10, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
        startup: { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 30 },
    },
    /** Seconds of the Service's ClientIP affinity: 3 hours. */
    sessionAffinitySeconds: 10_800,
    /** Folders the application writes: its logs are unbounded files, the plugin folders are made at start. */
    writableFolders: [
        { name: "logs", path: "/app/logs", sizeLimit: "1Gi" },
        { name: "plugins", path: "/app/plugins", sizeLimit: "64Mi" },
        { name: "plugin-data", path: "/app/plugin-data", sizeLimit: "64Mi" },
        { name: "tmp", path: "/tmp", sizeLimit: "128Mi" },
    ] as WritableFolder[],
};

export const frontend = {
    port: 80,
    autoscaling: {
        minReplicas: 2,
        maxReplicas: 5,
        cpuUtilization: 70,
        memoryUtilization: 80,
    },
    disruptionBudget: { minAvailable: 1 } as DisruptionBudget,
    resources: {
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
    },
    probes: {
        livenessPath,
        readinessPath,
        liveness: { initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        readiness: { initialDelaySeconds: 5, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
        startup: { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 30 },
    },
    /** Folders nginx writes. */
    writableFolders: [
        { name: "cache", path: "/var/cache/nginx", sizeLimit: "128Mi" },
        { name: "run", path: "/var/run", sizeLimit: "16Mi" },
        { name: "tmp", path: "/tmp", sizeLimit: "64Mi" },
    ] as WritableFolder[],
};

export const bot = {
    resources: {
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
    },
};

export const migration = {
    /** Creates and alters tables to match the image's schema; refuses a change that would lose data. */
    command: ["node_modules/.bin/prisma", "db", "push", "--skip-generate"],
    resources: {
        requests: { cpu: "250m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
    },
    backoffLimit: 3,
    /** Seconds after which the Job fails whatever it is doing. */
    activeDeadlineSeconds: 600,
};

export const resourceQuota = {
    "requests.cpu": "20",
    "requests.memory": "40Gi",
    "limits.cpu": "40",
    "limits.memory": "80Gi",
    persistentvolumeclaims: "10",
};

export const limitRange = {
    default: { cpu: "1", memory: "1Gi" },
    defaultRequest: { cpu: "500m", memory: "512Mi" },
};
