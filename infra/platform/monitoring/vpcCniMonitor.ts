/** Port of every node at which the VPC CNI tells its metrics (amazon-vpc-cni-k8s, README, DISABLE_METRICS). */
export const vpcCniMetricsPort = 61_678;

/**
 * Has Prometheus scrape the VPC CNI of each node, as the chart's `additionalPodMonitors` take it: without it nobody sees that
 * pods get no address.
 */
export const vpcCniMonitor = {
    name: "vpc-cni",
    namespaceSelector: { matchNames: ["kube-system"] },
    selector: { matchLabels: { "k8s-app": "aws-node" } },
    podMetricsEndpoints: [
        {
            port: "metrics",
            interval: "30s",
            relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
        },
    ],
} as const;
