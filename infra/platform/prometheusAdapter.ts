import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartArgs, type ChartOverrides } from "./chart.ts";
import { adapterPolicies } from "./monitoring/networkPolicies.ts";
import { adapterReplicas, requests, resources } from "./monitoring/requests.ts";
import { hostSpread } from "./placement.ts";

export interface PrometheusAdapterArgs {
    /** Namespace of Prometheus, and of the adapter. */
    namespace: pulumi.Input<string>;
    /** Name of the PriorityClass. */
    priorityClassName: pulumi.Input<string>;
    /** Other places to get the charts from. */
    charts?: ChartOverrides | undefined;
    /** What the adapter needs until the end: Prometheus. */
    startAfter: readonly pulumi.Resource[];
}

const releaseName = "prometheus-adapter";

/** Maps the labels Prometheus adds to every target to the objects an HPA asks about. */
const podAndNamespace = {
    overrides: {
        namespace: { resource: "namespace" },
        pod: { resource: "pod" },
    },
};

const requestRate = (filter: string) =>
    `sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>${filter}}[2m]))`;

/**
 * Rules of the two metrics. Requests of the kubelet, the load balancer and Prometheus do not count, as the backend names
 * their routes, but make a pod that serves nobody else 0 instead of unknown, which would keep an HPA from scaling down.
 */
export const customMetricRules = [
    {
        seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
        resources: podAndNamespace,
        name: { matches: "^http_requests_total$", as: "http_requests_per_second" },
        metricsQuery: `${requestRate(',route!~"/live|/ready|/metrics"')} or 0 * ${requestRate("")}`,
    },
    {
        seriesQuery: 'websocket_active_connections{namespace!="",pod!=""}',
        resources: podAndNamespace,
        name: { matches: "^websocket_active_connections$", as: "active_connections" },
        metricsQuery: "sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})",
    },
] as const;

function adapterValues({ namespace, priorityClassName }: PrometheusAdapterArgs) {
    return {
        // The operator's headless Service: its name does not follow the release's.
        prometheus: { url: pulumi.interpolate`http://prometheus-operated.${namespace}.svc`, port: 9090 },
        // A metric without a sample in this time is gone; it is twice the scrape interval.
        metricsRelistInterval: "1m",
        replicas: adapterReplicas,
        priorityClassName,
        resources: resources(requests.prometheusAdapter),
        // The chart's own maxUnavailable; with minAvailable beside it the API server would refuse the budget.
        podDisruptionBudget: {
            enabled: true,
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
        topologySpreadConstraints: hostSpread({ chart: releaseName, release: releaseName }, "soft"),
        // The default rules offer every series of the cluster; resource rules would take metrics-server's API.
        rules: { default: false, custom: customMetricRules },
    };
}

/**
 * Serves `custom.metrics.k8s.io` from Prometheus. Upstream plans to give the adapter up in favour of KEDA
 * (kubernetes-sigs/prometheus-adapter#701). Beside this component only tables know it: the chart's version and keys, its
 * network policies, its requests, and the API that `ops validate` looks for.
 */
export class PrometheusAdapter extends pulumi.ComponentResource {
    constructor(name: string, args: PrometheusAdapterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:PrometheusAdapter", name, {}, opts);
        const policies = Object.entries(adapterPolicies()).map(
            ([policy, spec]) =>
                new k8s.networking.v1.NetworkPolicy(
                    `${name}-${policy}`,
                    { metadata: { name: policy, namespace: args.namespace }, spec },
                    { parent: this },
                ),
        );
        new k8s.helm.v3.Release(
            `${name}-adapter`,
            {
                name: releaseName,
                namespace: args.namespace,
                ...chartArgs(releaseName, adapterValues(args), args.charts),
            },
            // An API without a server behind it blocks the deletion of namespaces (kube-prometheus#275).
            { parent: this, dependsOn: [...args.startAfter, ...policies] },
        );
        this.registerOutputs();
    }
}
