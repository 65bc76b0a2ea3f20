import { type InputSeries, countsAt, kube, type RuleCase, stretch } from "../support/ruleCase.ts";

const deployment = "spywatcher-backend";
const labels = { namespace: "spywatcher", deployment };
type Values = string | number;

/** What a Deployment wants and has. */
function pods(wanted: Values, ready: Values, updated: Values = wanted, all: Values = wanted): InputSeries[] {
    return [
        kube("deployment_spec_replicas", { deployment }, wanted),
        kube("deployment_status_replicas", { deployment }, all),
        kube("deployment_status_replicas_ready", { deployment }, ready),
        kube("deployment_status_replicas_updated", { deployment }, updated),
    ];
}

/** The three series of the condition Progressing, one of which is 1. */
function progressing(status: "true" | "false" | "unknown"): InputSeries[] {
    return ["true", "false", "unknown"].map((each) =>
        kube(
            "deployment_status_condition",
            { deployment, condition: "Progressing", status: each },
            each === status ? 1 : 0,
        ),
    );
}

function store(wanted: Values, ready: Values): InputSeries[] {
    return [
        kube("statefulset_replicas", { statefulset: "postgres" }, wanted),
        kube("statefulset_status_replicas_ready", { statefulset: "postgres" }, ready),
    ];
}

const pod = "spywatcher-backend-7d4b9-x2x4q";

function restarts(values: Values, name = pod): InputSeries {
    return kube("pod_container_status_restarts_total", { pod: name, container: "backend" }, values);
}

function job(
    condition: "true" | "false",
    values: Values,
    name = "spywatcher-schema-0a1b2c3d4e",
): InputSeries {
    return kube("job_failed", { job_name: name, condition }, values);
}

function budget(allowed: Values, expected: Values): InputSeries[] {
    const poddisruptionbudget = "spywatcher-backend-pdb";
    return [
        kube("poddisruptionbudget_status_pod_disruptions_allowed", { poddisruptionbudget }, allowed),
        kube("poddisruptionbudget_status_expected_pods", { poddisruptionbudget }, expected),
    ];
}

const stuck = {
    atMinute: 15,
    labels,
    description:
        "The rollout of spywatcher/spywatcher-backend has made no progress for 25 minutes. The old pods go on serving.",
};

