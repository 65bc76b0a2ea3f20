import assert from "node:assert/strict";

import { checks } from "../../../ops/validate/checks/index.ts";
import { kinds } from "../../../ops/validate/kinds.ts";
import { HealthyCluster } from "../../support/healthyCluster.ts";

describe("validate", () => {
    let cluster: HealthyCluster;

    beforeEach(async () => {
        cluster = await HealthyCluster.of("local");
    });

    it("finds nothing wrong with a cluster that is as planned", () => {
        const findings = cluster.findings();
        assert.deepEqual(cluster.faults(), []);
        assert.deepEqual(
            [...new Set(findings.map(({ check }) => check))],
            checks.map(({ name }) => name),
        );
        assert.deepEqual(
            findings
                .filter(({ status }) => status === "pass")
                .map(({ check, object, message }) => `${check}: ${object}: ${message}`),
            [
                "namespace: Namespace spywatcher: is there",
                "metrics-api: APIService v1beta1.metrics.k8s.io: is available",
                "metrics-api: NodeMetrics: 3 nodes",
                "hpa-config: HorizontalPodAutoscaler spywatcher-frontend-hpa: 2–5 replicas by cpu, memory",
                "hpa-config: HorizontalPodAutoscaler spywatcher-backend-hpa: 2–10 replicas by cpu, memory",
                "hpa-status: HorizontalPodAutoscaler spywatcher-frontend-hpa: 2 replicas: cpu 10%, memory 10%",
                "hpa-status: HorizontalPodAutoscaler spywatcher-backend-hpa: 2 replicas: cpu 10%, memory 10%",
                "deployments: Deployment spywatcher-frontend: 2 of 2 pods updated and available",
                "deployments: Deployment spywatcher-backend: 2 of 2 pods updated and available",
                "deployments: StatefulSet postgres: 1 of 1 pods updated and available",
                "deployments: StatefulSet redis: 1 of 1 pods updated and available",
                "probes: Deployment spywatcher-frontend: startupProbe, readinessProbe, livenessProbe",
                "probes: Deployment spywatcher-backend: startupProbe, readinessProbe, livenessProbe",
                "probes: StatefulSet postgres: readinessProbe, livenessProbe",
                "probes: StatefulSet redis: readinessProbe, livenessProbe",
                "requests: Deployment spywatcher-frontend: cpu and memory everywhere",
                "requests: Deployment spywatcher-backend: cpu and memory everywhere",
                "requests: StatefulSet postgres: cpu and memory everywhere",
                "requests: StatefulSet redis: cpu and memory everywhere",
                "endpoints: Service postgres: 1 ready endpoints",
                "endpoints: Service redis: 1 ready endpoints",
                "endpoints: Service spywatcher-frontend: 2 ready endpoints",
                "endpoints: Service spywatcher-backend: 2 ready endpoints",
                "pdb: PodDisruptionBudget spywatcher-frontend-pdb: 1 of 2 pods may go",
                "pdb: PodDisruptionBudget spywatcher-backend-pdb: 1 of 2 pods may go",
                "ingress: Ingress spywatcher-ingress: class alb, spywatcher.localhost.example, api.spywatcher.localhost.example at lb.example.com",
                "drain: Deployment spywatcher-frontend: deregistration 60 s < preStop 70 s < grace 105 s",
                "drain: Deployment spywatcher-backend: deregistration 60 s < preStop 70 s < grace 105 s, idle timeout 60 s < keep-alive 65 s",
                "pod-metrics: Deployment spywatcher-frontend: 2 of 2 pods",
                "pod-metrics: Deployment spywatcher-backend: 2 of 2 pods",
                "pod-metrics: StatefulSet postgres: 1 of 1 pods",
                "pod-metrics: StatefulSet redis: 1 of 1 pods",
                "spread: Deployment spywatcher-frontend: zones: a 1, b 1; nodes: node-a 1, node-b 1",
                "spread: Deployment spywatcher-backend: zones: a 1, b 1; nodes: node-a 1, node-b 1",
                "capacity: Nodes: room for all 13 further pods at the maximum",
                "capacity: ResourceQuota spywatcher-quota: holds the maximum",
                `plan: Plan: ${cluster.planned.objects.length - 3} objects are as planned`,
            ],
        );
    });

    it("warns of images by tag, and fails for them in prod", () => {
        const images = (environment: "dev" | "prod") =>
            cluster
                .findings({ ...cluster.config, environment })
                .filter(({ check }) => check === "images")
                .map(({ status }) => status);
        assert.deepEqual(images("dev"), ["warn", "warn", "warn", "warn"]);
        assert.deepEqual(images("prod"), ["fail", "fail", "fail", "fail"]);
    });

    const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;
    it("accepts images by digest", () => {
        for (const runner of [...cluster.all(kinds.deployments), ...cluster.all(kinds.statefulSets)]) {
            const [container] = runner.spec.template.spec.containers;
            container.image = `${String(container.image)}${digest}`;
        }
        const found = cluster.findings().filter(({ check }) => check === "images");
        assert.deepEqual(
            found.map(({ status }) => status),
            ["pass", "pass", "pass", "pass"],
        );
    });
});
