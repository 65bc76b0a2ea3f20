import assert from "node:assert/strict";

import { defaultThresholds } from "../../infra/observability/thresholds.ts";
import {
    type DashboardJson,
    dashboardsJson,
    dashboardVariants,
    inAws,
    inCluster,
    type PanelJson,
} from "../support/dashboards.ts";
import { ruleArgs } from "../support/ruleArgs.ts";

const ofAws = dashboardsJson(inAws);
const slugs = ["overview", "autoscaling", "rollouts", "load-balancer", "data-stores", "capacity"];

function panel(all: readonly DashboardJson[], slug: string, title: string): PanelJson {
    const found = all
        .find(({ uid }) => uid === `spywatcher-${slug}`)
        ?.panels.filter((each) => each.title === title && each.type !== "row");
    const [only] = found ?? [];
    assert.ok(only && found?.length === 1, `${slug}: ${title}`);
    return only;
}

/** The value at which a panel turns bad. */
function limit(all: readonly DashboardJson[], slug: string, title: string): number {
    return panel(all, slug, title).fieldConfig.defaults.thresholds.steps[1]?.value;
}

/** What a panel asks CloudWatch for: metric, statistic and dimensions. */
function asked(slug: string, title: string): unknown[] {
    return panel(ofAws, slug, title).targets.map(({ metricName, statistic, dimensions }) => [
        metricName,
        statistic,
        dimensions,
    ]);
}

describe("every dashboard", () => {
    for (const [variant, args] of Object.entries(dashboardVariants)) {
        const all = dashboardsJson(args);

        it(`${variant} has an address that stays and links to the others`, () => {
            assert.deepEqual(
                all.map(({ uid }) => uid),
                slugs.map((slug) => `spywatcher-${slug}`),
            );
            for (const { tags, editable, links, description, schemaVersion } of all) {
                assert.deepEqual(tags, ["spywatcher"]);
                assert.equal(editable, false);
                assert.ok(description.length > 20 && schemaVersion >= 36);
                assert.deepEqual(
                    links.map((each: any) => [each.type, each.tags, each.url]),
                    [
                        ["dashboards", ["spywatcher"], undefined],
                        ["link", [], "https://example.com/infrastructure/docs/RUNBOOKS.md"],
                    ],
                );
            }
        });

        it(`${variant} fills its rows without a gap or an overlap`, () => {
            for (const { uid, panels } of all) {
                const taken = new Set<string>();
                for (const {
                    title,
                    gridPos: { x, y, w, h },
                } of panels) {
                    assert.ok(x + w <= 24, `${uid}: ${title} goes beyond the edge`);
                    for (let row = y; row < y + h; row++) {
                        for (let column = x; column < x + w; column++) {
                            const cell = `${row}/${column}`;
                            assert.ok(!taken.has(cell), `${uid}: ${title} lies on another panel`);
                            taken.add(cell);
                        }
                    }
                }
                const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
                assert.equal(taken.size, height * 24, `${uid} has a gap`);
            }
        });

        it(`${variant} says of each panel what it shows, in which unit and from where`, () => {
            const sources = { prometheus: "prometheus", cloudwatch: "cloudwatch" };
            for (const { uid, panels } of all) {
                assert.deepEqual(
                    panels.map(({ id }) => id),
                    panels.map((_, index) => index + 1),
                );
                for (const { type, title, description = "", targets, fieldConfig } of panels) {
                    if (type === "row") continue;
                    const where = `${uid}: ${title}`;
                    assert.ok(title !== "" && description.length > 10, where);
                    assert.ok(fieldConfig.defaults.unit, where);
                    assert.ok(targets.length > 0, where);
                    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, where);
                    for (const { datasource } of targets)
                        assert.equal(datasource.uid, sources[datasource.type as keyof typeof sources], where);
                }
            }
        });
    }

    it("asks CloudWatch nothing outside AWS", () => {
        const all = dashboardsJson(inCluster);
        assert.doesNotMatch(JSON.stringify(all), /cloudwatch/);
        assert.doesNotMatch(JSON.stringify(all), /karpenter/);
    });

    it("of data stores is not there when they are somebody else's", () => {
        const uids = dashboardsJson({ ...inAws, stores: undefined }).map(({ uid }) => uid);
        assert.deepEqual(
            uids,
            slugs.filter((slug) => slug !== "data-stores").map((slug) => `spywatcher-${slug}`),
        );
    });
});

describe("the list of firing alerts", () => {
    it("says where the runbooks are, linked or not", () => {
        const text = (runbookBase: string | undefined) =>
            panel(
                dashboardsJson({ ...inAws, rules: { ...ruleArgs, runbookBase } }).map((each) => ({
                    ...each,
                    panels: each.panels.filter(({ type }) => type === "table"),
                })),
                "overview",
                "Firing alerts",
            ).description;
        assert.match(text("https://example.com") ?? "", / in the runbooks, linked at the top\.$/);
        assert.match(text(undefined) ?? "", / in docs\/RUNBOOKS\.md of the repository\.$/);
    });
});

