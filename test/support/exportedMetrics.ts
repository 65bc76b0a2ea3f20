import { recordingRules } from "../../infra/observability/recordingRules.ts";
import { ruleArgs } from "./ruleArgs.ts";

/** Metrics of one exporter, each with its own labels. */
interface Exporter {
    /** Labels that Prometheus adds to all of them when it scrapes. */
    readonly scraped: readonly string[];
    /** Those of its metrics that one might ask for, as they arrive: what the chart drops is left out. */
    readonly metrics: Readonly<Record<string, readonly string[]>>;
}

const pod = ["namespace", "pod", "uid"];
const container = [...pod, "container"];
const deployment = ["namespace", "deployment"];
const hpa = ["namespace", "horizontalpodautoscaler"];
const budget = ["namespace", "poddisruptionbudget"];
const job = ["namespace", "job_name"];
const request = ["method", "route", "status_code"];
const histogram = (name: string, labels: readonly string[]) => ({
    [`${name}_bucket`]: [...labels, "le"],
    [`${name}_count`]: labels,
    [`${name}_sum`]: labels,
});
const each = (names: readonly string[], labels: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, labels]));
const named = (prefix: string, names: readonly string[], labels: readonly string[]) =>
    each(
        names.map((name) => `${prefix}_${name}`),
        labels,
    );

/** Versions of what exports metrics, at which the lists below were read. Read them again before changing one. */
export const readAt = {
    charts: {
        // With kube-state-metrics 2.20.
        "kube-prometheus-stack": "88.5.3",
        "aws-load-balancer-controller": "3.5.0",
        karpenter: "1.14.1",
    },
    addons: { "vpc-cni": "v1.23.2" },
} as const;