export const deploymentCases: readonly RuleCase[] = [
    {
        alert: "DeploymentRolloutStuck",
        when: "new pods do not become ready",
        series: [...pods(4, 4, 1, 5), ...progressing("false")],
        fires: stuck,
    },
    {
        alert: "DeploymentRolloutStuck",
        when: "the only new pod does not become ready, which counts as updated all the same",
        series: [...pods(1, 1, 1, 2), ...progressing("false")],
        fires: stuck,
    },
    {
        alert: "DeploymentRolloutStuck",
        when: "ten pods are replaced one by one, one in two minutes",
        series: [...pods(10, 10, "1x1 2x1 3x1 4x1 5x1 6x1 7x1 8x1 9x1 10x60", 11), ...progressing("true")],
        silentMinutes: 60,
    },
    {
        alert: "DeploymentRolloutStuck",
        when: "somebody paused the rollout",
        series: [...pods(4, 4, 1, 5), ...progressing("unknown")],
        silentMinutes: 60,
    },
    {
        alert: "DeploymentRolloutStuck",
        when: "a rollout is through again after 14 minutes",
        series: [
            kube(
                "deployment_status_condition",
                { deployment, condition: "Progressing", status: "false" },
                stretch([1, 15], [0, 30]),
            ),
        ],
        silentMinutes: 44,
    },
    {
        alert: "PodsNotReady",
        when: "one of four pods is not ready",
        series: pods(4, 3),
        fires: {
            atMinute: 10,
            labels,
            description: "spywatcher/spywatcher-backend has lacked ready pods for 10 minutes: 1.",
        },
    },
    {
        alert: "PodsNotReady",
        when: "the surge pod of a rollout is not ready",
        series: pods(4, 4, 1, 5),
        silentMinutes: 60,
    },
    {
        alert: "PodsNotReady",
        when: "pods are removed and end slowly",
        series: pods("10x5 10-1x8 2x50", "10x7 10-1x8 2x50"),
        silentMinutes: 60,
    },
    {
        alert: "PodsNotReady",
        when: "8 pods are added and become ready after 9 minutes",
        series: pods(10, stretch([2, 10], [10, 50])),
        silentMinutes: 59,
    },
    {
        alert: "DataStoreNotReady",
        when: "PostgreSQL's only pod is not ready",
        series: store(1, 0),
        fires: {
            atMinute: 5,
            labels: { namespace: "spywatcher", statefulset: "postgres" },
            description:
                "The pod of spywatcher/postgres has not been ready for 5 minutes: the API answers errors.",
        },
    },
    { alert: "DataStoreNotReady", when: "it is ready", series: store(1, 1), silentMinutes: 30 },
    {
        alert: "DataStoreNotReady",
        when: "it moves to another node within 4 minutes",
        series: store(1, stretch([1, 5], [0, 5], [1, 20])),
        silentMinutes: 29,
    },
    {
        alert: "DataStoreNotReady",
        when: "somebody scaled it to nothing",
        series: store(0, 0),
        silentMinutes: 30,
    },
    {
        alert: "HighPodRestartRate",
        when: "PostgreSQL crashes at every start",
        series: [
            kube(
                "pod_container_status_restarts_total",
                { pod: "postgres-0", container: "postgres" },
                countsAt(40, [5, 10, 16, 22, 28, 34, 40]),
            ),
        ],
        fires: {
            atMinute: 20,
            labels: { namespace: "spywatcher", pod: "postgres-0", container: "postgres" },
            description:
                "postgres in spywatcher/postgres-0 keeps restarting. Restarts in the last 10 or 20 minutes: 1.",
        },
    },
    {
        alert: "HighPodRestartRate",
        when: "a container crashes at every start",
        series: [restarts(countsAt(40, [5, 10, 16, 22, 28, 34, 40]))],
        fires: {
            atMinute: 20,
            labels: { namespace: "spywatcher", pod, container: "backend" },
            description:
                "backend in spywatcher/spywatcher-backend-7d4b9-x2x4q keeps restarting. Restarts in the last 10 or 20 minutes: 1.",
        },
    },
    ...[
        { minutes: 11, atMinute: 31 },
        { minutes: 15, atMinute: 35 },
        { minutes: 19, atMinute: 39 },
    ].map(({ minutes, atMinute }): RuleCase => ({
        alert: "HighPodRestartRate",
        when: `a container runs for ${minutes} minutes before it fails, each time`,
        series: [restarts(countsAt(80, [5, 5 + minutes, 5 + 2 * minutes, 5 + 3 * minutes, 80]))],
        fires: {
            atMinute,
            labels: { namespace: "spywatcher", pod, container: "backend" },
            description:
                "backend in spywatcher/spywatcher-backend-7d4b9-x2x4q keeps restarting. Restarts in the last 10 or 20 minutes: 1.",
        },
    })),
    {
        alert: "HighPodRestartRate",
        when: "a container fails twice, 40 minutes apart",
        series: [restarts(countsAt(100, [5, 45]))],
        silentMinutes: 100,
    },
    {
        alert: "HighPodRestartRate",
        when: "the database is away for two minutes and a container restarts four times",
        series: [restarts(countsAt(60, [5, 6, 6, 8]))],
        silentMinutes: 60,
    },
    {
        alert: "HighPodRestartRate",
        when: "a node is drained and the pod comes back under another name",
        series: [
            restarts(`${countsAt(10, [3])} stale`),
            restarts(`_x10 ${stretch([0, 4], [1, 46])}`, "spywatcher-backend-7d4b9-zzzzz"),
        ],
        silentMinutes: 60,
    },
    {
        alert: "SchemaJobFailed",
        when: "the Job gave up",
        series: [job("true", 1), job("false", 0)],
        fires: {
            atMinute: 1,
            labels: { namespace: "spywatcher", job_name: "spywatcher-schema-0a1b2c3d4e" },
            description:
                "spywatcher/spywatcher-schema-0a1b2c3d4e failed: the update stopped there, and the old pods go on serving.",
        },
    },
    {
        alert: "SchemaJobFailed",
        when: "the Job is fine and the condition's series is there, with the value 0",
        series: [job("true", 0), job("false", 1)],
        silentMinutes: 30,
    },
    {
        alert: "SchemaJobFailed",
        when: "the second try succeeded",
        series: [
            kube("job_status_failed", { job_name: "spywatcher-schema-0a1b2c3d4e" }, 1),
            kube("job_status_succeeded", { job_name: "spywatcher-schema-0a1b2c3d4e" }, 1),
        ],
        silentMinutes: 30,
    },
    {
        alert: "SchemaJobFailed",
        when: "another Job in the namespace failed",
        series: [job("true", 1, "load-test")],
        silentMinutes: 30,
    },
    {
        alert: "SchemaJobFailed",
        when: "the next update replaces the failed Job at once",
        series: [job("true", "1 stale")],
        silentMinutes: 30,
    },
    {
        alert: "DisruptionBudgetBlocksDrains",
        when: "one of two pods is never healthy",
        series: budget(0, 1),
        fires: {
            atMinute: 30,
            labels: { namespace: "spywatcher", poddisruptionbudget: "spywatcher-backend-pdb" },
            description:
                "spywatcher/spywatcher-backend-pdb has allowed no eviction for 30 minutes: nodes with its pods cannot be drained.",
        },
    },
    {
        alert: "DisruptionBudgetBlocksDrains",
        when: "one eviction is allowed",
        series: budget(1, 2),
        silentMinutes: 60,
    },
    {
        alert: "DisruptionBudgetBlocksDrains",
        when: "there are no pods to evict",
        series: budget(0, 0),
        silentMinutes: 60,
    },
    {
        alert: "DisruptionBudgetBlocksDrains",
        when: "a drain uses the budget up for 29 minutes",
        series: budget(stretch([0, 30], [1, 30]), 2),
        silentMinutes: 59,
    },
];
