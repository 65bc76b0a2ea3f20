import { type InputSeries, kube, type RuleCase, stretch } from "../support/ruleCase.ts";

const horizontalpodautoscaler = "spywatcher-backend-hpa";
const labels = { namespace: "spywatcher", horizontalpodautoscaler };
type Values = string | number;

function hpa(metric: string, values: Values, more: Record<string, string> = {}): InputSeries {
    return kube(`horizontalpodautoscaler_${metric}`, { horizontalpodautoscaler, ...more }, values);
}

/** An HPA with these bounds and that many pods. */
function replicas(current: Values, minimum = 2, maximum = 10): InputSeries[] {
    return [
        hpa("status_current_replicas", current),
        hpa("status_desired_replicas", current),
        hpa("spec_min_replicas", minimum),
        hpa("spec_max_replicas", maximum),
    ];
}

function cpu(used: Values, target: number): InputSeries[] {
    const metric = { metric_name: "cpu", metric_target_type: "utilization" };
    return [hpa("status_target_metric", used, metric), hpa("spec_target_metric", target, metric)];
}

/** The three series of a condition, all of them there whatever its status. */
function condition(name: string, isFalse: Values, isTrue: Values): InputSeries[] {
    return [
        hpa("status_condition", isFalse, { condition: name, status: "false" }),
        hpa("status_condition", isTrue, { condition: name, status: "true" }),
        hpa("status_condition", 0, { condition: name, status: "unknown" }),
    ];
}

/** Minutes of a cycle, repeated. */
function cycles(count: number, cycle: readonly (readonly [number, number])[]): string {
    return Array.from({ length: count }, () => stretch(...cycle)).join(" ");
}

function pods(tier: string, values: Values, ...suffixes: string[]): InputSeries[] {
    return suffixes.map((suffix) =>
        kube("pod_status_unschedulable", { pod: `spywatcher-${tier}-${suffix}` }, values),
    );
}