/** What arrives in Prometheus, by what exports it. */
export const exporters = {
    /** kube-state-metrics 2.20 (docs/metrics). Its labels win over those of its own pod: the monitor honors them. */
    "kube-state-metrics": {
        scraped: ["job", "instance", "endpoint", "service"],
        metrics: {
            ...named(
                "kube_horizontalpodautoscaler",
                [
                    "spec_min_replicas",
                    "spec_max_replicas",
                    "status_current_replicas",
                    "status_desired_replicas",
                    "metadata_generation",
                ],
                hpa,
            ),
            kube_horizontalpodautoscaler_status_condition: [...hpa, "condition", "status"],
            ...named(
                "kube_horizontalpodautoscaler",
                ["spec_target_metric", "status_target_metric"],
                [...hpa, "metric_name", "metric_target_type"],
            ),
            ...named(
                "kube_deployment",
                [
                    "spec_replicas",
                    "status_replicas",
                    "status_replicas_ready",
                    "status_replicas_available",
                    "status_replicas_unavailable",
                    "status_replicas_updated",
                    "status_observed_generation",
                    "metadata_generation",
                ],
                deployment,
            ),
            kube_deployment_status_condition: [...deployment, "condition", "status", "reason"],
            ...named(
                "kube_replicaset_status",
                ["replicas", "ready_replicas", "terminating_replicas"],
                ["namespace", "replicaset"],
            ),
            ...named(
                "kube_statefulset_status",
                ["replicas", "replicas_ready", "replicas_available"],
                ["namespace", "statefulset"],
            ),
            // Without `spec_` in its name (docs/metrics/workload/statefulset-metrics.md).
            kube_statefulset_replicas: ["namespace", "statefulset"],
            ...named(
                "kube_poddisruptionbudget_status",
                ["current_healthy", "desired_healthy", "pod_disruptions_allowed", "expected_pods"],
                budget,
            ),
            kube_job_failed: [...job, "condition"],
            kube_job_complete: [...job, "condition"],
            kube_pod_info: [...pod, "host_ip", "pod_ip", "node", "created_by_kind", "created_by_name"],
            kube_pod_status_phase: [...pod, "phase"],
            kube_pod_status_ready: [...pod, "condition"],
            kube_pod_status_reason: [...pod, "reason"],
            kube_pod_status_unschedulable: pod,
            kube_pod_container_status_restarts_total: container,
            kube_pod_container_status_ready: container,
            ...named(
                "kube_pod_container_status",
                ["waiting_reason", "terminated_reason", "last_terminated_reason"],
                [...container, "reason"],
            ),
            ...named(
                "kube_pod_container_resource",
                ["requests", "limits"],
                [...container, "node", "resource", "unit"],
            ),
            kube_endpointslice_endpoints: [
                ...["namespace", "endpointslice", "address", "ready", "serving", "terminating", "hostname"],
                ...["targetref_kind", "targetref_name", "targetref_namespace"],
                ...["endpoint_nodename", "endpoint_zone"],
            ],
            // Labels of the object only as far as the chart's values allow them; a test compares.
            kube_endpointslice_labels: ["namespace", "endpointslice", "label_kubernetes_io_service_name"],
            kube_node_info: ["node"],
            kube_node_spec_unschedulable: ["node"],
            kube_node_status_condition: ["node", "condition", "status"],
            kube_node_status_allocatable: ["node", "resource", "unit"],
            kube_node_status_capacity: ["node", "resource", "unit"],
        },
    },
    /** Kubelet and its cAdvisor, without what `cAdvisorMetricRelabelings` of the chart drops. */
    kubelet: {
        scraped: ["job", "metrics_path", "node", "instance", "endpoint", "service"],
        metrics: {
            ...each(
                [
                    "container_cpu_usage_seconds_total",
                    "container_cpu_cfs_periods_total",
                    "container_cpu_cfs_throttled_periods_total",
                    "container_memory_working_set_bytes",
                    "container_memory_rss",
                ],
                ["namespace", "pod", "container", "image", "id", "name"],
            ),
            ...named(
                "kubelet_volume_stats",
                ["available_bytes", "capacity_bytes", "used_bytes", "inodes_free", "inodes"],
                ["namespace", "persistentvolumeclaim"],
            ),
            prober_probe_total: ["namespace", "pod", "pod_uid", "container", "probe_type", "result"],
        },
    },
    /** The backend's /metrics, as the running application answers it. */
    backend: {
        scraped: ["job", "namespace", "pod", "service", "endpoint", "container", "instance", "node"],
        metrics: {
            http_requests_total: request,
            http_requests_errors: request,
            ...histogram("http_request_duration_seconds", request),
            nodejs_eventloop_lag_p99_seconds: [],
            process_resident_memory_bytes: [],
        },
    },
    /** The AWS Load Balancer Controller 3.5 and its controller-runtime. */
    "aws-load-balancer-controller": {
        scraped: ["job", "namespace", "pod", "service", "endpoint", "container", "instance"],
        metrics: {
            controller_runtime_reconcile_errors_total: ["controller"],
            aws_api_calls_total: ["service", "operation", "status_code", "error_code"],
        },
    },
    /** Karpenter 1.14 (its reference of metrics). */
    karpenter: {
        scraped: ["job", "namespace", "pod", "service", "endpoint", "container", "instance"],
        metrics: {
            karpenter_nodepools_usage: ["nodepool", "resource_type"],
            karpenter_nodepools_limit: ["nodepool", "resource_type"],
            karpenter_nodeclaims_created_total: ["nodepool", "reason", "min_values_relaxed"],
            karpenter_nodeclaims_disrupted_total: ["nodepool", "reason", "capacity_type"],
            karpenter_cloudprovider_errors_total: ["controller", "method", "provider", "error"],
        },
    },
    /** The VPC CNI 1.23 (utils/prometheusmetrics). */
    "vpc-cni": {
        scraped: ["job", "namespace", "pod", "endpoint", "container", "instance", "node"],
        metrics: {
            awscni_total_ip_addresses: [],
            awscni_assigned_ip_addresses: [],
            awscni_no_available_ip_addresses: [],
        },
    },
    /** Prometheus itself: of every target, and of the alerts. */
    prometheus: {
        scraped: ["job", "namespace", "pod", "service", "endpoint", "container", "instance"],
        metrics: {
            up: [],
            ALERTS: ["alertname", "alertstate", "severity", "app", "slo", "deployment"],
        },
    },
    /** Recording rules of kube-prometheus-stack 88.5.3 that its values leave on. */
    "kube-prometheus-stack": {
        scraped: [],
        metrics: {
            "namespace_cpu:kube_pod_container_resource_requests:sum": ["namespace", "cluster"],
            "namespace_memory:kube_pod_container_resource_requests:sum": ["namespace", "cluster"],
            "instance:node_cpu_utilisation:rate5m": ["instance", "job"],
            "instance:node_memory_utilisation:ratio": ["instance", "job"],
        },
    },
    /** Our own recording rules: the first part of a name lists the labels. */
    recorded: {
        scraped: [],
        metrics: Object.fromEntries(
            recordingRules(ruleArgs).rules.map(({ record }) => [
                record,
                record.slice(0, record.indexOf(":")).split("_"),
            ]),
        ),
    },
} as const satisfies Record<string, Exporter>;

/** All labels of a metric, or undefined where no exporter has it. */
export function labelsOf(metric: string): readonly string[] | undefined {
    for (const { scraped, metrics } of Object.values<Exporter>(exporters)) {
        const own = metrics[metric];
        if (own) return [...own, ...scraped];
    }
    return undefined;
}