describe("the dashboards' limits", () => {
    it("are the alerts' own", () => {
        const thresholds = {
            ...defaultThresholds,
            serverErrors: 0.031,
            responseSeconds: 1.7,
            nearCpuLimit: 0.91,
            nearMemoryLimit: 0.92,
            availabilityObjective: 0.996,
            latencyObjective: 0.985,
            latencySeconds: 0.5,
            volumeFree: 0.12,
        };
        const all = dashboardsJson({ ...inAws, rules: { ...ruleArgs, thresholds } });
        const limits = {
            "Failed requests": 0.031,
            "Response time": 1.7,
            "CPU use": 0.91,
            "Memory use": 0.92,
            "Availability, 3 days": 0.996,
            "Answered within 0.5 s, 3 days": 0.985,
            "Availability budget left": 0,
        };
        assert.deepEqual(
            Object.fromEntries(Object.keys(limits).map((title) => [title, limit(all, "overview", title)])),
            limits,
        );
        assert.equal(limit(all, "capacity", "Free space of the volumes"), 0.12);
        assert.deepEqual(
            panel(all, "overview", "Availability budget left").targets.map(({ expr }) => expr),
            [
                '1 - avg_over_time(namespace:spywatcher_request_errors:rate5m{namespace="spywatcher"}[30d]) / (avg_over_time(namespace:spywatcher_requests:rate5m{namespace="spywatcher"}[30d]) > 0) / 0.004',
            ],
        );
        assert.deepEqual(
            panel(all, "overview", "Latency budget: how fast it is used up").targets.map(({ expr }) => expr),
            ["1h", "6h", "3d"].map(
                (window) =>
                    `namespace:spywatcher_slow_requests:ratio_rate${window}{namespace="spywatcher"} / 0.015`,
            ),
        );
    });

    it("are CloudWatch's alarms' own", () => {
        assert.deepEqual(
            ["Errors of the load balancer", "Errors of the pods", "Response time of the pods"].map((title) =>
                limit(ofAws, "load-balancer", title),
            ),
            [10, 50, 1],
        );
        // Counts in 5 minutes, as the alarms count them.
        for (const title of ["Errors of the load balancer", "Errors of the pods"])
            for (const { period } of panel(ofAws, "load-balancer", title).targets)
                assert.equal(period, "300");
        const ofStores = ofAws
            .find(({ uid }) => uid === "spywatcher-data-stores")
            ?.panels.filter(({ type }) => type !== "row")
            .map(({ title, fieldConfig }) => [title, fieldConfig.defaults.thresholds.steps[1]?.value]);
        assert.deepEqual(ofStores, [
            ["CPU", 80],
            ["Connections", 152],
            ["Free storage", 20 * 2 ** 30 * 0.1],
            ["Free memory", undefined],
            ["Disk", undefined],
            ["Transaction ids in use", 1e9],
            ["CPU", 45],
            ["Memory in use", 80],
            ["Keys dropped", undefined],
            ["Connections", undefined],
            ["Hits", undefined],
            ["Replication lag", 10],
        ]);
    });
});

describe("the load balancer's dashboard", () => {
    it("finds the load balancer by the tags its controller gives it", () => {
        const [variable] =
            ofAws.find(({ uid }) => uid === "spywatcher-load-balancer")?.["templating"].list ?? [];
        const { name, query, regex, refresh } = variable;
        assert.deepEqual(query, {
            queryType: "resourceARNs",
            region: "default",
            resourceType: "elasticloadbalancing:loadbalancer",
            tags: {
                "elbv2.k8s.aws/cluster": ["test"],
                "ingress.k8s.aws/stack": ["spywatcher/spywatcher-ingress"],
            },
            refId: "loadBalancer",
        });
        assert.deepEqual([name, refresh], ["loadBalancer", 1]);
        const arn =
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/k8s-a-b-1/0123456789";
        const [, pattern = ""] = /^\/(.+)\/$/.exec(regex) ?? [];
        assert.equal(new RegExp(pattern).exec(arn)?.[1], "app/k8s-a-b-1/0123456789");
    });

    it("asks for that load balancer, and for each of its target groups", () => {
        assert.deepEqual(asked("load-balancer", "Requests"), [
            ["RequestCount", "Sum", { LoadBalancer: "$loadBalancer" }],
        ]);
        assert.deepEqual(asked("load-balancer", "Response time of the pods"), [
            ["TargetResponseTime", "p95", { LoadBalancer: "$loadBalancer" }],
            ["TargetResponseTime", "p50", { LoadBalancer: "$loadBalancer" }],
            ["TargetResponseTime", "Average", { LoadBalancer: "$loadBalancer" }],
        ]);
        assert.deepEqual(asked("load-balancer", "Healthy targets"), [
            ["HealthyHostCount", "Minimum", { LoadBalancer: "$loadBalancer", TargetGroup: "*" }],
        ]);
    });
});
