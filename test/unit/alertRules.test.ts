import assert from "node:assert/strict";

import { ruleArgs } from "../../stacks/monitoring.ts";
import { configOf, objects, planOf, resource } from "../support/plans.ts";
import { release, releaseValues } from "../support/releases.ts";
import { comesAfter } from "../support/resources.ts";

const names = [
    "spywatcher-autoscaling",
    "spywatcher-deployments",
    "spywatcher-error-budget",
    "spywatcher-ingress",
    "spywatcher-load-balancer",
    "spywatcher-platform",
    "spywatcher-recording",
    "spywatcher-resources",
];

async function rules(stack: string, change: Parameters<typeof planOf>[1] = {}): Promise<any[]> {
    return objects(await planOf(stack, change), "PrometheusRule")
        .filter(({ metadata }) => metadata.name.startsWith("spywatcher-"))
        .sort((left, right) => left.metadata.name.localeCompare(right.metadata.name, "en"));
}

async function expr(alert: string, change: Parameters<typeof planOf>[1] = {}): Promise<string> {
    const groups = (await rules("local", change)).flatMap(({ spec }) => spec.groups);
    return groups.flatMap((group) => group.rules).find((rule) => rule.alert === alert).expr;
}

describe("alert rules", () => {
    it("are one object for each group, in the application's namespace", async () => {
        for (const stack of ["local", "dev", "prod"]) {
            const made = await rules(stack);
            assert.deepEqual(
                made.map(({ metadata }) => metadata.name),
                names,
            );
            for (const { apiVersion, metadata, spec } of made) {
                assert.equal(apiVersion, "monitoring.coreos.com/v1");
                assert.equal(metadata.namespace, "spywatcher");
                assert.deepEqual(metadata.labels, {
                    app: "spywatcher",
                    "app.kubernetes.io/part-of": "spywatcher",
                    "app.kubernetes.io/managed-by": "pulumi",
                });
                assert.deepEqual(
                    spec.groups.map((group: any) => [group.name, group.interval]),
                    [[metadata.name, "30s"]],
                );
            }
        }
    });

    it("keep the seed's durations and severities", async () => {
        const all = (await rules("prod")).flatMap(({ spec }) => spec.groups[0].rules);
        const found = new Map(all.map((rule) => [rule.alert, `${rule.for} ${rule.labels?.severity}`]));
        const seed = {
            HPAMaxedOut: "15m warning",
            HPAAtMinimumButHighCPU: "10m warning",
            HPAMetricsUnavailable: "5m critical",
            FrequentScaling: "30m warning",
            HighPodCountSustained: "2h warning",
            DeploymentRolloutStuck: "15m critical",
            PodsNotReady: "10m warning",
            HighPodRestartRate: "15m warning",
            ServiceNoEndpoints: "5m critical",
            EndpointsReducedSignificantly: "5m warning",
            SustainedHighCPUUsage: "30m warning",
            SustainedHighMemoryUsage: "30m warning",
            NearCPULimit: "5m critical",
            NearMemoryLimit: "5m critical",
            High5xxErrorRate: "5m critical",
            HighResponseTime: "10m warning",
        };
        assert.deepEqual(
            Object.fromEntries(Object.keys(seed).map((alert) => [alert, found.get(alert)])),
            seed,
        );
    });

    it("come after the definitions and after the webhook that checks them", async () => {
        const plan = await planOf("prod");
        for (const name of names) {
            const rule = resource(plan, "PrometheusRule", name);
            for (const earlier of ["prometheus-operator-crds", "kube-prometheus-stack"])
                assert.ok(comesAfter(plan, rule, release(plan, earlier)), `${name} after ${earlier}`);
            assert.ok(comesAfter(plan, rule, resource(plan, "Namespace", "spywatcher")));
        }
    });

    it("are not made when they are off, or where there are no definitions", async () => {
        assert.deepEqual(await rules("prod", { monitoring: { rules: { enabled: false } } }), []);
        assert.deepEqual(await rules("local", { monitoring: { existingDefinitions: false } }), []);
    });

    it("follow the configuration", async () => {
        const change = {
            app: { namespace: "blue", bot: { enabled: true } },
            monitoring: {
                namespace: "watch",
                rules: {
                    runbookBase: "https://git.example.com/blob/main",
                    thresholds: { reducedEndpoints: 0.25, latencySeconds: 0.5, volumeFree: 0.2 },
                },
            },
        } as const;
        assert.equal(
            await expr("ServiceNoEndpoints", change),
            'max by (namespace, deployment) (kube_deployment_status_replicas_available{namespace="blue", deployment=~"spywatcher-backend|spywatcher-frontend"}) == 0',
        );
        assert.match(await expr("EndpointsReducedSignificantly", change), / < 0\.25\nand [^<]+ < 0\.25$/);
        assert.match(await expr("VolumeFillingUp", change), /\{namespace="blue"\} < 0\.2$/);
        assert.match(
            await expr("HighPodRestartRate", change),
            /container=~"backend\|frontend\|bot\|postgres\|redis"/,
        );
        assert.match(await expr("HighPodRestartRate"), /container=~"backend\|frontend\|postgres\|redis"/);
        const made = await rules("local", change);
        const recording = made.find(({ metadata }) => metadata.name === "spywatcher-recording");
        assert.match(JSON.stringify(recording), /le=\\"0\.5\\"/);
        assert.match(
            JSON.stringify(recording),
            /kubelet_volume_stats_available_bytes\{job=\\"kubelet\\", namespace=~\\"blue\|watch\\"\}/,
        );
        const [first] = made[0].spec.groups[0].rules;
        assert.equal(
            first.annotations.runbook_url,
            "https://git.example.com/blob/main/docs/RUNBOOKS.md#hpamaxedout",
        );
    });

    it("watch the data stores that are in the cluster, and no others", async () => {
        const { stores } = ruleArgs(configOf("prod"));
        assert.deepEqual(stores, []);
        const all = (await rules("prod")).flatMap(({ spec }) => spec.groups[0].rules);
        assert.equal(
            all.some(({ alert }) => alert === "DataStoreNotReady"),
            false,
        );
        assert.equal(
            await expr("DataStoreNotReady"),
            'max by (namespace, statefulset) (kube_statefulset_replicas{namespace="spywatcher", statefulset=~"postgres|redis"})\n' +
                '- max by (namespace, statefulset) (kube_statefulset_status_replicas_ready{namespace="spywatcher", statefulset=~"postgres|redis"}) > 0',
        );
    });

    it("watch the controllers that are installed, and no others", async () => {
        const ofControllers = async (stack: string, change = {}) =>
            (await rules(stack, change))
                .flatMap(({ spec }) =>
                    spec.groups[0].rules.map(({ alert }: any) => alert as string | undefined),
                )
                .filter((alert) =>
                    /^(?:LoadBalancerReconcile|NodeLaunch|ControllerMetrics)/.test(alert ?? ""),
                );
        assert.deepEqual(await ofControllers("local"), []);
        assert.deepEqual(await ofControllers("prod"), [
            "LoadBalancerReconcileErrors",
            "NodeLaunchFailing",
            "ControllerMetricsMissing",
        ]);
    });

    it("say how long a rollout has been stuck by the time it is given", async () => {
        const description = async (rolloutTimeoutSeconds: number) =>
            (await rules("local", { app: { rolloutTimeoutSeconds } }))
                .flatMap(({ spec }) => spec.groups[0].rules)
                .find(({ alert }) => alert === "DeploymentRolloutStuck").annotations.description;
        assert.match(await description(600), /has made no progress for 25 minutes/);
        assert.match(await description(1800), /has made no progress for 45 minutes/);
    });

    it("have Karpenter scraped, whose errors one of them reads", async () => {
        assert.deepEqual(releaseValues(await planOf("prod"), "karpenter")["serviceMonitor"], {
            enabled: true,
        });
    });

    it("refuse thresholds that would always or never fire", () => {
        const refused = (thresholds: object, message: RegExp) =>
            assert.throws(() => configOf("local", { monitoring: { rules: { thresholds } } }), message);
        refused(
            { sustainedCpu: 80 },
            /monitoring\.rules\.thresholds\.sustainedCpu.*must be from 0\.01 to 0\.99/s,
        );
        refused({ nearMemoryLimit: 1 }, /must be from 0\.01 to 0\.99/);
        refused({ hotCpuOverTarget: 1 }, /must be from 1\.1 to 10/);
        refused({ availabilityObjective: 0.9 }, /must be from 0\.95 to 0\.9999/);
        refused({ latencySeconds: 3 }, /must be one of 0\.1, 0\.5, 1, 2, 5/);
        refused({ cpu: 0.5 }, /thresholds/);
    });
});
