import assert from "node:assert/strict";

import { planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";

const stack = "kube-prometheus-stack";

const values = async (stackName = "prod", change = {}) =>
    releaseValues(await planOf(stackName, change), stack);

describe("Prometheus", () => {
    it("of prod runs twice on volumes of their own, bounded by time and size", async () => {
        const { prometheus } = await values();
        assert.deepEqual(prometheus, {
            podDisruptionBudget: {
                enabled: true,
                minAvailable: 1,
                unhealthyPodEvictionPolicy: "AlwaysAllow",
            },
            additionalPodMonitors: [
                {
                    name: "vpc-cni",
                    namespaceSelector: { matchNames: ["kube-system"] },
                    selector: { matchLabels: { "k8s-app": "aws-node" } },
                    podMetricsEndpoints: [
                        {
                            port: "metrics",
                            interval: "30s",
                            relabelings: [
                                { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
                            ],
                        },
                    ],
                },
            ],
            prometheusSpec: {
                replicas: 2,
                priorityClassName: "spywatcher-monitoring",
                externalLabels: { cluster: "spywatcher-prod", environment: "prod" },
                ruleSelectorNilUsesHelmValues: false,
                serviceMonitorSelectorNilUsesHelmValues: false,
                podMonitorSelectorNilUsesHelmValues: false,
                probeSelectorNilUsesHelmValues: false,
                scrapeConfigSelectorNilUsesHelmValues: false,
                serviceDiscoveryRole: "EndpointSlice",
                retention: "30d",
                retentionSize: "40GiB",
                storageSpec: {
                    volumeClaimTemplate: {
                        spec: {
                            storageClassName: "gp3",
                            accessModes: ["ReadWriteOnce"],
                            resources: { requests: { storage: "50Gi" } },
                        },
                    },
                },
                resources: { requests: { cpu: "500m", memory: "3Gi" }, limits: { memory: "3Gi" } },
                podAntiAffinity: "hard",
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "topology.kubernetes.io/zone",
                        whenUnsatisfiable: "DoNotSchedule",
                        labelSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
                    },
                ],
            },
        });
    });

    it("of dev runs once, without a budget that would block every drain", async () => {
        const { podDisruptionBudget, prometheusSpec } = (await values("dev")).prometheus;
        assert.deepEqual(podDisruptionBudget, { enabled: false });
        assert.equal(prometheusSpec.replicas, 1);
        assert.equal(prometheusSpec.retentionSize, "8GiB");
        assert.equal("podAntiAffinity" in prometheusSpec, false);
        assert.equal("topologySpreadConstraints" in prometheusSpec, false);
    });

    it("takes monitors and rules of every release: booleans, for a text would count as true (helm-charts#1911)", async () => {
        for (const stackName of ["dev", "prod"]) {
            const { prometheusSpec } = (await values(stackName)).prometheus;
            for (const kind of ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"]) {
                assert.equal(prometheusSpec[`${kind}SelectorNilUsesHelmValues`], false, kind);
            }
        }
    });

    it("finds its targets by EndpointSlices, the kubelets too", async () => {
        const { prometheus, prometheusOperator } = await values();
        assert.equal(prometheus.prometheusSpec.serviceDiscoveryRole, "EndpointSlice");
        assert.equal(prometheusOperator.kubeletEndpointSliceEnabled, true);
        assert.equal(prometheusOperator.kubeletEndpointsEnabled, false);
    });
});

describe("Alertmanager", () => {
    it("of prod runs three times, of which one may go", async () => {
        const { podDisruptionBudget, alertmanagerSpec } = (await values()).alertmanager;
        assert.deepEqual(podDisruptionBudget, {
            enabled: true,
            minAvailable: 2,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
        });
        const { replicas, retention, limits, storage } = alertmanagerSpec;
        assert.deepEqual(
            { replicas, retention, limits },
            { replicas: 3, retention: "120h", limits: { maxSilences: 1000, maxPerSilenceBytes: "16KB" } },
        );
        assert.deepEqual(storage.volumeClaimTemplate.spec, {
            storageClassName: "gp3",
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "2Gi" } },
        });
    });
});

describe("what EKS hides", () => {
    it("is neither scraped nor alerted on (helm-charts#4106)", async () => {
        for (const stackName of ["dev", "prod"]) {
            const all = await values(stackName);
            for (const part of ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"]) {
                assert.deepEqual(all[part], { enabled: false });
            }
            assert.deepEqual(all.defaultRules, {
                rules: {
                    etcd: false,
                    kubeControllerManager: false,
                    kubeSchedulerAlerting: false,
                    kubeSchedulerRecording: false,
                    kubeProxy: false,
                    windows: false,
                },
                appNamespacesOperator: "!~",
                appNamespacesTarget: "spywatcher",
            });
        }
    });
});

describe("the chart's alerts on workloads", () => {
    const scope = async (change: object) => {
        const { appNamespacesOperator, appNamespacesTarget } = (await values("prod", change)).defaultRules;
        return [appNamespacesOperator, appNamespacesTarget];
    };

    it("leave out the namespace that has alerts of its own, whatever its name", async () => {
        assert.deepEqual(await scope({ app: { namespace: "blue" } }), ["!~", "blue"]);
    });

    it("leave nothing out when there are no others", async () => {
        assert.deepEqual(await scope({ monitoring: { rules: { enabled: false } } }), [undefined, undefined]);
    });
});

describe("the exporters", () => {
    it("tell the Service of an EndpointSlice, and need no right to read Secrets (kube-state-metrics#2706)", async () => {
        assert.deepEqual((await values())["kube-state-metrics"], {
            resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
            priorityClassName: "spywatcher-monitoring",
            metricLabelsAllowlist: ["endpointslices=[kubernetes.io/service-name]"],
            collectorsExclude: ["secrets", "configmaps"],
        });
    });

    it("run on every node, outside the restricted namespace", async () => {
        assert.deepEqual((await values())["prometheus-node-exporter"], {
            namespaceOverride: "kube-system",
            resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
            priorityClassName: "system-node-critical",
            tolerations: [{ operator: "Exists" }],
        });
    });
});

describe("the operator", () => {
    it("has certificates from the chart's jobs, and does not stop updates while it is away", async () => {
        const { admissionWebhooks } = (await values()).prometheusOperator;
        assert.deepEqual(admissionWebhooks, {
            failurePolicy: "Ignore",
            patch: {
                enabled: true,
                resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "128Mi" } },
                priorityClassName: "spywatcher-monitoring",
            },
        });
    });
});
