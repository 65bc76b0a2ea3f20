import assert from "node:assert/strict";

import type { DeepPartial } from "../support/plans.ts";
import { object, planOf, resource } from "../support/plans.ts";
import { release, releaseNames } from "../support/releases.ts";
import { comesAfter } from "../support/resources.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";

const hpa = "spywatcher-backend-hpa";
const on: DeepPartial<ConfigInput> = {
    app: { backend: { autoscaling: { customMetrics: { enabled: true } } } },
};
const resources = { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } };

describe("the adapter of custom metrics", () => {
    it("serves two metrics of the application, and neither all series nor metrics-server's API", async () => {
        const { inputs } = release(await planOf("prod", on), "prometheus-adapter");
        assert.deepEqual(inputs, {
            name: "prometheus-adapter",
            namespace: "monitoring",
            chart: "prometheus-adapter",
            version: "5.3.0",
            repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
            values: {
                prometheus: { url: "http://prometheus-operated.monitoring.svc", port: 9090 },
                metricsRelistInterval: "1m",
                replicas: 2,
                priorityClassName: "spywatcher-monitoring",
                resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
                podDisruptionBudget: {
                    enabled: true,
                    maxUnavailable: 1,
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                },
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "ScheduleAnyway",
                        labelSelector: {
                            matchLabels: {
                                "app.kubernetes.io/name": "prometheus-adapter",
                                "app.kubernetes.io/instance": "prometheus-adapter",
                            },
                        },
                        matchLabelKeys: ["pod-template-hash"],
                    },
                ],
                rules: {
                    default: false,
                    custom: [
                        {
                            seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
                            resources,
                            name: { matches: "^http_requests_total$", as: "http_requests_per_second" },
                            metricsQuery:
                                'sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>,route!~"/live|/ready|/metrics"}[2m])) or 0 * sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>}[2m]))',
                        },
                        {
                            seriesQuery: 'websocket_active_connections{namespace!="",pod!=""}',
                            resources,
                            name: { matches: "^websocket_active_connections$", as: "active_connections" },
                            metricsQuery: "sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})",
                        },
                    ],
                },
            },
            maxHistory: 5,
            cleanupOnFail: true,
            compat: "true",
        });
    });

    it("forgets a metric after twice the scrape interval at the earliest", async () => {
        const plan = await planOf("prod", on);
        const { metricsRelistInterval } = release(plan, "prometheus-adapter").inputs["values"] as any;
        const [endpoint] = object(plan, "ServiceMonitor", "spywatcher-backend").spec.endpoints;
        assert.deepEqual([metricsRelistInterval, endpoint.interval], ["1m", "30s"]);
    });

    it("follows the namespace of monitoring", async () => {
        const plan = await planOf("prod", { ...on, monitoring: { namespace: "observability" } });
        const { namespace, values } = release(plan, "prometheus-adapter").inputs as any;
        assert.equal(namespace, "observability");
        assert.equal(values.prometheus.url, "http://prometheus-operated.observability.svc");
    });

    it("comes after Prometheus and the application's namespace, and goes before them (kube-prometheus#275)", async () => {
        const plan = await planOf("prod", on);
        const adapter = release(plan, "prometheus-adapter");
        for (const earlier of [
            release(plan, "kube-prometheus-stack"),
            resource(plan, "Namespace", "monitoring"),
            resource(plan, "Namespace", "spywatcher"),
        ]) {
            assert.ok(comesAfter(plan, adapter, earlier), earlier.urn);
        }
    });

    it("may ask Prometheus, by policies of its own that come before it", async () => {
        const plan = await planOf("prod", on);
        const pod = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
        const from = { from: [pod("prometheus-adapter")], ports: [{ protocol: "TCP", port: 9090 }] };
        const to = { to: [pod("prometheus")], ports: [{ protocol: "TCP", port: 9090 }] };
        const { egress } = object(plan, "NetworkPolicy", "prometheus-adapter").spec;
        assert.deepEqual(egress, [to]);
        assert.deepEqual(object(plan, "NetworkPolicy", "prometheus-from-adapter").spec, {
            ...pod("prometheus"),
            policyTypes: ["Ingress"],
            ingress: [from],
        });
        for (const name of ["prometheus-adapter", "prometheus-from-adapter"]) {
            const policy = resource(plan, "NetworkPolicy", name);
            assert.ok(comesAfter(plan, release(plan, "prometheus-adapter"), policy), name);
        }
    });

    it("is there where an HPA asks for it, or when told to", async () => {
        const installed = async (change: DeepPartial<ConfigInput>): Promise<boolean> =>
            releaseNames(await planOf("prod", change)).includes("prometheus-adapter");
        assert.equal(await installed({}), false);
        assert.equal(await installed(on), true);
        assert.equal(await installed({ platform: { customMetrics: { enabled: true } } }), true);
    });
});

describe("the backend's HPA", () => {
    it("scales on requests and connections too, at the seed's targets, when told to", async () => {
        const plan = await planOf("prod", on);
        const metrics = object(plan, "HorizontalPodAutoscaler", hpa).spec.metrics;
        const average = (name: string, averageValue: string) => ({
            type: "Pods",
            pods: { metric: { name }, target: { type: "AverageValue", averageValue } },
        });
        const utilization = (name: string, averageUtilization: number) => ({
            type: "Resource",
            resource: { name, target: { type: "Utilization", averageUtilization } },
        });
        assert.deepEqual(metrics, [
            utilization("cpu", 70),
            utilization("memory", 80),
            average("http_requests_per_second", "1000"),
            average("active_connections", "100"),
        ]);
        assert.equal(
            object(plan, "HorizontalPodAutoscaler", "spywatcher-frontend-hpa").spec.metrics.length,
            2,
        );
    });

    for (const [state, change] of [
        ["off", { platform: { customMetrics: { enabled: true } } }],
        ["on", on],
    ] as const) {
        it(`waits for metrics-server alone with custom metrics ${state}, as the frontend's does`, async () => {
            const plan = await planOf("prod", change);
            for (const name of [hpa, "spywatcher-frontend-hpa"]) {
                const autoscaler = resource(plan, "HorizontalPodAutoscaler", name);
                assert.deepEqual(
                    ["metrics-server", "prometheus-adapter", "kube-prometheus-stack"].map((each) =>
                        comesAfter(plan, autoscaler, release(plan, each)),
                    ),
                    [true, false, false],
                    name,
                );
            }
        });
    }

    it("scales on CPU and memory alone by default, and pods never wait for the adapter", async () => {
        const plan = await planOf("prod", { platform: { customMetrics: { enabled: true } } });
        assert.equal(object(plan, "HorizontalPodAutoscaler", hpa).spec.metrics.length, 2);
        const adapter = release(plan, "prometheus-adapter");
        assert.equal(comesAfter(plan, resource(plan, "Deployment", "spywatcher-backend"), adapter), false);
    });
});
