import { QueryVariableBuilder, VariableRefresh } from "@grafana/grafana-foundation-sdk/dashboard";

import { loadBalancerLimits } from "../../edge/loadBalancerAlarms.ts";
import { cloudWatchSource } from "../../platform/monitoring/dataSources.ts";
import { recorded } from "../recordingRules.ts";
import { perDeployment, selectors } from "../selectors.ts";
import { type ClassicDashboard, dashboard, type Section } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { graph, type Limit } from "./panels.ts";
import { cloudWatch, type CloudWatchMetric, range } from "./targets.ts";

const variable = "loadBalancer";

/**
 * The load balancer, as the last part of its ARN: CloudWatch's dimension. The controller chooses the name, but tags what it
 * makes with the cluster and the Ingress.
 */
function loadBalancerVariable(args: NonNullable<DashboardArgs["loadBalancer"]>): QueryVariableBuilder {
    return new QueryVariableBuilder(variable)
        .label("Load balancer")
        .datasource(cloudWatchSource)
        .query({
            queryType: "resourceARNs",
            region: "default",
            resourceType: "elasticloadbalancing:loadbalancer",
            tags: { "elbv2.k8s.aws/cluster": [args.clusterName], "ingress.k8s.aws/stack": [args.ingress] },
            refId: variable,
        })
        .regex("/loadbalancer\\/(.+)/")
        .refresh(VariableRefresh.OnDashboardLoad);
}

type Metric = Omit<CloudWatchMetric, "namespace" | "dimensions">;

function metrics(dimensions: Record<string, string>, ...all: Metric[]) {
    return all.map((each) =>
        cloudWatch({
            namespace: "AWS/ApplicationELB",
            dimensions: { LoadBalancer: `$${variable}`, ...dimensions },
            ...each,
        }),
    );
}

function sums(title: string, description: string, names: Record<string, string>, limit?: Limit) {
    return graph({
        title,
        description,
        unit: "short",
        limit,
        targets: metrics(
            {},
            ...Object.entries(names).map(([metric, legend]) => ({
                metric,
                statistic: "Sum",
                legend,
                // The limits are of alarms on 5 minutes.
                period: limit && 300,
            })),
        ),
    });
}

function cloudWatchSections(): Section[] {
    const { errors, targetErrors, responseSeconds } = loadBalancerLimits;
    const byGroup = { TargetGroup: "*" };
    return [
        {
            title: "Requests, as the load balancer sees them",
            panels: [
                sums("Requests", "Requests in each period, to both hosts.", { RequestCount: "requests" }),
                sums(
                    "Errors of the load balancer",
                    `Answers 5xx without a pod: no healthy target, or one that broke off. The alarm begins at ${errors} in 5 minutes.`,
                    {
                        HTTPCode_ELB_502_Count: "502 broken off",
                        HTTPCode_ELB_503_Count: "503 no target",
                        HTTPCode_ELB_504_Count: "504 too slow",
                    },
                    { above: errors },
                ),
                sums(
                    "Errors of the pods",
                    `Answers that came from a pod. The alarm begins at ${targetErrors} 5xx in 5 minutes.`,
                    { HTTPCode_Target_5XX_Count: "5xx", HTTPCode_Target_4XX_Count: "4xx" },
                    { above: targetErrors },
                ),
                graph({
                    title: "Response time of the pods",
                    description: `From the request leaving the load balancer to the answer's first byte. The alarm begins at an average of ${responseSeconds} s.`,
                    unit: "s",
                    limit: { above: responseSeconds },
                    targets: metrics(
                        {},
                        { metric: "TargetResponseTime", statistic: "p95", legend: "p95" },
                        { metric: "TargetResponseTime", statistic: "p50", legend: "p50" },
                        { metric: "TargetResponseTime", statistic: "Average", legend: "average" },
                    ),
                }),
                sums("Connections", "New and rejected ones in each period. A rejected one is one too many.", {
                    NewConnectionCount: "new",
                    RejectedConnectionCount: "rejected",
                    TargetConnectionErrorCount: "to a pod, failed",
                    ClientTLSNegotiationErrorCount: "TLS failed",
                }),
                graph({
                    title: "Capacity units",
                    description: "What AWS bills the load balancer by, besides its hours.",
                    unit: "short",
                    targets: metrics({}, { metric: "ConsumedLCUs", statistic: "Average", legend: "LCUs" }),
                }),
            ],
        },
        {
            title: "Targets, as the load balancer sees them",
            panels: [
                graph({
                    title: "Healthy targets",
                    description: "Pods of each target group that pass the load balancer's health check.",
                    unit: "none",
                    width: 12,
                    limit: { below: 1 },
                    targets: metrics(byGroup, {
                        metric: "HealthyHostCount",
                        statistic: "Minimum",
                        legend: "${PROP('Dim.TargetGroup')}",
                    }),
                }),
                graph({
                    title: "Unhealthy targets",
                    description:
                        "Pods that fail it. One that starts does so for a moment; the alarm begins after 10 minutes.",
                    unit: "none",
                    width: 12,
                    targets: metrics(byGroup, {
                        metric: "UnHealthyHostCount",
                        statistic: "Maximum",
                        legend: "${PROP('Dim.TargetGroup')}",
                    }),
                }),
            ],
        },
    ];
}

/** Where requests come in, outside and inside the cluster. */
export function loadBalancer(args: DashboardArgs): ClassicDashboard {
    const { namespace } = args.rules;
    const { autoscaledDeployments } = selectors(args.rules);
    const endpoints = (matcher: string) =>
        `sum by (label_kubernetes_io_service_name) (kube_endpointslice_endpoints{namespace="${namespace}", ${matcher}}\n` +
        "* on (namespace, endpointslice) group_left (label_kubernetes_io_service_name)\n" +
        `max by (namespace, endpointslice, label_kubernetes_io_service_name) (kube_endpointslice_labels{namespace="${namespace}"}))`;
    const service = "{{label_kubernetes_io_service_name}}";
    const shown = args.loadBalancer;
    return dashboard(args, {
        slug: "load-balancer",
        title: "Load balancer",
        description:
            "Where requests come in: the load balancer by CloudWatch, the Services' endpoints by Prometheus.",
        refresh: shown ? "5m" : "1m",
        variables: shown ? [loadBalancerVariable(shown)] : [],
        sections: [
            ...(shown ? cloudWatchSections() : []),
            {
                title: "Endpoints in the cluster",
                panels: [
                    graph({
                        title: "Endpoints of Services",
                        description: "Pods that each Service sends to, and those that end or are not ready.",
                        unit: "none",
                        targets: [
                            range(endpoints('ready="true"'), service),
                            range(endpoints('ready="false"'), `${service} not ready`),
                        ],
                    }),
                    graph({
                        title: "Available pods",
                        description:
                            "At 0 every request fails (ServiceNoEndpoints); below half of the wanted ones many are lost (EndpointsReducedSignificantly).",
                        unit: "none",
                        limit: { below: 1 },
                        targets: [
                            range(
                                perDeployment(
                                    `kube_deployment_status_replicas_available{${autoscaledDeployments}}`,
                                ),
                                "{{deployment}}",
                            ),
                        ],
                    }),
                    graph({
                        title: "Controller's errors",
                        description:
                            "Errors of the AWS Load Balancer Controller in 20 minutes. While they go on, the load balancer does not follow changes (LoadBalancerReconcileErrors).",
                        unit: "none",
                        bars: true,
                        stacked: true,
                        targets: [range(recorded.loadBalancerErrors, "{{controller}}")],
                    }),
                ],
            },
        ],
    });
}
