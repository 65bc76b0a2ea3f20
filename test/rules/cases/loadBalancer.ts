import { type InputSeries, countsAt, kube, type RuleCase, series, stretch } from "../support/ruleCase.ts";

const deployment = "spywatcher-backend";
const labels = { namespace: "spywatcher", deployment };
type Values = string | number;

function pods(wanted: Values, available: Values): InputSeries[] {
    return [
        kube("deployment_spec_replicas", { deployment }, wanted),
        kube("deployment_status_replicas_available", { deployment }, available),
        kube("service_spec_type", { service: deployment, type: "ClusterIP" }, 1),
    ];
}

function errors(controller: string, values: Values): InputSeries {
    return series(
        "controller_runtime_reconcile_errors_total",
        { namespace: "kube-system", controller, pod: "aws-load-balancer-controller-0" },
        values,
    );
}

export const loadBalancerCases: readonly RuleCase[] = [
    {
        alert: "ServiceNoEndpoints",
        when: "no pod is ready",
        series: pods(2, 0),
        fires: {
            atMinute: 5,
            labels,
            description:
                "No pod of spywatcher/spywatcher-backend has been available for 5 minutes: every request fails.",
        },
    },
    { alert: "ServiceNoEndpoints", when: "one pod is left", series: pods(2, 1), silentMinutes: 60 },
    {
        alert: "ServiceNoEndpoints",
        when: "there is a Service without pods of a Deployment behind it",
        series: [
            kube("service_spec_type", { service: "spywatcher-postgres", type: "ClusterIP" }, 1),
            kube("service_info", { service: "spywatcher-postgres" }, 1),
        ],
        silentMinutes: 60,
    },
    {
        alert: "ServiceNoEndpoints",
        when: "Services have endpoints, which kube-state-metrics tells as EndpointSlices",
        series: [
            ...pods(2, 2),
            ...["10.0.1.11", "10.0.2.12"].map((address) =>
                kube(
                    "endpointslice_endpoints",
                    { endpointslice: "spywatcher-backend-8kf2x", address, ready: "true" },
                    1,
                ),
            ),
        ],
        silentMinutes: 60,
    },
    {
        alert: "ServiceNoEndpoints",
        when: "the first pods start within 4 minutes",
        series: pods(2, stretch([0, 5], [2, 30])),
        silentMinutes: 34,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "six of ten pods are lost",
        series: pods(10, stretch([10, 5], [4, 40])),
        fires: {
            atMinute: 10,
            labels,
            description: "Only 40% of the pods of spywatcher/spywatcher-backend are available.",
        },
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "half of the pods are lost, and one more 40 minutes later",
        series: pods(10, stretch([10, 5], [5, 40], [4, 40])),
        fires: {
            atMinute: 50,
            labels,
            description: "Only 40% of the pods of spywatcher/spywatcher-backend are available.",
        },
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "the loss is more than an hour ago, which other alerts tell",
        series: pods(10, stretch([10, 5], [4, 120])),
        silentFrom: 66,
        silentMinutes: 120,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "the HPA goes from 10 to 2",
        series: pods("10x5 10-1x8 2x60", "10x6 10-1x8 2x60"),
        silentMinutes: 70,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "the HPA goes from 2 to 10 and the new pods wait for nodes",
        series: pods(stretch([2, 5], [10, 60]), 2),
        silentMinutes: 60,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "half of the pods that there were are left, with more wanted than ever",
        series: pods(10, stretch([8, 5], [4, 40])),
        silentMinutes: 40,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "half of the pods that are wanted are left, with more before",
        series: pods(stretch([10, 5], [8, 40]), stretch([10, 5], [4, 40])),
        silentMinutes: 40,
    },
    {
        alert: "EndpointsReducedSignificantly",
        when: "a zone is lost and the pods are back after 4 minutes",
        series: pods(10, stretch([10, 5], [3, 5], [10, 40])),
        silentMinutes: 49,
    },
    {
        alert: "LoadBalancerReconcileErrors",
        when: "an Ingress is refused at every try, a quarter of an hour apart",
        series: [errors("ingress", countsAt(60, [5, 20, 35, 50]))],
        fires: {
            atMinute: 35,
            labels: { controller: "ingress" },
            description:
                "The controller for ingress has failed for 30 minutes: the load balancer no longer follows changes. Errors in the last 20 minutes: 2.",
        },
    },
    {
        alert: "LoadBalancerReconcileErrors",
        when: "a retry mends the error",
        series: [errors("ingress", countsAt(60, [5, 5, 6, 9]))],
        silentMinutes: 60,
    },
    {
        alert: "LoadBalancerReconcileErrors",
        when: "a controller of something else fails",
        series: [errors("nodeclaim.lifecycle", "0+2x60")],
        silentMinutes: 60,
    },
];
