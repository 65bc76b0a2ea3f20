import type { AlertRule } from "../../../infra/observability/alertRule.ts";

const ns = 'namespace="spywatcher"';
const cores = `avg by (namespace, pod) (rate(container_cpu_usage_seconds_total{${ns}, container!=""}[5m]))`;
const memory = `container_memory_working_set_bytes{${ns}, container!=""} / container_spec_memory_limit_bytes{${ns}, container!=""}`;
const nginx = `nginx_ingress_controller_requests{${ns}`;

/** The alerts of the former manifests: name, expression, duration. Kept to be measured, not to be used. */
const seed: readonly (readonly [alert: string, forDuration: AlertRule["for"], expr: string])[] = [
    [
        "HPAMaxedOut",
        "15m",
        `kube_horizontalpodautoscaler_status_current_replicas{${ns}} >= kube_horizontalpodautoscaler_spec_max_replicas{${ns}}`,
    ],
    [
        "HPAAtMinimumButHighCPU",
        "10m",
        `kube_horizontalpodautoscaler_status_current_replicas{${ns}} <= kube_horizontalpodautoscaler_spec_min_replicas{${ns}} and kube_horizontalpodautoscaler_status_current_metrics_average_utilization{${ns}, metric_name="cpu"} > 80`,
    ],
    [
        "HPAMetricsUnavailable",
        "5m",
        `kube_horizontalpodautoscaler_status_condition{${ns}, condition="ScalingActive", status="false"}`,
    ],
    [
        "FrequentScaling",
        "30m",
        `rate(kube_horizontalpodautoscaler_status_current_replicas{${ns}}[15m]) > 0.5`,
    ],
    [
        "HighPodCountSustained",
        "2h",
        `kube_horizontalpodautoscaler_status_current_replicas{${ns}} > kube_horizontalpodautoscaler_spec_max_replicas{${ns}} * 0.8`,
    ],
    [
        "DeploymentRolloutStuck",
        "15m",
        `kube_deployment_status_replicas_updated{${ns}} < kube_deployment_spec_replicas{${ns}}`,
    ],
    [
        "PodsNotReady",
        "10m",
        `kube_deployment_status_replicas_ready{${ns}} < kube_deployment_spec_replicas{${ns}}`,
    ],
    ["HighPodRestartRate", "15m", `rate(kube_pod_container_status_restarts_total{${ns}}[15m]) > 0.1`],
    [
        "ServiceNoEndpoints",
        "5m",
        `kube_service_spec_type{${ns}, type="ClusterIP"} unless on (service) kube_endpoint_address_available{${ns}} > 0`,
    ],
    [
        "EndpointsReducedSignificantly",
        "5m",
        `kube_endpoint_address_available{${ns}} / (kube_endpoint_address_available{${ns}} offset 15m) < 0.5`,
    ],
    ["SustainedHighCPUUsage", "30m", `${cores} > 0.8`],
    ["SustainedHighMemoryUsage", "30m", `${memory} > 0.8`],
    ["NearCPULimit", "5m", `${cores} > 0.95`],
    ["NearMemoryLimit", "5m", `${memory} > 0.95`],
    ["High5xxErrorRate", "5m", `sum(rate(${nginx}, status=~"5.."}[5m])) / sum(rate(${nginx}}[5m])) > 0.05`],
    [
        "HighResponseTime",
        "10m",
        `histogram_quantile(0.95, sum by (le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{${ns}}[5m]))) > 2`,
    ],
];

/** The seed's alerts as rules. Their texts do not matter here. */
export const seedRules: readonly AlertRule[] = seed.map(([alert, forDuration, expr]) => ({
    alert,
    expr,
    for: forDuration,
    severity: "warning",
    summary: "",
    description: "",
    runbook: "",
}));
