import assert from "node:assert/strict";

import { ruleGroups } from "../../infra/observability/ruleGroups.ts";
import { type ChartName, charts, kubernetesReleases } from "../../infra/versions.ts";
import { cloudWatchMetrics, statistics } from "../support/cloudWatchMetrics.ts";
import { allTargets } from "../support/dashboards.ts";
import { labelsOf, readAt } from "../support/exportedMetrics.ts";
import { planOf } from "../support/plans.ts";
import { parsePromql } from "../support/promql.ts";
import { releaseValues } from "../support/releases.ts";
import { ruleArgs } from "../support/ruleArgs.ts";

/** What is wrong with an expression: it does not parse, or reads what nobody exports. */
function faults(expr: string): string[] {
    const { errors, selections, grouping, made } = parsePromql(expr);
    const unknown = selections.flatMap(({ metric, matchers }) => {
        const labels = labelsOf(metric);
        return labels === undefined
            ? [`nobody exports ${metric}`]
            : matchers.filter((each) => !labels.includes(each)).map((each) => `${metric} has no ${each}`);
    });
    const there = new Set([...selections.flatMap(({ metric }) => labelsOf(metric) ?? []), ...made]);
    return [
        ...errors,
        ...(selections.length === 0 ? ["reads nothing"] : []),
        ...unknown,
        ...grouping.filter((each) => !there.has(each)).map((each) => `no metric has ${each}`),
    ];
}

/** Labels that a legend names and the expression's series lack. */
function lostLabels({ expr, legendFormat = "" }: { expr: string; legendFormat?: string }): string[] {
    const { grouping, selections } = parsePromql(expr);
    const left = grouping.length > 0 ? grouping : selections.flatMap(({ metric }) => labelsOf(metric) ?? []);
    return [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !left.includes(name));
}

const targets = allTargets();
const promql = targets.filter(({ target }) => target.datasource.type === "prometheus");
const cloudWatch = targets.filter(({ target }) => target.datasource.type === "cloudwatch");
const rules = ruleGroups(ruleArgs).flatMap((group) => group.rules);

describe("PromQL", () => {
    it("of every panel parses and reads what is exported", () => {
        assert.ok(promql.length > 80, String(promql.length));
        assert.deepEqual(
            promql.flatMap(({ where, target }) => faults(target.expr).map((fault) => `${where}: ${fault}`)),
            [],
        );
    });

    it("of every alert and recording rule does so too", () => {
        assert.ok(rules.length > 40, String(rules.length));
        assert.deepEqual(
            rules.flatMap((rule) =>
                faults(rule.expr).map((fault) => `${"alert" in rule ? rule.alert : rule.record}: ${fault}`),
            ),
            [],
        );
    });

    it("leaves the labels that legends name", () => {
        assert.deepEqual(
            promql.flatMap(({ where, target }) => lostLabels(target).map((label) => `${where}: ${label}`)),
            [],
        );
    });

    it("is compared with what these versions export", () => {
        const installed = Object.keys(readAt.charts).map((name) => [name, charts[name as ChartName].version]);
        assert.deepEqual(Object.fromEntries(installed), readAt.charts);
        for (const { addons } of Object.values(kubernetesReleases))
            assert.equal(addons["vpc-cni"].replace(/-eksbuild.*/, ""), readAt.addons["vpc-cni"]);
    });

    it("would be found wrong", () => {
        assert.deepEqual(faults("sum(rate(http_requests_total[5m])"), ["at 33: _requests_total[5m])"]);
        assert.deepEqual(faults("sum(http_requests_per_second)"), [
            "nobody exports http_requests_per_second",
        ]);
        assert.deepEqual(faults('kube_deployment_spec_replicas{pod="a"}'), [
            "kube_deployment_spec_replicas has no pod",
        ]);
        assert.deepEqual(faults("sum by (hpa) (kube_horizontalpodautoscaler_spec_max_replicas)"), [
            "no metric has hpa",
        ]);
        assert.deepEqual(lostLabels({ expr: "sum by (pod) (up)", legendFormat: "{{pod}} {{node}}" }), [
            "node",
        ]);
    });

    it("asks for no label of an object that kube-state-metrics is not told to show", async () => {
        const { metricLabelsAllowlist, collectorsExclude } = releaseValues(
            await planOf("prod"),
            "kube-prometheus-stack",
        )["kube-state-metrics"];
        const allowed = (metricLabelsAllowlist as string[]).flatMap((entry) => {
            const [, kind = "", names = ""] = /^(\w+)s=\[(.+)\]$/.exec(entry) ?? [];
            return names.split(",").map((name) => `kube_${kind}_labels label_${name.replaceAll(/\W/g, "_")}`);
        });
        const expressions = [
            ...promql.map(({ target }) => target.expr as string),
            ...rules.map(({ expr }) => expr),
        ];
        const asked = expressions
            .map(parsePromql)
            .flatMap(({ grouping, selections }) =>
                selections
                    .filter(({ metric }) => metric.endsWith("_labels"))
                    .flatMap(({ metric, matchers }) =>
                        [...grouping, ...matchers]
                            .filter((label) => label.startsWith("label_"))
                            .map((label) => `${metric} ${label}`),
                    ),
            );
        assert.deepEqual([...new Set(asked)], allowed);
        const excluded = new RegExp(
            `kube_(?:${(collectorsExclude as string[]).map((each) => each.replace(/s$/, "")).join("|")})_`,
        );
        assert.deepEqual(
            expressions.filter((expr) => excluded.test(expr)),
            [],
        );
    });
});

describe("queries of CloudWatch", () => {
    it("name metrics that the service publishes by these dimensions", () => {
        assert.ok(cloudWatch.length > 25, String(cloudWatch.length));
        for (const { where, target } of cloudWatch) {
            const dimensions = Object.keys(target.dimensions).sort().join(",");
            const published = cloudWatchMetrics[target.namespace]?.[dimensions] ?? [];
            assert.ok(
                published.includes(target.metricName),
                `${where}: ${target.namespace} publishes no ${target.metricName} by ${dimensions}`,
            );
            assert.match(target.statistic, statistics, where);
            assert.deepEqual(
                [
                    target.queryMode,
                    target.metricQueryType,
                    target.metricEditorMode,
                    target.matchExact,
                    target.region,
                ],
                ["Metrics", 0, 0, true, "default"],
            );
        }
    });
});
