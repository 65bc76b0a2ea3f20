/** CPU and memory a container gets. Memory is request and limit in one; CPU has no limit. */
export interface Requests {
    /** CPU that is reserved, as a Kubernetes quantity. */
    readonly cpu: string;
    /** Memory that is reserved, and at which the container is killed, as a Kubernetes quantity. */
    readonly memory: string;
}

/** What the parts with one load in every environment get: several times their use on a cluster of 20 nodes. */
export const requests = {
    operator: { cpu: "100m", memory: "256Mi" },
    configReloader: { cpu: "10m", memory: "64Mi" },
    certificateJob: { cpu: "10m", memory: "128Mi" },
    alertmanager: { cpu: "20m", memory: "128Mi" },
    grafana: { cpu: "100m", memory: "512Mi" },
    grafanaSidecar: { cpu: "20m", memory: "192Mi" },
    kubeStateMetrics: { cpu: "50m", memory: "256Mi" },
    nodeExporter: { cpu: "50m", memory: "64Mi" },
    prometheusAdapter: { cpu: "50m", memory: "256Mi" },
} as const satisfies Record<string, Requests>;

/** Copies of the adapter of custom metrics. */
export const adapterReplicas = 2;

/** The requirements as charts and operators take them. */
export function resources({ cpu, memory }: Requests) {
    return { requests: { cpu, memory }, limits: { memory } };
}
