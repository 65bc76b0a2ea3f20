import { hpa, hpaLabels as labels, replicas, type Values } from "../support/hpaSeries.ts";
import { type InputSeries, type RuleCase, stretch } from "../support/ruleCase.ts";

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

/** What holds an HPA back: its bounds and its metrics. */
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
];
