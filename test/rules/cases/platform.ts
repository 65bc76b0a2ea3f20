import {
    cadvisor,
    countsAt,
    type InputSeries,
    kube,
    type RuleCase,
    series,
    stretch,
} from "../support/ruleCase.ts";

type Values = string | number;

function volume(available: Values, namespace = "spywatcher"): InputSeries[] {
    const labels = {
        job: "kubelet",
        metrics_path: "/metrics",
        namespace,
        persistentvolumeclaim: "data-0",
    };
    return [
        series("kubelet_volume_stats_available_bytes", labels, available),
        series("kubelet_volume_stats_capacity_bytes", labels, 100),
    ];
}

function launches(values: Values, labels: Record<string, string> = {}): InputSeries {
    return series(
        "karpenter_cloudprovider_errors_total",
        {
            namespace: "kube-system",
            controller: "nodeclaim.lifecycle",
            method: "Create",
            error: "InsufficientCapacityError",
            provider: "aws",
            ...labels,
        },
        values,
    );
}

function addresses(values: Values): InputSeries {
    const labels = { namespace: "kube-system", pod: "aws-node-x2x4q", node: "ip-10-0-1-2.ec2.internal" };
    return series("awscni_no_available_ip_addresses", labels, values);
}

function up(pod: string, values: Values): InputSeries {
    return series(
        "up",
        { namespace: "spywatcher", service: "spywatcher-backend", job: "spywatcher-backend", pod },
        values,
    );
}

/** What kube-state-metrics tells of one Deployment whose pods are all ready. */
function deployment(replicas: Values): InputSeries[] {
    return ["deployment_spec_replicas", "deployment_status_replicas_ready"].map((metric) =>
        kube(metric, { deployment: "spywatcher-backend" }, replicas),
    );
}

function memory(values: Values): InputSeries[] {
    return [cadvisor("memory_working_set_bytes", { pod: "a", container: "backend" }, values)];
}

function controller(service: string, values: Values, pod = "a"): InputSeries {
    return series("up", { namespace: "kube-system", service, pod }, values);
}

const unseen = (source: string): string =>
    `${source} has told nothing of the application for 10 minutes: the alerts on its pods are blind.`;

const deaf = (service: string): string =>
    `No pod of kube-system/${service} has been scraped for 10 minutes: the alert on its errors is blind.`;

const blind =
    "No backend pod has been scraped for 10 minutes: the alerts on the API's errors and latency are blind.";

