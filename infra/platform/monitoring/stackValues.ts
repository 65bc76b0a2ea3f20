import type * as pulumi from "@pulumi/pulumi";

import { type GrafanaArgs, grafanaValues } from "./grafana.ts";
import {
    type AlertmanagerArgs,
    alertmanagerValues,
    type NotificationArgs,
    type PrometheusArgs,
    prometheusValues,
} from "./prometheusValues.ts";
import { requests, resources } from "./requests.ts";

export interface StackValuesArgs {
    /** Name of the PriorityClass of all pods but the node exporters. */
    priorityClassName: pulumi.Input<string>;
    /** Class of the volumes. Default: the cluster's default class. */
    storageClassName?: string | undefined;
    /** Labels of what leaves Prometheus, such as alerts. */
    externalLabels: Readonly<Record<string, string>>;
    /** Namespace whose workloads and volumes have alerts of their own. Default: none, the chart alerts on all. */
    alertedNamespace?: string | undefined;
    prometheus: PrometheusArgs;
    alertmanager: AlertmanagerArgs;
    notifications: NotificationArgs;
    /** Default: no Grafana. */
    grafana?: (Omit<GrafanaArgs, "adminPassword"> & { adminSecretName: pulumi.Input<string> }) | undefined;
}

/** Namespace of the node exporters: they see their node's files and processes, which the stack's namespace refuses. */
const nodeExporterNamespace = "kube-system";

/** What AWS hides of the control plane (kube-prometheus#298) and what EKS binds to the node alone: kube-proxy's metrics. */
const hiddenParts = {
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
};

/** The chart's own rules, without those on what is hidden and without a second alert on each fault of the application. */
function defaultRules(alertedNamespace: string | undefined) {
    return {
        // Whole groups: a group whose alerts are off one by one is empty, and the definition refuses it (helm-charts#3368).
        rules: {
            etcd: false,
            kubeControllerManager: false,
            kubeSchedulerAlerting: false,
            kubeSchedulerRecording: false,
            kubeProxy: false,
            windows: false,
        },
        // Of the groups kubernetes-apps and kubernetes-storage; quotas and throttling are still told.
        ...(alertedNamespace !== undefined && {
            appNamespacesOperator: "!~",
            appNamespacesTarget: alertedNamespace,
        }),
    };
}

const operatorValues = (priorityClassName: pulumi.Input<string>) => ({
    resources: resources(requests.operator),
    priorityClassName,
    // Endpoints are deprecated since Kubernetes 1.33.
    kubeletEndpointsEnabled: false,
    kubeletEndpointSliceEnabled: true,
    prometheusConfigReloader: { resources: resources(requests.configReloader) },
    admissionWebhooks: {
        // The one operator may be on its way to another node: then a rule goes unchecked instead of an update failing.
        failurePolicy: "Ignore",
        patch: { enabled: true, resources: resources(requests.certificateJob), priorityClassName },
    },
});

const kubeStateMetricsValues = (priorityClassName: pulumi.Input<string>) => ({
    resources: resources(requests.kubeStateMetrics),
    priorityClassName,
    // Names a slice's Service, by which the dashboards count endpoints.
    metricLabelsAllowlist: ["endpointslices=[kubernetes.io/service-name]"],
    // Without these two it needs no right to read every Secret.
    collectorsExclude: ["secrets", "configmaps"],
});

const nodeExporterValues = {
    namespaceOverride: nodeExporterNamespace,
    resources: resources(requests.nodeExporter),
    priorityClassName: "system-node-critical",
    // Every node, whatever keeps other pods away from it.
    tolerations: [{ operator: "Exists" }],
};

/** Values of the chart kube-prometheus-stack on EKS. */
export function stackValues(args: StackValuesArgs) {
    const { priorityClassName, storageClassName, grafana } = args;
    const pods = { priorityClassName, storageClassName };
    return {
        // A release of their own installs and upgrades them.
        crds: { enabled: false },
        ...hiddenParts,
        defaultRules: defaultRules(args.alertedNamespace),
        prometheus: prometheusValues(args.prometheus, pods, args.externalLabels),
        alertmanager: alertmanagerValues(args.alertmanager, pods, args.notifications),
        grafana: grafana ? grafanaValues(grafana, grafana.adminSecretName, pods) : { enabled: false },
        prometheusOperator: operatorValues(priorityClassName),
        "kube-state-metrics": kubeStateMetricsValues(priorityClassName),
        "prometheus-node-exporter": nodeExporterValues,
    };
}
