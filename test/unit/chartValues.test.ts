import assert from "node:assert/strict";

import fc from "fast-check";

import { contradictions, withValues } from "../../infra/platform/chartValues.ts";
import { reservedValues, setValues } from "../../infra/platform/reservedValues.ts";
import { type ChartName, charts } from "../../infra/versions.ts";
import { valuePaths } from "../support/chartValues.ts";
import { problems } from "../support/configProblems.ts";
import { planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";
import { everyone } from "../support/routing.ts";

/** Uses every key there is. */
const everything = {
    app: { backend: { autoscaling: { customMetrics: { enabled: true } } } },
    secrets: everyone.secrets,
    monitoring: {
        ...everyone.monitoring,
        objectLabels: { release: "metrics" },
        grafana: {
            storage: "5Gi",
            ingress: { host: "grafana.example.com", inboundCidrs: ["10.0.0.0/8"] },
        },
    },
};

const why =
    "must not be set here: the program decides it from the rest of its configuration, or counts on the chart's default";

/** Keys that the program sets nowhere, but that would turn off, rename or open what other parts need. */
const counted: Partial<Record<ChartName, string[]>> = {
    "aws-load-balancer-controller": [
        "enableCertManager",
        "enablePodReadinessGateInject",
        "fullnameOverride",
        "nameOverride",
        "webhookNamespaceSelectors",
        "webhookTLS",
    ],
    karpenter: ["fullnameOverride", "nameOverride"],
    "metrics-server": ["containerPort", "defaultArgs", "nameOverride", "podDisruptionBudget/minAvailable"],
    "kube-prometheus-stack": [
        "alertmanager/enabled",
        "fullnameOverride",
        "kubeStateMetrics/enabled",
        "nameOverride",
        "namespaceOverride",
        "prometheus/enabled",
    ],
    "prometheus-adapter": [
        "podDisruptionBudget/minAvailable",
        "rules/existing",
        "rules/external",
        "rules/resource",
    ],
};

describe("the values of charts", () => {
    it("are those of these versions; read the charts' keys again before changing one", () => {
        const versions = Object.entries(charts).map(([name, { version }]) => [name, version]);
        assert.deepEqual(Object.fromEntries(versions), {
            "aws-load-balancer-controller": "3.5.0",
            karpenter: "1.14.1",
            "karpenter-crd": "1.14.1",
            "kube-prometheus-stack": "88.5.3",
            "metrics-server": "3.13.1",
            "prometheus-adapter": "5.3.0",
            "prometheus-operator-crds": "31.0.1",
        });
    });

    for (const [chart, owned] of Object.entries(setValues)) {
        it(`use the keys of ${chart}, and no other`, async () => {
            const used = valuePaths(releaseValues(await planOf("prod", everything), chart), owned);
            assert.deepEqual(used, owned.toSorted());
        });
    }

    it("would be seen to have a typo", () => {
        assert.deepEqual(
            valuePaths(
                { prometheus: { prometheusSpecs: { replicas: 1 } } },
                setValues["kube-prometheus-stack"],
            ),
            ["prometheus/prometheusSpecs/replicas"],
        );
    });

    it("take more from the configuration, beside the program's own", async () => {
        const prometheusSpec = { scrapeInterval: "15s" };
        const plan = await planOf("prod", {
            platform: {
                charts: {
                    "kube-prometheus-stack": {
                        values: {
                            prometheus: { prometheusSpec },
                            grafana: { "grafana.ini": { "auth.generic_oauth": { enabled: true } } },
                        },
                    },
                },
            },
        });
        const without = releaseValues(await planOf("prod"), "kube-prometheus-stack");
        const { prometheus, grafana, ...rest } = releaseValues(plan, "kube-prometheus-stack");
        assert.deepEqual(prometheus.prometheusSpec, {
            ...without.prometheus.prometheusSpec,
            ...prometheusSpec,
        });
        assert.deepEqual(grafana["grafana.ini"], {
            ...without.grafana["grafana.ini"],
            "auth.generic_oauth": { enabled: true },
        });
        assert.deepEqual(
            Object.keys(rest).sort(),
            Object.keys(without)
                .filter((key) => key in rest)
                .sort(),
        );
    });

    for (const [chart, reserved] of Object.entries(reservedValues)) {
        it(`may set no key of ${chart} that the program sets or counts on`, () => {
            for (const key of reserved) {
                const path = key.split("/");
                const values = path.reduceRight<unknown>((inner, each) => ({ [each]: inner }), "text");
                assert.deepEqual(problems({ platform: { charts: { [chart]: { values } } } }), [
                    `spywatcher:platform.charts.${chart}.values.${path.join(".")}: ${why} (is "text")`,
                ]);
            }
        });
    }

    it("would break what counts on their defaults", () => {
        for (const [chart, keys] of Object.entries(counted)) {
            const reserved: readonly string[] = reservedValues[chart as ChartName];
            assert.deepEqual(
                keys.filter((key) => !reserved.includes(key)),
                [],
                chart,
            );
        }
    });

    it("that the program decides are refused, at, above and below its keys", () => {
        const change = {
            platform: {
                charts: {
                    "aws-load-balancer-controller": { values: { replicaCount: 1, objectSelector: null } },
                    "kube-prometheus-stack": {
                        values: { prometheus: { prometheusSpec: { resources: { limits: { cpu: "1" } } } } },
                    },
                },
            },
        };
        assert.deepEqual(problems(change), [
            `spywatcher:platform.charts.aws-load-balancer-controller.values.replicaCount: ${why} (is 1)`,
            `spywatcher:platform.charts.aws-load-balancer-controller.values.objectSelector: ${why} (is null)`,
            `spywatcher:platform.charts.kube-prometheus-stack.values.prometheus.prometheusSpec.resources: ${why}`,
        ]);
    });

    it("never change the program's own where nothing contradicts", () => {
        const key = fc.constantFrom("a", "b", "c");
        const { values } = fc.letrec<{ values: Record<string, unknown>; value: unknown }>((tie) => ({
            values: fc.dictionary(key, tie("value"), { maxKeys: 3 }),
            value: fc.oneof({ maxDepth: 3 }, fc.integer(), tie("values")),
        }));
        const owned = ["a/b", "b", "c/a/c"];
        const own = { a: { b: "own" }, b: "own", c: { a: { c: "own" } } };
        fc.assert(
            fc.property(values, (added) => {
                fc.pre(contradictions(added, owned).length === 0);
                const merged = withValues(own, added) as typeof own;
                assert.deepEqual([merged.a.b, merged.b, merged.c.a.c], ["own", "own", "own"]);
            }),
        );
    });
});
