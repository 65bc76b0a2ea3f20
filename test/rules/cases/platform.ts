import { countsAt, type InputSeries, type RuleCase, series, stretch } from "../support/ruleCase.ts";

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

function up(pod: string, values: Values): InputSeries {
    return series(
        "up",
        { namespace: "spywatcher", service: "spywatcher-backend", job: "spywatcher-backend", pod },
        values,
    );
}

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
        when: "14 % are left in the volume of Prometheus",
        series: volume(14, "monitoring"),
        fires: {
            atMinute: 15,
            labels: { namespace: "monitoring", persistentvolumeclaim: "data-0" },
            description: "monitoring/data-0 has 14% of its space left.",
        },
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
];
