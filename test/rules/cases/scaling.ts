import { hpaLabels as labels, replicas, type Values } from "../support/hpaSeries.ts";
import { type InputSeries, kube, type RuleCase, stretch } from "../support/ruleCase.ts";

/** Minutes of a cycle, repeated. */
function cycles(count: number, cycle: readonly (readonly [number, number])[]): string {
    return Array.from({ length: count }, () => stretch(...cycle)).join(" ");
}

function pods(tier: string, values: Values, ...suffixes: string[]): InputSeries[] {
    return suffixes.map((suffix) =>
        kube("pod_status_unschedulable", { pod: `spywatcher-${tier}-${suffix}` }, values),
    );
}

/** How an HPA goes up and down, and whether its pods find nodes. */
export const scalingCases: readonly RuleCase[] = [
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
            atMinute: 58,
            labels,
            description:
                "spywatcher/spywatcher-backend-hpa turned from up to down, or back, 6 times in 30 minutes.",
        },
    },
    {
        alert: "FrequentScaling",
        when: "2 and 4 pods take turns every 5 minutes, and 5 turns fit into half an hour",
        series: replicas(
            cycles(10, [
                [2, 5],
                [4, 5],
            ]),
        ),
        silentMinutes: 100,
    },
    {
        alert: "FrequentScaling",
        when: "two peaks come and go within half an hour, step by step",
        series: replicas("2x5 4x0 8x0 10x5 10-1x8 4x0 8x0 10x5 10-1x8 2x60"),
        silentMinutes: 95,
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