export const autoscalingCases: readonly RuleCase[] = [
    {
        alert: "HPAMaxedOut",
        when: "the maximum is reached and stays",
        series: replicas(10),
        fires: {
            atMinute: 15,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa has run 10 pods, its maximum, for 15 minutes; more load finds no more pods.",
        },
    },
    {
        alert: "HPAMaxedOut",
        when: "kube-state-metrics moves to another node meanwhile",
        series: [
            hpa("status_current_replicas", "10x7 stale"),
            hpa("status_current_replicas", "_x7 10x20", { instance: "10.0.2.9:8080" }),
            hpa("spec_min_replicas", "2x7 stale"),
            hpa("spec_min_replicas", "_x7 2x20", { instance: "10.0.2.9:8080" }),
            hpa("spec_max_replicas", "10x7 stale"),
            hpa("spec_max_replicas", "_x7 10x20", { instance: "10.0.2.9:8080" }),
        ],
        fires: {
            atMinute: 15,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa has run 10 pods, its maximum, for 15 minutes; more load finds no more pods.",
        },
    },
    { alert: "HPAMaxedOut", when: "one pod more could be had", series: replicas(9), silentMinutes: 60 },
    {
        alert: "HPAMaxedOut",
        when: "the peak ends after 14 minutes and pods go one by one",
        series: replicas(`${stretch([2, 5], [10, 15])} 9-1x6 2x40`),
        silentMinutes: 60,
    },
    {
        alert: "HPAMaxedOut",
        when: "the minimum is the maximum",
        series: replicas(3, 3, 3),
        silentMinutes: 60,
    },
    {
        alert: "HPAAtMinimumButHighCPU",
        when: "the HPA does not act on 80 %",
        series: [...replicas(2), ...cpu(80, 70)],
        fires: {
            atMinute: 10,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa stays at its minimum although CPU use is at 114.3% of its target.",
        },
    },
    {
        alert: "HPAAtMinimumButHighCPU",
        when: "use is within what an HPA tolerates",
        series: [...replicas(2), ...cpu(57, 50)],
        silentMinutes: 60,
    },
    {
        alert: "HPAAtMinimumButHighCPU",
        when: "the HPA has begun to scale",
        series: [...replicas(3), ...cpu(95, 70)],
        silentMinutes: 60,
    },
    {
        alert: "HPAAtMinimumButHighCPU",
        when: "pods burn CPU for 9 minutes after their start",
        series: [...replicas(2), ...cpu(stretch([150, 10], [20, 50]), 70)],
        silentMinutes: 59,
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "metrics-server is gone",
        series: [...replicas(2), ...condition("ScalingActive", 1, 0)],
        fires: {
            atMinute: 5,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa has had no metrics for 5 minutes: the number of pods no longer follows the load.",
        },
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "metrics-server is gone and there is one pod",
        series: [...replicas(1, 1), ...condition("ScalingActive", 1, 0)],
        fires: {
            atMinute: 5,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa has had no metrics for 5 minutes: the number of pods no longer follows the load.",
        },
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "all is well and the condition's series for false is there, with the value 0",
        series: [...replicas(2), ...condition("ScalingActive", 0, 1)],
        silentMinutes: 60,
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "another condition is false",
        series: [...replicas(2), ...condition("ScalingActive", 0, 1), ...condition("ScalingLimited", 1, 0)],
        silentMinutes: 60,
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "somebody scaled to zero, which switches the HPA off",
        series: [...replicas(0), ...condition("ScalingActive", 1, 0)],
        silentMinutes: 60,
    },
    {
        alert: "HPAMetricsUnavailable",
        when: "new pods have no metrics for 4 minutes",
        series: [
            ...replicas(2),
            ...condition("ScalingActive", stretch([1, 5], [0, 55]), stretch([0, 5], [1, 55])),
        ],
        silentMinutes: 59,
    },
    {
        alert: "FrequentScaling",
        when: "2 and 4 pods take turns every 4 minutes",
        series: replicas(
            cycles(10, [
                [2, 4],
                [4, 4],
            ]),
        ),
        fires: {
            atMinute: 54,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa went down 3 times in 30 minutes, and up at least 3 times.",
        },
    },
    {
        alert: "FrequentScaling",
        when: "a large workload shrinks from 40 to 2, pod by pod",
        series: replicas("40x10 40-1x38 2x60", 2, 40),
        silentMinutes: 100,
    },
    {
        alert: "FrequentScaling",
        when: "a peak comes and goes once",
        series: replicas("2x5 4x0 8x0 10x19 10-1x8 2x60"),
        silentMinutes: 90,
    },
    {
        alert: "FrequentScaling",
        when: "pods are added in three steps and removed in two within 30 minutes, again and again",
        series: replicas(
            cycles(8, [
                [2, 4],
                [4, 3],
                [6, 4],
                [2, 3],
            ]),
        ),
        silentMinutes: 110,
    },
    {
        alert: "FrequentScaling",
        when: "pods are removed in three steps and added in two within 30 minutes, again and again",
        series: replicas(
            cycles(8, [
                [6, 4],
                [4, 3],
                [2, 4],
                [6, 3],
            ]),
        ),
        silentMinutes: 110,
    },
    {
        alert: "HighPodCountSustained",
        when: "nine of ten pods run for two hours",
        series: replicas(9),
        fires: {
            atMinute: 120,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa has run 90% of its maximum for two hours: the maximum, or the price, needs a look.",
        },
    },
    {
        alert: "HighPodCountSustained",
        when: "eight of ten pods run",
        series: replicas(8),
        silentMinutes: 180,
    },
    {
        alert: "HighPodCountSustained",
        when: "the minimum is near the maximum",
        series: replicas(9, 9, 10),
        silentMinutes: 180,
    },
    {
        alert: "HighPodCountSustained",
        when: "the evening's peak ends after an hour and 59 minutes",
        series: replicas(stretch([10, 120], [3, 60])),
        silentMinutes: 179,
    },
    {
        alert: "ScalingBlockedByCapacity",
        when: "one pod finds no node",
        series: pods("backend", 1, "7d4b9-aaaaa"),
        fires: {
            atMinute: 10,
            labels: { namespace: "spywatcher", deployment: "spywatcher-backend" },
            description:
                "Pods of spywatcher/spywatcher-backend that have found no node for 10 minutes: 1. Scaling and rollouts wait.",
        },
    },
    {
        alert: "ScalingBlockedByCapacity",
        when: "the pods that find no node change",
        series: [
            ...pods("frontend", "1x6 stale", "7d4b9-aaaaa", "7d4b9-bbbbb"),
            ...pods("frontend", "_x6 1x20", "7d4b9-ccccc", "7d4b9-ddddd"),
        ],
        fires: {
            atMinute: 10,
            labels: { namespace: "spywatcher", deployment: "spywatcher-frontend" },
            description:
                "Pods of spywatcher/spywatcher-frontend that have found no node for 10 minutes: 2. Scaling and rollouts wait.",
        },
    },
    {
        alert: "ScalingBlockedByCapacity",
        when: "a new node takes 9 minutes",
        series: pods("backend", "1x9 stale", "7d4b9-aaaaa", "7d4b9-bbbbb"),
        silentMinutes: 30,
    },
    {
        alert: "ScalingBlockedByCapacity",
        when: "the pods have nodes and the series have the value 0",
        series: pods("backend", 0, "7d4b9-aaaaa"),
        silentMinutes: 30,
    },
    {
        alert: "ScalingBlockedByCapacity",
        when: "a pod that no HPA scales finds no node",
        series: pods("bot", 1, "7d4b9-aaaaa"),
        silentMinutes: 30,
    },
];
