import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Most samples of one pod. The backend's hundred routes, each with ten for every method and status, come to about 4,000.
 * Beyond it a scrape fails, which BackendMetricsMissing and the chart's TargetDown tell of, instead of filling Prometheus.
 */
const sampleLimit = 10_000;

export interface MonitorArgs {
    /** Definitions of the Prometheus operator. */
    definitions: readonly pulumi.Resource[];
    /** Labels, beside the workload's own, that a Prometheus selects monitors by. */
    labels: Readonly<Record<string, string>>;
}

/** Has Prometheus scrape `/metrics` of the pods behind a Service's port `http`, every 30 s as the alerts expect. */
export function serviceMonitor(
    name: string,
    metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> },
    matchLabels: Record<string, string>,
    opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
        name,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "ServiceMonitor",
            metadata,
            spec: {
                selector: { matchLabels },
                sampleLimit,
                endpoints: [
                    {
                        port: "http",
                        path: "/metrics",
                        interval: "30s",
                        scrapeTimeout: "10s",
                        // Pod and namespace are there by themselves.
                        relabelings: [
                            { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
                        ],
                    },
                ],
            },
        },
        opts,
    );
}
