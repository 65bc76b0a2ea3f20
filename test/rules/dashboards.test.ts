import assert from "node:assert/strict";

import { recordingRules } from "../../infra/observability/recordingRules.ts";
import { dashboardsJson, inAws } from "../support/dashboards.ts";
import { ruleArgs } from "../support/ruleArgs.ts";
import { testRules } from "./support/promtool.ts";

const all = dashboardsJson(inAws);

/** The expression of a panel's query, the first unless told otherwise. */
function expr(slug: string, title: string, index = 0): string {
    const panels = all.find(({ uid }) => uid === `spywatcher-${slug}`)?.panels ?? [];
    const found = panels.find((each) => each.title === title && each.type !== "row");
    const text: unknown = found?.targets[index]?.expr;
    assert.equal(typeof text, "string", `${slug}: ${title}`);
    return text as string;
}

interface Case {
    readonly what: string;
    readonly query: string;
    readonly series: Readonly<Record<string, string>>;
    readonly atMinute: number;
    readonly expected: Readonly<Record<string, number>>;
}

const request = 'http_requests_total{namespace="spywatcher", pod="a", route="/guilds"';
const phase = (pod: string, name: string, instance = "one") =>
    `kube_pod_status_phase{namespace="spywatcher", pod="${pod}", phase="${name}", instance="${instance}"}`;
const unready = (pod: string, instance = "one") =>
    `kube_pod_status_ready{namespace="spywatcher", pod="${pod}", condition="false", instance="${instance}"}`;
const hpa = '{namespace="spywatcher", horizontalpodautoscaler="spywatcher-backend-hpa"}';
const slice = (name: string) => `namespace="spywatcher", endpointslice="${name}"`;

const cases: readonly Case[] = [
    {
        what: "half of the budget is left when 0.25 % of the requests failed",
        query: expr("overview", "Availability budget left"),
        series: {
            [`${request}, status_code="200"}`]: "0+23940x120",
            [`${request}, status_code="500"}`]: "0+60x120",
        },
        atMinute: 60,
        expected: { '{namespace="spywatcher"}': 0.5 },
    },
    {
        what: "without requests nothing is said of the budget",
        query: expr("overview", "Availability budget left"),
        series: { [`${request}, status_code="200"}`]: "100x120" },
        atMinute: 60,
        expected: {},
    },
    {
        what: "pods of a finished Job, and a second exporter, are not counted as not ready",
        query: expr("rollouts", "Pods that are not ready"),
        series: {
            [unready("a")]: "1x5",
            [unready("a", "two")]: "1x5",
            [phase("a", "Running")]: "1x5",
            [phase("a", "Running", "two")]: "1x5",
            [unready("b")]: "0x5",
            [phase("b", "Running")]: "1x5",
            [unready("job")]: "1x5",
            [phase("job", "Running")]: "0x5",
            [phase("job", "Succeeded")]: "1x5",
        },
        atMinute: 2,
        expected: { "{}": 1 },
    },
    {
        what: "endpoints are counted by the Service that their slices are labelled with",
        query: expr("load-balancer", "Endpoints of Services"),
        series: {
            [`kube_endpointslice_endpoints{${slice("s-1")}, address="10.0.0.1", ready="true"}`]: "1x5",
            [`kube_endpointslice_endpoints{${slice("s-2")}, address="10.0.0.2", ready="true"}`]: "1x5",
            [`kube_endpointslice_endpoints{${slice("s-2")}, address="10.0.0.3", ready="false"}`]: "1x5",
            [`kube_endpointslice_labels{${slice("s-1")}, label_kubernetes_io_service_name="spywatcher-backend"}`]:
                "1x5",
            [`kube_endpointslice_labels{${slice("s-2")}, label_kubernetes_io_service_name="spywatcher-backend"}`]:
                "1x5",
        },
        atMinute: 2,
        expected: { '{label_kubernetes_io_service_name="spywatcher-backend"}': 2 },
    },
    {
        what: "a ramp up has as many steps as it took",
        query: expr("autoscaling", "Steps up"),
        series: { [`kube_horizontalpodautoscaler_status_desired_replicas${hpa}`]: "2 2 4 8 10 10 9 9 9 9" },
        atMinute: 9,
        expected: { [hpa]: 3 },
    },
    {
        what: "a scale-down has its own",
        query: expr("autoscaling", "Steps down"),
        series: { [`kube_horizontalpodautoscaler_status_desired_replicas${hpa}`]: "2 2 4 8 10 10 9 9 9 9" },
        atMinute: 9,
        expected: { [hpa]: 1 },
    },
    {
        what: "the average CPU and memory of the pods are no custom metrics",
        query: expr("autoscaling", "backend: custom metrics and target"),
        series: Object.fromEntries(
            [
                ["cpu", "utilization", 60],
                ["cpu", "average", 0.3],
                ["memory", "average", 3e8],
                ["http_requests_per_second", "average", 12],
            ].map(([name, type, value]) => [
                `kube_horizontalpodautoscaler_status_target_metric{namespace="spywatcher", horizontalpodautoscaler="spywatcher-backend-hpa", metric_name="${name}", metric_target_type="${type}"}`,
                `${value}x5`,
            ]),
        ),
        atMinute: 2,
        expected: { '{metric_name="http_requests_per_second"}': 12 },
    },
    {
        what: "no alert counts as 0",
        query: expr("overview", "Firing alerts"),
        series: { 'ALERTS{alertname="Watchdog", alertstate="firing", severity="none"}': "1x5" },
        atMinute: 2,
        expected: { "{}": 0 },
    },
];

describe("the dashboards' queries", () => {
    for (const { what, query, series, atMinute, expected } of cases) {
        it(what, async () => {
            const results = await testRules([
                {
                    name: "query",
                    groups: [recordingRules(ruleArgs)],
                    stepMinutes: 1,
                    tests: [
                        {
                            interval: "1m",
                            input_series: Object.entries(series).map(([name, values]) => ({
                                series: name,
                                values,
                            })),
                            promql_expr_test: [
                                {
                                    expr: query,
                                    eval_time: `${atMinute}m`,
                                    exp_samples: Object.entries(expected).map(([labels, value]) => ({
                                        labels,
                                        value,
                                    })),
                                },
                            ],
                        },
                    ],
                },
            ]);
            const result = results.get("query");
            assert.ok(result?.passed, result?.output);
        });
    }
});
