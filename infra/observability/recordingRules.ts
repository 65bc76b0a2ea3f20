import type { RecordingRule, RuleGroup } from "./alertRule.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { perContainer, selectors } from "./selectors.ts";

/** Names of the series that alerts and dashboards share. */
export const recorded = {
    /** CPU use of a container over its limit; by namespace, pod and container. */
    cpuOfLimit: "namespace_pod_container:spywatcher_cpu_limit:ratio_rate5m",
    /** Memory in use of a container over its limit; by namespace, pod and container. */
    memoryOfLimit: "namespace_pod_container:spywatcher_memory_limit:ratio",
    /** Requests per second without probes; by namespace, like all that follow. */
    requests: (window: BudgetWindow) => `namespace:spywatcher_requests:rate${window}`,
    /** Failed (status 500 and more) requests over all. */
    errors: (window: BudgetWindow) => `namespace:spywatcher_request_errors:ratio_rate${window}`,
    /** Requests slower than the latency objective over all. */
    slow: (window: BudgetWindow) => `namespace:spywatcher_slow_requests:ratio_rate${window}`,
    /** Failed requests per second. */
    errorRate: "namespace:spywatcher_request_errors:rate5m",
    /** Requests per second that are slower than the latency objective. */
    slowRate: "namespace:spywatcher_slow_requests:rate5m",
    /** Seconds within which 95 % of the requests are answered. */
    responseTime: "namespace:spywatcher_request_duration_seconds:p95_rate5m",
    /** Restarts of a container in 10 minutes; by namespace, pod and container. */
    restarts: "namespace_pod_container:spywatcher_restarts:increase10m",
    /** Errors of the AWS Load Balancer Controller in 20 minutes; by its inner controller. */
    loadBalancerErrors: "controller:spywatcher_load_balancer_errors:increase20m",
    /** Nodes that Karpenter failed to launch in 10 minutes; by error. */
    launchErrors: "error:spywatcher_node_launch_errors:increase10m",
    /** Free space of a volume over its size; by namespace and persistentvolumeclaim. */
    volumeFree: "namespace_persistentvolumeclaim:spywatcher_volume_free:ratio",
} as const;

const longWindows = ["30m", "1h", "6h", "3d"] as const;

/** Time over which the use of an error budget is averaged. */
export type BudgetWindow = "5m" | (typeof longWindows)[number];

const { errorRate, slowRate } = recorded;

/** Matcher of one bucket: Prometheus 3 writes the bound 2 as 2.0, Prometheus 2 leaves it as the application writes it. */
export function bucket(seconds: number): string {
    return Number.isInteger(seconds) ? `le=~"${seconds}(?:[.]0)?"` : `le="${seconds}"`;
}

/** Expressions that several alerts and dashboards read. */
export function recordingRules(args: RuleArgs): RuleGroup<RecordingRule> {
    const { containers, requests } = selectors(args);
    const cadvisor = `job="kubelet", metrics_path="/metrics/cadvisor", ${containers}`;
    // The chart drops cAdvisor's own container_spec_* limits.
    const limit = (resource: string) =>
        perContainer(`kube_pod_container_resource_limits{${containers}, resource="${resource}"}`);
    const rate = (metric: string, matchers = requests) =>
        `sum by (namespace) (rate(${metric}{${matchers}}[5m]))`;
    const duration = "http_request_duration_seconds";
    const within = `${requests}, ${bucket(args.thresholds.latencySeconds)}`;
    const all = recorded.requests("5m");
    const volumes = `job="kubelet", namespace=~"${args.namespace}|${args.monitoringNamespace}"`;
    const perVolume = (metric: string) =>
        `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_${metric}{${volumes}})`;
    return {
        name: "spywatcher-recording",
        rules: [
            {
                record: recorded.cpuOfLimit,
                // The largest, not the sum: for a while after a restart there are two series of one container.
                expr: `${perContainer(`rate(container_cpu_usage_seconds_total{${cadvisor}}[5m])`)}\n/ ${limit("cpu")}`,
            },
            {
                record: recorded.memoryOfLimit,
                expr: `${perContainer(`container_memory_working_set_bytes{${cadvisor}}`)}\n/ ${limit("memory")}`,
            },
            {
                record: recorded.restarts,
                expr: perContainer(`increase(kube_pod_container_status_restarts_total{${containers}}[10m])`),
            },
            {
                record: recorded.loadBalancerErrors,
                // Docs and code of the controller disagree on the names of its own metrics; this one comes from
                // controller-runtime.
                expr: 'sum by (controller) (increase(controller_runtime_reconcile_errors_total{namespace="kube-system", controller=~"ingress|service|targetGroupBinding"}[20m]))',
            },
            {
                record: recorded.launchErrors,
                expr: 'sum by (error) (increase(karpenter_cloudprovider_errors_total{namespace="kube-system", method="Create"}[10m]))',
            },
            {
                record: recorded.volumeFree,
                expr: `${perVolume("available_bytes")}\n/ ${perVolume("capacity_bytes")}`,
            },
            { record: all, expr: rate("http_requests_total") },
            {
                record: errorRate,
                // There is no series of errors before the first one: then there are 0.
                expr: `${rate("http_requests_total", `${requests}, status_code=~"5.."`)}\nor 0 * ${all}`,
            },
            {
                record: slowRate,
                expr: `${rate(`${duration}_count`)}\n- ${rate(`${duration}_bucket`, within)}`,
            },
            {
                record: recorded.responseTime,
                expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(${duration}_bucket{${requests}}[5m])))`,
            },
            { record: recorded.errors("5m"), expr: `${errorRate} / ${all}` },
            { record: recorded.slow("5m"), expr: `${slowRate} / ${all}` },
            ...longWindows.flatMap((window) => [
                // Averages of recorded rates: over three days the routes' own series would be many.
                { record: recorded.requests(window), expr: `avg_over_time(${all}[${window}])` },
                {
                    record: recorded.errors(window),
                    expr: `avg_over_time(${errorRate}[${window}]) / avg_over_time(${all}[${window}])`,
                },
                {
                    record: recorded.slow(window),
                    expr: `avg_over_time(${slowRate}[${window}]) / avg_over_time(${all}[${window}])`,
                },
            ]),
        ],
    };
}
