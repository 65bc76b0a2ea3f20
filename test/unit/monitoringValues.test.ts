import assert from "node:assert/strict";

import { planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { everyone } from "../support/routing.ts";

const stack = "kube-prometheus-stack";

/**
 * Keys of the charts' values that are used, as read in kube-prometheus-stack 88.5.3 (with grafana 12.11.1,
 * kube-state-metrics 8.4.0, prometheus-node-exporter 4.56.1), prometheus-adapter 5.3.0 and prometheus-operator-crds 31.0.1.
 * What is below a key is not the chart's, but Kubernetes', the operator's or Grafana's. A new key has to be looked up there.
 */
const chartKeys: Record<string, string[]> = {
    [stack]: [
        ...[
            "limits",
            "podAntiAffinity",
            "podMetadata",
            "replicas",
            "resources",
            "retention",
            "storage",
            "topologySpreadConstraints",
            "volumeMounts",
            "volumes",
        ].map((key) => `alertmanager/alertmanagerSpec/${key}`),
        "alertmanager/config",
        ...["alertmanager", "prometheus"].flatMap((part) =>
            ["enabled", "minAvailable", "unhealthyPodEvictionPolicy"].map(
                (key) => `${part}/podDisruptionBudget/${key}`,
            ),
        ),
        "alertmanager/serviceAccount/name",
        "crds/enabled",
        ...[
            "etcd",
            "kubeControllerManager",
            "kubeProxy",
            "kubeSchedulerAlerting",
            "kubeSchedulerRecording",
            "windows",
        ].map((key) => `defaultRules/rules/${key}`),
        "grafana/admin/existingSecret",
        "grafana/deploymentStrategy/type",
        "grafana/enabled",
        "grafana/grafana.ini",
        "grafana/initChownData/enabled",
        "grafana/persistence/enabled",
        "grafana/persistence/size",
        // Commented out in the values, but used by templates/pvc.yaml.
        "grafana/persistence/storageClassName",
        // Commented out in the values, but used by templates/clusterrole.yaml and clusterrolebinding.yaml.
        "grafana/rbac/useExistingClusterRole",
        "grafana/resources",
        ...["enabled", "label", "labelValue", "resource", "searchNamespace"].map(
            (key) => `grafana/sidecar/dashboards/${key}`,
        ),
        "grafana/sidecar/datasources/enabled",
        "grafana/sidecar/datasources/resource",
        "grafana/sidecar/resources",
        "grafana/testFramework/enabled",
        "kube-state-metrics/collectorsExclude",
        "kube-state-metrics/metricLabelsAllowlist",
        "kube-state-metrics/resources",
        "kubeControllerManager/enabled",
        "kubeEtcd/enabled",
        "kubeProxy/enabled",
        "kubeScheduler/enabled",
        "prometheus-node-exporter/namespaceOverride",
        // Commented out in the values, but used by templates/daemonset.yaml.
        "prometheus-node-exporter/priorityClassName",
        "prometheus-node-exporter/resources",
        "prometheus-node-exporter/tolerations",
        ...[
            "externalLabels",
            "podAntiAffinity",
            "podMonitorSelectorNilUsesHelmValues",
            "probeSelectorNilUsesHelmValues",
            "replicas",
            "resources",
            "retention",
            "retentionSize",
            "ruleSelectorNilUsesHelmValues",
            "scrapeConfigSelectorNilUsesHelmValues",
            "serviceDiscoveryRole",
            "serviceMonitorSelectorNilUsesHelmValues",
            "storageSpec",
            "topologySpreadConstraints",
        ].map((key) => `prometheus/prometheusSpec/${key}`),
        "prometheusOperator/admissionWebhooks/failurePolicy",
        "prometheusOperator/admissionWebhooks/patch/enabled",
        "prometheusOperator/admissionWebhooks/patch/resources",
        "prometheusOperator/kubeletEndpointSliceEnabled",
        "prometheusOperator/kubeletEndpointsEnabled",
        "prometheusOperator/prometheusConfigReloader/resources",
        "prometheusOperator/resources",
    ],
    "prometheus-adapter": [
        "metricsRelistInterval",
        "podDisruptionBudget/enabled",
        "podDisruptionBudget/maxUnavailable",
        "podDisruptionBudget/unhealthyPodEvictionPolicy",
        "prometheus/port",
        "prometheus/url",
        "replicas",
        "resources",
        "rules/custom",
        "rules/default",
        "topologySpreadConstraints",
    ],
    "prometheus-operator-crds": ["crds/annotations"],
};

/** Paths of the values: down to a key of the chart, or to what is no object. */
function paths(value: unknown, known: readonly string[], prefix = ""): string[] {
    return Object.entries(value as object).flatMap(([key, each]: [string, unknown]) => {
        const path = `${prefix}${key}`;
        const isLeaf = known.includes(path) || typeof each !== "object" || Array.isArray(each);
        return isLeaf ? [path] : paths(each, known, `${path}/`);
    });
}

const everything = {
    secrets: everyone.secrets,
    monitoring: {
        ...everyone.monitoring,
        grafana: {
            storage: "5Gi",
            ingress: { host: "grafana.example.com", inboundCidrs: ["10.0.0.0/8"] },
        },
    },
};

const values = async (stackName = "prod", change = {}) =>
    releaseValues(await planOf(stackName, change), stack);

describe("the values of monitoring's charts", () => {
    for (const [chart, known] of Object.entries(chartKeys)) {
        it(`use the keys of ${chart}, and no other`, async () => {
            const used = paths(releaseValues(await planOf("prod", everything), chart), known);
            assert.deepEqual(used.sort(), known.toSorted());
        });
    }

    it("would be seen to have a typo", () => {
        assert.deepEqual(
            paths({ prometheus: { prometheusSpecs: { replicas: 1 } } }, chartKeys[stack] ?? []),
            ["prometheus/prometheusSpecs/replicas"],
        );
    });
});

describe("Prometheus", () => {
    it("of prod runs twice on volumes of their own, bounded by time and size", async () => {
        const { prometheus } = await values();
        assert.deepEqual(prometheus, {
            podDisruptionBudget: {
                enabled: true,
                minAvailable: 1,
                unhealthyPodEvictionPolicy: "AlwaysAllow",
            },
            prometheusSpec: {
                replicas: 2,
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
            });
        }
    });
});

describe("the exporters", () => {
    it("tell the Service of an EndpointSlice, and need no right to read Secrets (kube-state-metrics#2706)", async () => {
        assert.deepEqual((await values())["kube-state-metrics"], {
            resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
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

describe("Grafana", () => {
    it("has its password in a Secret and its dashboards in ConfigMaps, and reads no other Secret", async () => {
        const { grafana } = await values();
        assert.match(grafana.admin.existingSecret, /^grafana-admin-[0-9a-f]{10}$/);
        assert.deepEqual(
            { ...grafana, admin: undefined },
            {
                admin: undefined,
                enabled: true,
                rbac: { useExistingClusterRole: "grafana-dashboard-reader" },
                testFramework: { enabled: false },
                initChownData: { enabled: false },
                "grafana.ini": {
                    analytics: {
                        check_for_updates: false,
                        check_for_plugin_updates: false,
                        reporting_enabled: false,
                    },
                },
                resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
                sidecar: {
                    resources: { requests: { cpu: "20m", memory: "192Mi" }, limits: { memory: "192Mi" } },
                    dashboards: {
                        enabled: true,
                        resource: "configmap",
                        label: "grafana_dashboard",
                        labelValue: "1",
                        searchNamespace: "ALL",
                    },
                    datasources: { enabled: true, resource: "configmap" },
                },
            },
        );
    });

    it("ends before its successor starts when it has a volume", async () => {
        const { grafana } = await values("prod", everything);
        assert.deepEqual(grafana.persistence, { enabled: true, size: "5Gi", storageClassName: "gp3" });
        assert.deepEqual(grafana.deploymentStrategy, { type: "Recreate" });
        assert.deepEqual(grafana["grafana.ini"].server, { root_url: "https://grafana.example.com" });
    });

    it("can be left out", async () => {
        const { grafana } = await values("prod", { monitoring: { grafana: { enabled: false } } });
        assert.deepEqual(grafana, { enabled: false });
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
            },
        });
    });
});
