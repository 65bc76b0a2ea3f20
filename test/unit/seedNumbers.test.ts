import assert from "node:assert/strict";

import { object, objects, planOf } from "../support/plans.ts";

const behavior = {
    scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
            { type: "Percent", value: 100, periodSeconds: 30 },
            { type: "Pods", value: 2, periodSeconds: 30 },
        ],
    },
    scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 1, periodSeconds: 60 },
        ],
    },
};

function utilization(name: string, averageUtilization: number) {
    return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}

describe("the seed's numbers in prod and local", () => {
    for (const stack of ["prod", "local"]) {
        describe(stack, () => {
            for (const { tier, max } of [
                { tier: "backend", max: 10 },
                { tier: "frontend", max: 5 },
            ]) {
                it(`scales the ${tier} from 2 to ${max} at 70 % CPU and 80 % memory`, async () => {
                    const hpa = object(
                        await planOf(stack),
                        "HorizontalPodAutoscaler",
                        `spywatcher-${tier}-hpa`,
                    );
                    assert.equal(hpa.apiVersion, "autoscaling/v2");
                    assert.equal(hpa.metadata.namespace, "spywatcher");
                    assert.deepEqual(hpa.spec, {
                        scaleTargetRef: {
                            apiVersion: "apps/v1",
                            kind: "Deployment",
                            name: `spywatcher-${tier}`,
                        },
                        minReplicas: 2,
                        maxReplicas: max,
                        metrics: [utilization("cpu", 70), utilization("memory", 80)],
                        behavior,
                    });
                });

                it(`leaves one ${tier} pod in every drain`, async () => {
                    const pdb = object(await planOf(stack), "PodDisruptionBudget", `spywatcher-${tier}-pdb`);
                    assert.deepEqual(pdb.spec, {
                        minAvailable: 1,
                        selector: { matchLabels: { app: "spywatcher", tier } },
                        unhealthyPodEvictionPolicy: "AlwaysAllow",
                    });
                });

                it(`rolls the ${tier} out one surplus pod at a time and leaves the replica count to the HPA`, async () => {
                    const { spec } = object(await planOf(stack), "Deployment", `spywatcher-${tier}`);
                    assert.deepEqual(spec.strategy, {
                        type: "RollingUpdate",
                        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
                    });
                    assert.equal(spec.revisionHistoryLimit, 10);
                    assert.equal("replicas" in spec, false);
                });
            }

            it("reserves and limits CPU and memory", async () => {
                const plan = await planOf(stack);
                const resources = (name: string): unknown =>
                    object(plan, "Deployment", name).spec.template.spec.containers[0].resources;
                assert.deepEqual(resources("spywatcher-backend"), {
                    requests: { cpu: "500m", memory: "512Mi" },
                    limits: { cpu: "1000m", memory: "1Gi" },
                });
                assert.deepEqual(resources("spywatcher-frontend"), {
                    requests: { cpu: "100m", memory: "128Mi" },
                    limits: { cpu: "500m", memory: "256Mi" },
                });
            });

            it("probes both workloads at /health/live and /health/ready", async () => {
                const plan = await planOf(stack);
                const probes = (name: string): unknown => {
                    const { livenessProbe, readinessProbe, startupProbe } = object(plan, "Deployment", name)
                        .spec.template.spec.containers[0];
                    return { livenessProbe, readinessProbe, startupProbe };
                };
                const probe = (
                    path: string,
                    timing: [initial: number, period: number, timeout: number, failures: number],
                ) => ({
                    httpGet: { path, port: "http", scheme: "HTTP" },
                    initialDelaySeconds: timing[0],
                    periodSeconds: timing[1],
                    timeoutSeconds: timing[2],
                    failureThreshold: timing[3],
                    successThreshold: 1,
                });
                assert.deepEqual(probes("spywatcher-backend"), {
                    livenessProbe: probe("/health/live", [30, 10, 5, 3]),
                    readinessProbe: probe("/health/ready", [10, 5, 3, 3]),
                    startupProbe: probe("/health/live", [0, 10, 3, 30]),
                });
                assert.deepEqual(probes("spywatcher-frontend"), {
                    livenessProbe: probe("/health/live", [10, 10, 5, 3]),
                    readinessProbe: probe("/health/ready", [5, 5, 3, 3]),
                    startupProbe: probe("/health/live", [0, 10, 3, 30]),
                });
            });

            it("keeps a client inside the cluster on its backend pod for 3 hours", async () => {
                const plan = await planOf(stack);
                const { spec } = object(plan, "Service", "spywatcher-backend");
                assert.deepEqual(spec, {
                    type: "ClusterIP",
                    selector: { app: "spywatcher", tier: "backend" },
                    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
                    sessionAffinity: "ClientIP",
                    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
                });
                assert.equal("sessionAffinity" in object(plan, "Service", "spywatcher-frontend").spec, false);
            });

            it("bounds the namespace by quota and default limits", async () => {
                const plan = await planOf(stack);
                assert.deepEqual(object(plan, "ResourceQuota", "spywatcher-quota").spec, {
                    hard: {
                        "requests.cpu": "20",
                        "requests.memory": "40Gi",
                        "limits.cpu": "40",
                        "limits.memory": "80Gi",
                        persistentvolumeclaims: "10",
                    },
                });
                assert.deepEqual(object(plan, "LimitRange", "spywatcher-limit-range").spec, {
                    limits: [
                        {
                            type: "Container",
                            default: { cpu: "1", memory: "1Gi" },
                            defaultRequest: { cpu: "500m", memory: "512Mi" },
                        },
                    ],
                });
            });
        });
    }

    it("runs dev on 1–3 backend and 1–2 frontend pods that a drain may still take", async () => {
        const plan = await planOf("dev");
        const bounds = (name: string): unknown => {
            const { minReplicas, maxReplicas } = object(plan, "HorizontalPodAutoscaler", name).spec;
            return [minReplicas, maxReplicas];
        };
        assert.deepEqual(bounds("spywatcher-backend-hpa"), [1, 3]);
        assert.deepEqual(bounds("spywatcher-frontend-hpa"), [1, 2]);
        assert.deepEqual(
            objects(plan, "PodDisruptionBudget").map(({ spec }) => spec.maxUnavailable),
            [1, 1],
        );
    });
});
