import type { ChartName } from "../versions.ts";

/**
 * Keys of each chart's values that the program sets, in some configuration, with `/` between their parts: as read in
 * aws-load-balancer-controller 3.5.0, karpenter and karpenter-crd 1.14.1, metrics-server 3.13.1, prometheus-adapter 5.3.0,
 * prometheus-operator-crds 31.0.1 and kube-prometheus-stack 88.5.3 (with grafana 12.11.1, kube-state-metrics 8.4.0,
 * prometheus-node-exporter 4.56.1). What is below a key is not the chart's, but Kubernetes', the operator's or Grafana's. A
 * new key has to be looked up in the chart: Helm takes one it does not know without a word.
 */
export const setValues: Readonly<Record<ChartName, readonly string[]>> = {
    "aws-load-balancer-controller": [
        "clusterName",
        "controllerConfig/featureGates",
        "createIngressClassResource",
        "defaultTags",
        "enableServiceMutatorWebhook",
        "enableShield",
        "enableWaf",
        "enableWafv2",
        "ingressClass",
        "keepTLSSecret",
        "nodeSelector",
        "objectSelector/matchExpressions",
        "objectSelector/matchLabels",
        "podDisruptionBudget",
        "podMutatorWebhookConfig/failurePolicy",
        "priorityClassName",
        "region",
        "replicaCount",
        "resources",
        "serviceAccount/create",
        "serviceAccount/name",
        "serviceMonitor/additionalLabels",
        "serviceMonitor/enabled",
        "tolerations",
        "topologySpreadConstraints",
        "vpcId",
    ],
    karpenter: [
        "controller/resources",
        "nodeSelector",
        "replicas",
        "serviceAccount/name",
        "serviceMonitor/additionalLabels",
        "serviceMonitor/enabled",
        "settings/clusterName",
        "settings/interruptionQueue",
        "tolerations",
        "topologySpreadConstraints",
    ],
    "karpenter-crd": ["additionalAnnotations"],
    "metrics-server": [
        "apiService/insecureSkipTLSVerify",
        "args",
        "fullnameOverride",
        "metrics/enabled",
        "nodeSelector",
        "podDisruptionBudget/enabled",
        "podDisruptionBudget/maxUnavailable",
        "podDisruptionBudget/unhealthyPodEvictionPolicy",
        "priorityClassName",
        "replicas",
        "resources",
        "serviceMonitor/additionalLabels",
        "serviceMonitor/enabled",
        "tls/helm/certDurationDays",
        "tls/helm/lookup",
        "tls/type",
        "tolerations",
        "topologySpreadConstraints",
    ],
    "kube-prometheus-stack": [
        "alertmanager/alertmanagerSpec/limits",
        "alertmanager/alertmanagerSpec/podAntiAffinity",
        "alertmanager/alertmanagerSpec/podMetadata",
        "alertmanager/alertmanagerSpec/priorityClassName",
        "alertmanager/alertmanagerSpec/replicas",
        "alertmanager/alertmanagerSpec/resources",
        "alertmanager/alertmanagerSpec/retention",
        "alertmanager/alertmanagerSpec/storage",
        "alertmanager/alertmanagerSpec/topologySpreadConstraints",
        "alertmanager/alertmanagerSpec/volumeMounts",
        "alertmanager/alertmanagerSpec/volumes",
        "alertmanager/config",
        "alertmanager/podDisruptionBudget/enabled",
        "alertmanager/podDisruptionBudget/minAvailable",
        "alertmanager/podDisruptionBudget/unhealthyPodEvictionPolicy",
        "alertmanager/serviceAccount/name",
        "crds/enabled",
        "defaultRules/appNamespacesOperator",
        "defaultRules/appNamespacesTarget",
        "defaultRules/rules/etcd",
        "defaultRules/rules/kubeControllerManager",
        "defaultRules/rules/kubeProxy",
        "defaultRules/rules/kubeSchedulerAlerting",
        "defaultRules/rules/kubeSchedulerRecording",
        "defaultRules/rules/windows",
        "grafana/additionalDataSources",
        "grafana/admin/existingSecret",
        "grafana/deploymentStrategy/type",
        "grafana/enabled",
        "grafana/grafana.ini/analytics",
        "grafana/grafana.ini/plugins",
        "grafana/grafana.ini/server",
        "grafana/initChownData/enabled",
        "grafana/persistence/enabled",
        "grafana/persistence/size",
        // Commented out in the values, but used by templates/pvc.yaml.
        "grafana/persistence/storageClassName",
        "grafana/priorityClassName",
        // Commented out in the values, but used by templates/clusterrole.yaml and clusterrolebinding.yaml.
        "grafana/rbac/useExistingClusterRole",
        "grafana/resources",
        "grafana/sidecar/dashboards/enabled",
        "grafana/sidecar/dashboards/folderAnnotation",
        "grafana/sidecar/dashboards/label",
        "grafana/sidecar/dashboards/labelValue",
        "grafana/sidecar/dashboards/provider/foldersFromFilesStructure",
        "grafana/sidecar/dashboards/resource",
        "grafana/sidecar/dashboards/searchNamespace",
        "grafana/sidecar/datasources/enabled",
        "grafana/sidecar/datasources/resource",
        "grafana/sidecar/resources",
        "grafana/testFramework/enabled",
        "kube-state-metrics/collectorsExclude",
        "kube-state-metrics/metricLabelsAllowlist",
        // Commented out in the values, but used by templates/deployment.yaml.
        "kube-state-metrics/priorityClassName",
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
        "prometheus/additionalPodMonitors",
        "prometheus/podDisruptionBudget/enabled",
        "prometheus/podDisruptionBudget/minAvailable",
        "prometheus/podDisruptionBudget/unhealthyPodEvictionPolicy",
        "prometheus/prometheusSpec/externalLabels",
        "prometheus/prometheusSpec/podAntiAffinity",
        "prometheus/prometheusSpec/podMonitorSelectorNilUsesHelmValues",
        "prometheus/prometheusSpec/priorityClassName",
        "prometheus/prometheusSpec/probeSelectorNilUsesHelmValues",
        "prometheus/prometheusSpec/replicas",
        "prometheus/prometheusSpec/resources",
        "prometheus/prometheusSpec/retention",
        "prometheus/prometheusSpec/retentionSize",
        "prometheus/prometheusSpec/ruleSelectorNilUsesHelmValues",
        "prometheus/prometheusSpec/scrapeConfigSelectorNilUsesHelmValues",
        "prometheus/prometheusSpec/serviceDiscoveryRole",
        "prometheus/prometheusSpec/serviceMonitorSelectorNilUsesHelmValues",
        "prometheus/prometheusSpec/storageSpec",
        "prometheus/prometheusSpec/topologySpreadConstraints",
        "prometheusOperator/admissionWebhooks/failurePolicy",
        "prometheusOperator/admissionWebhooks/patch/enabled",
        "prometheusOperator/admissionWebhooks/patch/priorityClassName",
        "prometheusOperator/admissionWebhooks/patch/resources",
        "prometheusOperator/kubeletEndpointSliceEnabled",
        "prometheusOperator/kubeletEndpointsEnabled",
        "prometheusOperator/priorityClassName",
        "prometheusOperator/prometheusConfigReloader/resources",
        "prometheusOperator/resources",
    ],
    "prometheus-adapter": [
        "metricsRelistInterval",
        "podDisruptionBudget/enabled",
        "podDisruptionBudget/maxUnavailable",
        "podDisruptionBudget/unhealthyPodEvictionPolicy",
        "priorityClassName",
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

/**
 * Keys, as read in the same charts, that must stay at the charts' defaults, because something else is made for these: roles
 * and rules for names, network policies for ports, alerts and dashboards for what is scraped.
 */
const keptValues: Readonly<Record<ChartName, readonly string[]>> = {
    "aws-load-balancer-controller": [
        "autoscaling/enabled",
        "clusterSecretsPermissions/allowAllSecrets",
        "disableIngressGroupNameAnnotation",
        "enableCertManager",
        "enablePodReadinessGateInject",
        "fullnameOverride",
        "image/tag",
        "nameOverride",
        "rbac/create",
        "watchNamespace",
        "webhookNamespaceSelectors",
        "webhookTLS",
    ],
    karpenter: ["affinity", "fullnameOverride", "nameOverride", "serviceAccount/create"],
    "karpenter-crd": [],
    "metrics-server": [
        "addonResizer/enabled",
        "apiService/caBundle",
        "apiService/create",
        "containerPort",
        "defaultArgs",
        "nameOverride",
        "namespaceOverride",
        "podDisruptionBudget/minAvailable",
        "rbac/create",
    ],
    "kube-prometheus-stack": [
        // Commented out in the values, but used by templates/alertmanager/alertmanager.yaml.
        "alertmanager/alertmanagerSpec/configSecret",
        "alertmanager/alertmanagerSpec/useExistingSecret",
        "alertmanager/enabled",
        "alertmanager/serviceAccount/create",
        "alertmanager/stringConfig",
        "cleanPrometheusOperatorObjectNames",
        "fullnameOverride",
        "global/rbac/create",
        "grafana/admin/passwordKey",
        "grafana/admin/userKey",
        // Commented out in the values, but used by templates/_config.tpl.
        "grafana/adminPassword",
        // Not in the values, but used by templates/_helpers.tpl, as `nameOverride` is.
        "grafana/fullnameOverride",
        "grafana/ingress",
        "grafana/nameOverride",
        "grafana/namespaceOverride",
        "grafana/rbac/create",
        "grafana/service/port",
        "grafana/serviceAccount/create",
        "grafana/serviceAccount/name",
        "kube-state-metrics/collectors",
        "kube-state-metrics/fullnameOverride",
        "kube-state-metrics/metricAllowlist",
        "kube-state-metrics/metricDenylist",
        "kube-state-metrics/nameOverride",
        "kube-state-metrics/namespaceOverride",
        "kubeStateMetrics/enabled",
        "kubelet/enabled",
        "nameOverride",
        "namespaceOverride",
        "nodeExporter/enabled",
        "prometheus-node-exporter/fullnameOverride",
        "prometheus-node-exporter/nameOverride",
        "prometheus/agentMode",
        "prometheus/enabled",
        "prometheus/prometheusSpec/podMonitorNamespaceSelector",
        "prometheus/prometheusSpec/podMonitorSelector",
        "prometheus/prometheusSpec/routePrefix",
        "prometheus/prometheusSpec/ruleNamespaceSelector",
        "prometheus/prometheusSpec/ruleSelector",
        "prometheus/prometheusSpec/serviceMonitorNamespaceSelector",
        "prometheus/prometheusSpec/serviceMonitorSelector",
        "prometheusOperator/admissionWebhooks/enabled",
        "prometheusOperator/denyNamespaces",
        "prometheusOperator/enabled",
        "prometheusOperator/fullnameOverride",
        "prometheusOperator/namespaces",
        "prometheusOperator/tls/enabled",
        "prometheusOperator/tls/internalPort",
    ],
    "prometheus-adapter": [
        "fullnameOverride",
        "hostNetwork/enabled",
        "listenPort",
        "nameOverride",
        "namespaceOverride",
        "podDisruptionBudget/minAvailable",
        "prometheus/path",
        "rbac/create",
        "rules/existing",
        "rules/external",
        // Commented out in the values; the API of metrics-server would be taken over.
        "rules/resource",
        "serviceAccount/create",
    ],
    "prometheus-operator-crds": [
        "crds/alertmanagerconfigs/enabled",
        "crds/alertmanagers/enabled",
        "crds/podmonitors/enabled",
        "crds/probes/enabled",
        "crds/prometheusagents/enabled",
        "crds/prometheuses/enabled",
        "crds/prometheusrules/enabled",
        "crds/scrapeconfigs/enabled",
        "crds/servicemonitors/enabled",
        "crds/thanosrulers/enabled",
    ],
};

/** Keys of each chart's values that the configuration may not set: those the program sets, and those it leaves as they are. */
export const reservedValues = Object.fromEntries(
    (Object.keys(setValues) as ChartName[]).map((name) => [name, [...setValues[name], ...keptValues[name]]]),
) as Record<ChartName, string[]>;

/** Values of a chart as a tree of keys. */
export type ChartValues = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is ChartValues {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Paths in `values` that are above, at, or below one of `reserved`. */
export function contradictions(values: ChartValues, reserved: readonly string[]): string[][] {
    const visit = (value: unknown, path: readonly string[]): string[][] => {
        const here = path.join("/");
        if (reserved.some((each) => here === each || here.startsWith(`${each}/`))) return [[...path]];
        const holds = path.length === 0 || reserved.some((each) => each.startsWith(`${here}/`));
        if (!holds) return [];
        if (!isTree(value)) return [[...path]];
        return Object.entries(value).flatMap(([key, each]) => visit(each, [...path, key]));
    };
    return visit(values, []);
}

/** The program's values and, where it sets none, those of the configuration. Expects no contradictions. */
export function withValues(own: ChartValues, added: ChartValues): Record<string, unknown> {
    const merged: Record<string, unknown> = { ...own };
    for (const [key, value] of Object.entries(added)) {
        const present = own[key];
        merged[key] = isTree(present) && isTree(value) ? withValues(present, value) : value;
    }
    return merged;
}
