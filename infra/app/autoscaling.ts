import type * as k8s from "@pulumi/kubernetes";

export interface AutoscalingArgs {
    /** Fewest replicas. */
    minReplicas: number;
    /** Most replicas. */
    maxReplicas: number;
    /** Target CPU use, in percent of the request, averaged over the pods. */
    cpuUtilization: number;
    /** Target memory use, in percent of the request, averaged over the pods. */
    memoryUtilization: number;
    /** Targets of metrics that an adapter serves. Default: none. */
    customMetrics?: CustomMetricTargets | undefined;
}

/** Averages over the pods at which the HPA keeps the replicas. */
export interface CustomMetricTargets {
    /** Requests per second, without probes and scrapes. */
    requestsPerSecond: number;
    /** Open WebSocket connections. */
    activeConnections: number;
}

/**
 * Scale-up: at once, by 100 % or 2 pods every 30 s, whichever is more. Scale-down: after 5 minutes, by 50 % or 1 pod
 * every 60 s, whichever is less, which is 1 pod a minute from any number of pods.
 */
export const scalingBehavior: k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior = {
    scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
            { type: "Percent", value: 100, periodSeconds: 30 },
            { type: "Pods", value: 2, periodSeconds: 30 },
        ],
    },
    scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 1, periodSeconds: 60 },
        ],
    },
};

function utilization(name: "cpu" | "memory", percent: number): k8s.types.input.autoscaling.v2.MetricSpec {
    return {
        type: "Resource",
        resource: { name, target: { type: "Utilization", averageUtilization: percent } },
    };
}

function podAverage(name: string, average: number): k8s.types.input.autoscaling.v2.MetricSpec {
    return {
        type: "Pods",
        pods: { metric: { name }, target: { type: "AverageValue", averageValue: String(average) } },
    };
}

/**
 * What is scaled on. The HPA takes the highest count that any of them asks for; one it cannot
 * read keeps it from scaling down, not up.
 */
function metrics(args: AutoscalingArgs): k8s.types.input.autoscaling.v2.MetricSpec[] {
    const { customMetrics } = args;
    return [
        utilization("cpu", args.cpuUtilization),
        utilization("memory", args.memoryUtilization),
        ...(customMetrics
            ? [
                  podAverage("http_requests_per_second", customMetrics.requestsPerSecond),
                  podAverage("active_connections", customMetrics.activeConnections),
              ]
            : []),
    ];
}

/** The spec of an HPA that scales the Deployment of that name. */
export function horizontalPodAutoscalerSpec(
    deployment: string,
    args: AutoscalingArgs,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas: args.minReplicas,
        maxReplicas: args.maxReplicas,
        metrics: metrics(args),
        behavior: scalingBehavior,
    };
}
