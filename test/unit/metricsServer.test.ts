import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { objects, planOf, resource } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const release = "kubernetes:helm.sh/v3:Release";

const server = (plan: Plan) => byName(plan, release, "metrics-server-release");
const values = (plan: Plan) => server(plan).inputs["values"] as Record<string, unknown>;

const spread = (whenUnsatisfiable: string) => [
    {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable,
        labelSelector: {
            matchLabels: {
                "app.kubernetes.io/name": "metrics-server",
                "app.kubernetes.io/instance": "metrics-server",
            },
        },
        matchLabelKeys: ["pod-template-hash"],
    },
];

describe("metrics-server", () => {
    it("has exactly these values in prod", async () => {
        assert.deepEqual(server(await planOf("prod")).inputs, {
            name: "metrics-server",
            namespace: "kube-system",
            chart: "metrics-server",
            version: "3.13.1",
            repositoryOpts: { repo: "https://kubernetes-sigs.github.io/metrics-server" },
            maxHistory: 5,
            cleanupOnFail: true,
            compat: "true",
            values: {
                fullnameOverride: "metrics-server",
                replicas: 2,
                args: ["--metric-resolution=10s", "--kubelet-request-timeout=5s"],
                resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } },
                priorityClassName: "system-cluster-critical",
                nodeSelector: { "eks.amazonaws.com/nodegroup": "system" },
                tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
                topologySpreadConstraints: spread("DoNotSchedule"),
                podDisruptionBudget: {
                    enabled: true,
                    maxUnavailable: 1,
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                },
                apiService: { insecureSkipTLSVerify: false },
                tls: { type: "helm", helm: { lookup: true, certDurationDays: 3650 } },
                metrics: { enabled: true },
                serviceMonitor: { enabled: true },
            },
        });
    });

    it("has one copy, and no budget that would block a drain, on one node", async () => {
        const plan = await planOf("dev", { cluster: { kind: "eks", systemNodes: { count: 1 } } });
        const { replicas, podDisruptionBudget } = values(plan);
        assert.equal(replicas, 1);
        assert.equal((podDisruptionBudget as { enabled: boolean }).enabled, false);
    });

    it("is watched only where the definition of a ServiceMonitor is, and comes after it", async () => {
        const without = values(await planOf("dev", { monitoring: { enabled: false } }));
        assert.deepEqual(
            [without["metrics"], without["serviceMonitor"]],
            [{ enabled: false }, { enabled: false }],
        );
        const plan = await planOf("prod");
        for (const name of ["metrics-server-release", "load-balancer-controller-release"]) {
            const definitions = byName(plan, release, "monitoring-definitions");
            assert.ok(comesAfter(plan, byName(plan, release, name), definitions), name);
        }
    });

    it("is installed once, before every HPA, which goes first", async () => {
        for (const stack of ["dev", "prod"]) {
            const plan = await planOf(stack);
            const installed = ofType(plan, release).filter(
                ({ inputs }) => inputs["chart"] === "metrics-server",
            );
            assert.equal(installed.length, 1);
            const addons = ofType(plan, "aws:eks/addon:Addon").map(({ inputs }) => inputs["addonName"]);
            assert.equal(addons.includes("metrics-server"), false);
            const scalers = objects(plan, "HorizontalPodAutoscaler");
            assert.equal(scalers.length, 2);
            for (const { kind, metadata } of scalers) {
                const scaler = resource(plan, kind, metadata.name);
                assert.ok(comesAfter(plan, scaler, server(plan)), metadata.name);
            }
        }
    });

    it("keeps no Ingress waiting", async () => {
        const plan = await planOf("prod");
        const ingress = resource(plan, "Ingress", "spywatcher-ingress");
        assert.equal(comesAfter(plan, ingress, server(plan)), false);
    });

    it("is reached by the control plane: its nodes wear the cluster's own security group only", async () => {
        const plan = await planOf("prod");
        const template = byName(
            plan,
            "aws:ec2/launchTemplate:LaunchTemplate",
            "cluster-system-template",
        ).inputs;
        for (const key of ["vpcSecurityGroupIds", "securityGroupNames", "networkInterfaces"]) {
            assert.equal(key in template, false, key);
        }
    });

    it("is left to a cluster that exists, unless asked for", async () => {
        const has = (plan: Plan): boolean =>
            plan.resources.some(({ name }) => name === "metrics-server-release");
        assert.equal(has(await planOf("local")), false);
        assert.equal(has(await planOf("prod", { platform: { metricsServer: { enabled: false } } })), false);
        const plan = await planOf("local", { platform: { metricsServer: { enabled: true } } });
        const { nodeSelector, tolerations, topologySpreadConstraints } = values(plan);
        assert.deepEqual([nodeSelector, tolerations], [undefined, undefined]);
        assert.deepEqual(topologySpreadConstraints, spread("ScheduleAnyway"));
        const scaler = resource(plan, "HorizontalPodAutoscaler", "spywatcher-backend-hpa");
        assert.ok(comesAfter(plan, scaler, server(plan)));
    });
});
