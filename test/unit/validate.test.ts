import assert from "node:assert/strict";

import { checks } from "../../ops/validate/checks/index.ts";
import { kinds } from "../../ops/validate/kinds.ts";
import { HealthyCluster } from "../support/healthyCluster.ts";

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

    const tables: {
        name: string;
        break: (cluster: HealthyCluster) => void;
        expected: string[];
    }[] = [
        {
            name: "a namespace that is being deleted",
            break: (each) => (each.the(kinds.namespaces, "spywatcher").status.phase = "Terminating"),
            expected: ["fail namespace: Namespace spywatcher: is being deleted"],
        },
        {
            name: "no metrics API",
            break: (each) => each.set(kinds.apiServices, []),
            expected: ["fail metrics-api: APIService v1beta1.metrics.k8s.io: does not exist"],
        },
        {
            name: "a metrics API without a server",
            break: (each) => {
                each.all(kinds.apiServices)[0].status.conditions[0] = {
                    type: "Available",
                    status: "False",
                    message: "no endpoints",
                };
            },
            expected: ["fail metrics-api: APIService v1beta1.metrics.k8s.io: is not available: no endpoints"],
        },
        {
            name: "nodes without metrics",
            break: (each) => each.set(kinds.nodeMetrics, []),
            expected: ["fail metrics-api: NodeMetrics: 3 of 3 ready nodes have none: node-a, node-b, node-c"],
        },
        {
            name: "a node without metrics",
            break: (each) => each.remove(kinds.nodeMetrics, "node-b"),
            expected: ["warn metrics-api: NodeMetrics: 1 of 3 ready nodes have none: node-b"],
        },
        {
            name: "an HPA that is gone",
            break: (each) => each.remove(kinds.autoscalers, "spywatcher-backend-hpa"),
            expected: ["fail hpa-config: HorizontalPodAutoscaler spywatcher-backend-hpa: does not exist"],
        },
        {
            name: "another behaviour of an HPA",
            break: (each) => {
                const { spec } = each.the(kinds.autoscalers, "spywatcher-backend-hpa");
                spec.behavior.scaleDown.selectPolicy = "Max";
                spec.metrics.pop();
            },
            expected: [
                "fail hpa-config: HorizontalPodAutoscaler spywatcher-backend-hpa: spec.behavior.scaleDown.selectPolicy is Max, planned Min; spec.metrics has 1 entries, planned 2",
            ],
        },
        {
            name: "an HPA that does not scale",
            break: (each) => {
                const { status } = each.the(kinds.autoscalers, "spywatcher-backend-hpa");
                status.conditions[1] = { type: "ScalingActive", status: "False", message: "no metrics" };
                status.currentMetrics.pop();
                status.currentReplicas = 11;
            },
            expected: [
                "fail hpa-status: HorizontalPodAutoscaler spywatcher-backend-hpa: ScalingActive is False: no metrics; the value of memory is unknown; 11 replicas, outside 2–10",
            ],
        },
        {
            name: "an HPA at its maximum",
            break: (each) =>
                (each.the(kinds.autoscalers, "spywatcher-frontend-hpa").status.currentReplicas = 5),
            expected: [
                "warn hpa-status: HorizontalPodAutoscaler spywatcher-frontend-hpa: at its maximum of 5 replicas: cpu 10%, memory 10%",
            ],
        },
        {
            name: "a rollout that is stuck",
            break: (each) => {
                const deployment = each.the(kinds.deployments, "spywatcher-backend");
                deployment.metadata.generation = 2;
                Object.assign(deployment.status, { replicas: 3, updatedReplicas: 1, readyReplicas: 1 });
                deployment.status.conditions = [
                    { type: "Progressing", status: "False", message: "timed out" },
                ];
            },
            expected: [
                "fail deployments: Deployment spywatcher-backend: its controller has not seen the last change; 1 of 2 pods are updated; 1 of 2 pods are ready; 3 pods instead of 2; the rollout makes no progress: timed out",
            ],
        },
        {
            name: "a Deployment that is gone",
            break: (each) => each.remove(kinds.deployments, "spywatcher-backend"),
            expected: ["fail deployments: Deployment spywatcher-backend: does not exist"],
        },
        {
            name: "a Recreate strategy",
            break: (each) => {
                each.the(kinds.deployments, "spywatcher-backend").spec.strategy = { type: "Recreate" };
            },
            expected: [
                'fail deployments: Deployment spywatcher-backend: spec.strategy.rollingUpdate is absent, planned {"maxSurge":1,"maxUnavailable":0}; spec.strategy.type is Recreate, planned RollingUpdate',
            ],
        },
        {
            name: "another readiness path",
            break: (each) => {
                const { spec } = each.the(kinds.deployments, "spywatcher-backend").spec.template;
                spec.containers[0].readinessProbe.httpGet.path = "/";
            },
            expected: [
                "fail probes: Deployment spywatcher-backend: spec.template.spec.containers[backend].readinessProbe.httpGet.path is /, planned /health/ready",
            ],
        },
        {
            name: "an injected container without requests",
            break: (each) => {
                each.the(kinds.pods, "spywatcher-backend-1").spec.containers.push({ name: "proxy" });
            },
            expected: [
                "fail requests: Deployment spywatcher-backend: container proxy of pod spywatcher-backend-1 requests no cpu and no memory",
            ],
        },
        {
            name: "endpoints fewer than pods",
            break: (each) =>
                (each.the(kinds.endpointSlices, "spywatcher-backend-x").endpoints[0].conditions.ready =
                    false),
            expected: ["fail endpoints: Service spywatcher-backend: 1 ready endpoints, 2 ready pods"],
        },
        {
            name: "a Service that is gone",
            break: (each) => each.remove(kinds.services, "spywatcher-backend"),
            expected: ["fail endpoints: Service spywatcher-backend: does not exist"],
        },
        {
            name: "a budget that covers too little",
            break: (each) => (each.the(kinds.budgets, "spywatcher-backend-pdb").status.expectedPods = 1),
            expected: ["fail pdb: PodDisruptionBudget spywatcher-backend-pdb: covers 1 of 2 pods"],
        },
        {
            name: "a budget that is gone",
            break: (each) => each.remove(kinds.budgets, "spywatcher-backend-pdb"),
            expected: ["fail pdb: PodDisruptionBudget spywatcher-backend-pdb: does not exist"],
        },
        {
            name: "an Ingress without address, which nobody promised",
            break: (each) => (each.the(kinds.ingresses, "spywatcher-ingress").status = {}),
            expected: ["warn ingress: Ingress spywatcher-ingress: has no address"],
        },
        {
            name: "a pod killed before its preStop has ended",
            break: (each) => {
                each.the(
                    kinds.deployments,
                    "spywatcher-backend",
                ).spec.template.spec.terminationGracePeriodSeconds = 60;
            },
            expected: [
                "fail drain: Deployment spywatcher-backend: backend is killed after 60 s, before its preStop of 70 s has ended",
            ],
        },
        {
            name: "keep-alive no longer than the load balancer's",
            break: (each) => {
                const config = each.all(kinds.configMaps).find(({ data }) => "KEEP_ALIVE_TIMEOUT_MS" in data);
                const { annotations } = each.the(kinds.ingresses, "spywatcher-ingress").metadata;
                annotations["alb.ingress.kubernetes.io/load-balancer-attributes"] =
                    "idle_timeout.timeout_seconds=65";
                assert.equal(config.data.KEEP_ALIVE_TIMEOUT_MS, "65000");
            },
            expected: [
                "fail drain: Deployment spywatcher-backend: backend closes idle connections after 65 s, the load balancer after 65 s",
            ],
        },
        {
            name: "a pod without metrics",
            break: (each) => each.remove(kinds.podMetrics, "redis-2"),
            expected: ["fail pod-metrics: StatefulSet redis: 1 of 1 pods have no metrics: redis-2"],
        },
        {
            name: "a young pod without metrics",
            break: (each) => {
                each.remove(kinds.podMetrics, "redis-2");
                each.the(kinds.pods, "redis-2").metadata.creationTimestamp = "2026-11-25T11:59:30Z";
            },
            expected: ["warn pod-metrics: StatefulSet redis: 1 of 1 pods have no metrics: redis-2"],
        },
        {
            name: "pods on one node",
            break: (each) => (each.the(kinds.pods, "spywatcher-backend-1").spec.nodeName = "node-a"),
            expected: [
                "fail spread: Deployment spywatcher-backend: all in one of 3 zones: a 2; all in one of 3 nodes: node-a 2",
            ],
        },
        {
            name: "a cluster in one zone",
            break: (each) => {
                for (const node of each.all(kinds.nodes))
                    node.metadata.labels = { "topology.kubernetes.io/zone": "a" };
            },
            expected: ["frontend", "backend"].map(
                (tier) =>
                    `warn spread: Deployment spywatcher-${tier}: there is one zone only: a 2; nodes: node-a 1, node-b 1`,
            ),
        },
        {
            name: "nodes without room",
            break: (each) => {
                for (const node of each.all(kinds.nodes).slice(1)) node.status.allocatable.cpu = "1";
            },
            expected: [
                "fail capacity: Nodes: no room for 3 of Deployment spywatcher-backend at the maximum (1.5 CPU, 1536Mi)",
            ],
        },
        {
            name: "a quota that is used up",
            break: (each) =>
                (each.the(kinds.resourceQuotas, "spywatcher-quota").status.used["requests.cpu"] = "16"),
            expected: [
                "fail capacity: ResourceQuota spywatcher-quota: has no room for the maximum in cpu: 4.9 CPU, 5120Mi are still to come",
            ],
        },
        {
            name: "a changed image and a changed label",
            break: (each) => {
                const deployment = each.the(kinds.deployments, "spywatcher-backend");
                deployment.spec.template.spec.containers[0].image = "other:1";
                delete deployment.metadata.labels.tier;
            },
            expected: [
                "fail plan: Deployment spywatcher/spywatcher-backend: metadata.labels.tier is absent, planned backend; spec.template.spec.containers[backend].image is other:1, planned ghcr.io/subculture-collective/spywatcher-backend:main-5ba1910",
            ],
        },
        {
            name: "a rule that is gone",
            break: (each) => each.remove(kinds.rules, "spywatcher-ingress"),
            expected: ["fail plan: PrometheusRule spywatcher/spywatcher-ingress: does not exist"],
        },
    ];
    for (const each of tables) {
        it(`tells of ${each.name}`, () => {
            each.break(cluster);
            assert.deepEqual(cluster.faults(), each.expected);
        });
    }
});