export const platformCases: readonly RuleCase[] = [
    {
        alert: "VolumeFillingUp",
        when: "14 % are left in the volume of a data store",
        series: volume(14),
        fires: {
            atMinute: 15,
            labels: { namespace: "spywatcher", persistentvolumeclaim: "data-0" },
            description: "spywatcher/data-0 has 14% of its space left.",
        },
    },
    {
        alert: "VolumeFillingUp",
        when: "14 % are left in the volume of Prometheus, which the chart watches",
        series: volume(14, "monitoring"),
        silentMinutes: 60,
    },
    { alert: "VolumeFillingUp", when: "15 % are left", series: volume(15), silentMinutes: 60 },
    {
        alert: "VolumeFillingUp",
        when: "a compaction needs space for 14 minutes",
        series: volume("5x14 60x40"),
        silentMinutes: 54,
    },
    {
        alert: "VolumeFillingUp",
        when: "the volume is another team's",
        series: volume(5, "other"),
        silentMinutes: 60,
    },
    {
        alert: "VolumeAlmostFull",
        when: "2.9 % are left",
        series: volume(2.9),
        fires: {
            atMinute: 1,
            labels: { namespace: "spywatcher", persistentvolumeclaim: "data-0" },
            description: "spywatcher/data-0 has 2.9% of its space left.",
        },
    },
    { alert: "VolumeAlmostFull", when: "3 % are left", series: volume(3), silentMinutes: 60 },
    {
        alert: "VolumeAlmostFull",
        when: "space is short at one look only",
        series: volume("1 60x40"),
        silentMinutes: 40,
    },
    {
        alert: "NodeLaunchFailing",
        when: "AWS has no capacity for any instance type",
        series: [launches(countsAt(60, [5, 13, 21, 29, 37, 45]))],
        fires: {
            atMinute: 20,
            labels: { error: "InsufficientCapacityError" },
            description:
                "Karpenter has failed to launch nodes for 15 minutes: InsufficientCapacityError. Failures in the last 10 minutes: 1.",
        },
    },
    {
        alert: "NodeLaunchFailing",
        when: "the role may not launch instances, an error without a name",
        series: [launches("0+6x60", { error: "" })],
        fires: {
            atMinute: 16,
            labels: {},
            description:
                "Karpenter has failed to launch nodes for 15 minutes: unknown error. Failures in the last 10 minutes: 60.",
        },
    },
    {
        alert: "NodeLaunchFailing",
        when: "one instance type is sold out and the next is not",
        series: [launches(countsAt(60, [5, 5, 6]))],
        silentMinutes: 60,
    },
    {
        alert: "NodeLaunchFailing",
        when: "nodes to be deleted are gone already",
        series: [launches("0+6x60", { method: "Delete", error: "NodeClaimNotFoundError" })],
        silentMinutes: 60,
    },
    {
        alert: "PodAddressesExhausted",
        when: "a subnet is used up, and the kubelet tries again every 8 minutes",
        series: [addresses(countsAt(60, [5, 13, 21, 29, 37, 45]))],
        fires: {
            atMinute: 20,
            labels: { node: "ip-10-0-1-2.ec2.internal" },
            description:
                "Pods on ip-10-0-1-2.ec2.internal have found no address for 15 minutes. Attempts in the last 10 minutes: 1.",
        },
    },
    {
        alert: "PodAddressesExhausted",
        when: "a new prefix comes after a minute",
        series: [addresses(countsAt(60, [5, 5, 6]))],
        silentMinutes: 60,
    },
    {
        alert: "PodAddressesExhausted",
        when: "it happened before Prometheus looked",
        series: [addresses(7)],
        silentMinutes: 60,
    },
    {
        alert: "BackendMetricsMissing",
        when: "no backend pod can be scraped",
        series: [up("a", 0), up("b", 0)],
        fires: { atMinute: 10, labels: {}, description: blind },
    },
    {
        alert: "BackendMetricsMissing",
        when: "Prometheus does not know of the backend",
        series: [series("up", { namespace: "monitoring", service: "grafana" }, 1)],
        fires: { atMinute: 10, labels: {}, description: blind },
    },
    {
        alert: "BackendMetricsMissing",
        when: "one of two pods is being replaced",
        series: [up("a", 0), up("b", 1)],
        silentMinutes: 60,
    },
    {
        alert: "BackendMetricsMissing",
        when: "the first pods start within 9 minutes",
        series: [up("a", stretch([0, 10], [1, 40]))],
        silentMinutes: 49,
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "kube-state-metrics is gone, target and all",
        series: [...deployment("2x5 stale"), ...memory(1)],
        fires: {
            atMinute: 16,
            labels: { source: "kube-state-metrics" },
            description: unseen("kube-state-metrics"),
        },
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "no kubelet tells of the containers",
        series: [...deployment(1), ...memory("1x5 stale")],
        fires: { atMinute: 16, labels: { source: "cAdvisor" }, description: unseen("cAdvisor") },
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "everything is told",
        series: [...deployment(2), ...memory(1)],
        silentMinutes: 60,
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "the application is scaled to nothing",
        series: deployment(0),
        silentMinutes: 60,
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "kube-state-metrics moves to another node for nine minutes",
        series: [...deployment("2x5 stale _x7 2x40"), ...memory(1)],
        silentMinutes: 54,
    },
    {
        alert: "WorkloadMetricsMissing",
        when: "only another namespace is told of",
        series: [kube("deployment_spec_replicas", { namespace: "other" }, 2), ...memory(1)],
        fires: {
            atMinute: 10,
            labels: { source: "kube-state-metrics" },
            description: unseen("kube-state-metrics"),
        },
    },
    {
        alert: "ControllerMetricsMissing",
        when: "Prometheus does not know of Karpenter",
        series: [controller("aws-load-balancer-controller", 1)],
        fires: { atMinute: 10, labels: { service: "karpenter" }, description: deaf("karpenter") },
    },
    {
        alert: "ControllerMetricsMissing",
        when: "no pod of the load balancer controller can be scraped",
        series: [controller("karpenter", 1), controller("aws-load-balancer-controller", 0)],
        fires: {
            atMinute: 10,
            labels: { service: "aws-load-balancer-controller" },
            description: deaf("aws-load-balancer-controller"),
        },
    },
    {
        alert: "ControllerMetricsMissing",
        when: "one of two pods is being replaced",
        series: [
            controller("karpenter", 0),
            controller("karpenter", 1, "b"),
            controller("aws-load-balancer-controller", 1),
        ],
        silentMinutes: 60,
    },
    {
        alert: "ControllerMetricsMissing",
        when: "both are scraped again within nine minutes",
        series: ["karpenter", "aws-load-balancer-controller"].map((service) =>
            controller(service, stretch([1, 5], [0, 10], [1, 40])),
        ),
        silentMinutes: 54,
    },
];
