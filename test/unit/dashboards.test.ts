import assert from "node:assert/strict";

import { defaultThresholds } from "../../infra/observability/thresholds.ts";
import { dashboardArgs } from "../../stacks/dashboards.ts";
import {
    type DashboardJson,
    dashboardsJson,
    dashboardVariants,
    type PanelJson,
} from "../support/dashboards.ts";
import { configOf, objects, planOf, resource } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { comesAfter } from "../support/resources.ts";
import { ruleArgs } from "../support/ruleArgs.ts";

const inAws = dashboardsJson(dashboardVariants["in AWS"]!);
const slugs = ["overview", "autoscaling", "rollouts", "load-balancer", "data-stores", "capacity"];
const labelled = ({ metadata }: { metadata: { labels?: Record<string, string> } }) =>
    metadata.labels?.["grafana_dashboard"] === "1";

function panel(all: readonly DashboardJson[], slug: string, title: string): PanelJson {
    const found = all
        .find(({ uid }) => uid === `spywatcher-${slug}`)
        ?.panels.filter((each) => each.title === title && each.type !== "row");
    assert.equal(found?.length, 1, `${slug}: ${title}`);
    return found[0] as PanelJson;
}

/** The value at which a panel turns bad. */
function limit(all: readonly DashboardJson[], slug: string, title: string): number {
    return panel(all, slug, title).fieldConfig.defaults.thresholds.steps[1]?.value;
}

/** What a panel asks CloudWatch for: metric, statistic and dimensions. */
function asked(slug: string, title: string): unknown[] {
    return panel(inAws, slug, title).targets.map(({ metricName, statistic, dimensions }) => [
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
        const all = dashboardsJson(dashboardVariants["in a cluster of somebody else's"]!);
        assert.doesNotMatch(JSON.stringify(all), /cloudwatch/);
        assert.doesNotMatch(JSON.stringify(all), /karpenter/);
    });

    it("of data stores is not there when they are somebody else's", () => {
        const uids = dashboardsJson({ ...dashboardVariants["in AWS"]!, stores: undefined }).map(
            ({ uid }) => uid,
        );
        assert.deepEqual(
            uids,
            slugs.filter((slug) => slug !== "data-stores").map((slug) => `spywatcher-${slug}`),
        );
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
        const all = dashboardsJson({ ...dashboardVariants["in AWS"]!, rules: { ...ruleArgs, thresholds } });
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
                limit(inAws, "load-balancer", title),
            ),
            [10, 50, 1],
        );
        const ofStores = inAws
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
            inAws.find(({ uid }) => uid === "spywatcher-load-balancer")?.["templating"].list ?? [];
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

describe("the dashboards of a stack", () => {
    for (const stack of ["dev", "prod"]) {
        it(`are ConfigMaps of ${stack} that Grafana's sidecar finds and the API server takes`, async () => {
            const plan = await planOf(stack);
            const { dashboards } = releaseValues(plan, "kube-prometheus-stack").grafana.sidecar;
            const made = objects(plan, "ConfigMap").filter(labelled);
            assert.deepEqual(
                made.map(({ metadata }) => metadata.name),
                slugs.map((slug) => `spywatcher-dashboard-${slug}`),
            );
            for (const { apiVersion, metadata, data } of made) {
                const slug = metadata.name.replace("spywatcher-dashboard-", "");
                assert.equal(apiVersion, "v1");
                assert.equal(metadata.namespace, "monitoring");
                assert.deepEqual(metadata.labels, {
                    "app.kubernetes.io/part-of": "spywatcher",
                    "app.kubernetes.io/managed-by": "pulumi",
                    [dashboards.label]: dashboards.labelValue,
                });
                assert.deepEqual(metadata.annotations, { [dashboards.folderAnnotation]: "Spywatcher" });
                const [[file, text] = ["", ""], ...more] = Object.entries(data ?? {});
                assert.deepEqual([file, more], [`spywatcher-${slug}.json`, []]);
                assert.equal(JSON.parse(text).uid, `spywatcher-${slug}`);
                // A ConfigMap may have 1 MiB; client-side apply keeps a copy in annotations of 256 KiB.
                assert.ok(Buffer.byteLength(text) < 2 ** 18, `${slug} is too large`);
            }
        });
    }

    it("come after the namespace alone", async () => {
        const plan = await planOf("prod");
        const overview = resource(plan, "ConfigMap", "spywatcher-dashboard-overview");
        assert.ok(comesAfter(plan, overview, resource(plan, "Namespace", "monitoring")));
        assert.deepEqual(
            overview.dependsOn.filter((urn) => urn.includes("helm.sh")),
            [],
        );
    });

    it("are not made when they are off, or where there is no Grafana of ours", async () => {
        for (const [stack, change] of [
            ["prod", { monitoring: { dashboards: false } }],
            ["prod", { monitoring: { grafana: { enabled: false } } }],
            ["local", {}],
        ] as const)
            assert.deepEqual(objects(await planOf(stack, change), "ConfigMap").filter(labelled), []);
    });

    it("show what the configuration says", () => {
        const ofProd = dashboardArgs(configOf("prod"), "spywatcher-prod");
        assert.deepEqual(ofProd.loadBalancer, {
            clusterName: "spywatcher-prod",
            ingress: "spywatcher/spywatcher-ingress",
        });
        assert.equal(ofProd.stores?.kind, "aws");
        assert.deepEqual(
            [ofProd.stores.postgres.name, ofProd.stores.redis.name, ofProd.stores.redis.nodes],
            ["spywatcher-prod-postgres", "spywatcher-prod-redis", 2],
        );
        assert.deepEqual([ofProd.karpenter, ofProd.customMetrics], [true, false]);
        const ofLocal = dashboardArgs(configOf("local"), undefined);
        assert.deepEqual(
            [ofLocal.karpenter, ofLocal.loadBalancer, ofLocal.stores],
            [false, undefined, { kind: "in-cluster" }],
        );
    });
});
