import assert from "node:assert/strict";

import { listPath, targetsPath } from "../../ops/validate/snapshot.ts";
import { ApiServer } from "../support/apiServer.ts";
import { ops } from "../support/command.ts";
import { createObject, type JsonPatch, patchObject } from "../support/objectChanges.ts";
import { Validating } from "../support/validating.ts";

const namespace = "spywatcher";
const core = `/api/v1/namespaces/${namespace}`;
const apps = `/apis/apps/v1/namespaces/${namespace}`;
const hpas = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
const ingress = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/spywatcher-ingress`;
const prometheuses = "/apis/monitoring.coreos.com/v1/namespaces/monitoring/prometheuses";
const metricsService = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";

describe("validate, with the cluster broken in one way at a time", () => {
    let server: ApiServer;
    let stack: Validating;

    const patch = (path: string, change: object): Promise<void> => patchObject(server, path, change);
    const create = (path: string, object: object): Promise<void> => createObject(server, path, object);

    /** What the one broken check says while `change` is in force. */
    async function broken(check: string, path: string, change: object, back: object): Promise<string[]> {
        await patch(path, change);
        const found = await stack.failing([check]);
        await patch(path, back);
        return found.map(({ object, message }) => `${object}: ${message}`);
    }

    before(async () => {
        const { code, stdout, stderr } = await ops(["local", "up"]);
        assert.equal(code, 0, stdout + stderr);
        server = await ApiServer.connect();
        stack = await Validating.open();
    });
    after(async () => {
        await ops(["destroy", "local", "--yes"]);
        await server.send("DELETE", "/api/v1/namespaces/monitoring");
    });

    it("hpa-config", async () => {
        const path = `${hpas}/spywatcher-backend-hpa`;
        const change = (maxReplicas: number) => ({ spec: { maxReplicas } });
        assert.deepEqual(await broken("hpa-config", path, change(9), change(10)), [
            "HorizontalPodAutoscaler spywatcher-backend-hpa: spec.maxReplicas is 9, planned 10",
        ]);
    });

    it("deployments", async () => {
        const change = (maxUnavailable: number) => ({
            spec: { strategy: { rollingUpdate: { maxUnavailable } } },
        });
        assert.deepEqual(
            await broken("deployments", `${apps}/deployments/spywatcher-backend`, change(1), change(0)),
            ["Deployment spywatcher-backend: spec.strategy.rollingUpdate.maxUnavailable is 1, planned 0"],
        );
    });

    it("probes and requests", async () => {
        const path = `${apps}/statefulsets/postgres`;
        const container = "/spec/template/spec/containers/0";
        const { spec } = await server.get<any>(path);
        const { livenessProbe, resources } = spec.template.spec.containers[0];
        const restoreProbe: JsonPatch = [
            { op: "add", path: `${container}/livenessProbe`, value: livenessProbe },
        ];
        const restoreRequests: JsonPatch = [
            { op: "replace", path: `${container}/resources`, value: resources },
        ];

        await patch(path, [{ op: "remove", path: `${container}/livenessProbe` }]);
        const [probe] = await stack.failing(["probes"]);
        assert.equal(probe?.object, "StatefulSet postgres");
        assert.match(
            probe.message,
            /^spec\.template\.spec\.containers\[postgres\]\.livenessProbe is absent, planned /,
        );

        await patch(path, [...restoreProbe, { op: "replace", path: `${container}/resources`, value: {} }]);
        const requests = await stack.failing(["requests"]);
        assert.deepEqual(
            requests.map(({ object, message }) => `${object}: ${message}`),
            ["StatefulSet postgres: container postgres requests no cpu and no memory"],
        );
        await patch(path, restoreRequests);
        await stack.failing([]);
    });

    it("images", async () => {
        const found = await stack.failing(["images"], { environment: "prod" });
        assert.equal(found.length, 4);
        assert.match(
            found[0]?.message ?? "",
            /^by tag, which can be moved: ghcr\.io\/subculture-collective\//,
        );
    });

    it("endpoints", async () => {
        const change = (tier: string) => ({ spec: { selector: { tier } } });
        const path = `${core}/services/spywatcher-frontend`;
        assert.deepEqual(await broken("endpoints", path, change("other"), change("frontend")), [
            "Service spywatcher-frontend: 0 ready endpoints, 2 ready pods",
        ]);
        await stack.failing([]);
    });

    it("pdb", async () => {
        const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/spywatcher-frontend-pdb`;
        const change = (minAvailable: number) => ({ spec: { minAvailable } });
        assert.deepEqual(await broken("pdb", path, change(2), change(1)), [
            "PodDisruptionBudget spywatcher-frontend-pdb: allows no disruption with 2 of 2 pods healthy",
        ]);
        await stack.failing([]);
    });

    it("ingress", async () => {
        const change = (value: string): JsonPatch => [{ op: "replace", path: "/spec/rules/0/host", value }];
        const back = change("spywatcher.localhost.example");
        assert.deepEqual(await broken("ingress", ingress, change("other.example"), back), [
            "Ingress spywatcher-ingress: spec.rules[0].host is other.example, planned spywatcher.localhost.example",
        ]);
    });

    it("drain", async () => {
        const name = "alb.ingress.kubernetes.io/target-group-attributes";
        const { metadata } = await server.get<any>(ingress);
        const value: string = metadata.annotations[name];
        const change = (text: string) => ({ metadata: { annotations: { [name]: text } } });
        const long = change(value.replace("timeout_seconds=60", "timeout_seconds=70"));
        assert.deepEqual(await broken("drain", ingress, long, change(value)), [
            "Deployment spywatcher-frontend: frontend stops after 70 s, its target leaves after 70 s",
            "Deployment spywatcher-backend: backend stops after 70 s, its target leaves after 70 s",
        ]);
    });

    it("spread", async () => {
        const label = "topology.kubernetes.io/zone";
        const { items } = await server.get<any>(`${core}/pods?labelSelector=tier%3Dfrontend`);
        const names: string[] = items.map(({ spec }: any) => spec.nodeName);
        const [first, second] = await Promise.all(
            names.map((name) => server.get<any>(`/api/v1/nodes/${name}`)),
        );
        const change = (zone: string) => ({ metadata: { labels: { [label]: zone } } });
        const [one, other]: string[] = [first, second].map(({ metadata }) => metadata.labels[label]);
        const found = await broken(
            "spread",
            `/api/v1/nodes/${names[1] ?? ""}`,
            change(one ?? ""),
            change(other ?? ""),
        );
        assert.ok(
            found.some((text) =>
                text.startsWith(`Deployment spywatcher-frontend: all in one of 2 zones: ${one ?? ""} 2`),
            ),
            found.join(),
        );
    });

    it("capacity", async () => {
        const { items } = await server.get<any>("/api/v1/nodes");
        const nodes: string[] = items.map(({ metadata }: any) => `/api/v1/nodes/${String(metadata.name)}`);
        const cordon = (unschedulable: boolean | null) =>
            Promise.all(nodes.map((node) => patch(node, { spec: { unschedulable } })));
        await cordon(true);
        const found = await stack.failing(["capacity"]);
        await cordon(null);
        assert.deepEqual(
            found.map(({ object, message }) => `${object}: ${message}`),
            [
                "Nodes: no room for 9 of Deployment spywatcher-backend, 4 of Deployment spywatcher-frontend at the maximum (4.9 CPU, 5120Mi)",
            ],
        );
    });

    it("plan", async () => {
        const name = "alb.ingress.kubernetes.io/healthcheck-path";
        const change = (value: string) => ({ metadata: { annotations: { [name]: value } } });
        assert.deepEqual(
            await broken("plan", `${core}/services/spywatcher-backend`, change("/"), change("/health/ready")),
            [
                `Service ${namespace}/spywatcher-backend: metadata.annotations["${name}"] is /, planned /health/ready`,
            ],
        );
    });

    it("plan: what was added to the pods", async () => {
        const path = `/apis/apps/v1/namespaces/${namespace}/deployments/spywatcher-frontend`;
        const change = (value: true | null) => ({
            spec: { template: { spec: { shareProcessNamespace: value } } },
        });
        assert.deepEqual(await broken("plan", path, change(true), change(null)), [
            `Deployment ${namespace}/spywatcher-frontend: spec.template.spec.shareProcessNamespace is true, planned absent`,
        ]);
        await stack.failing([]);
    });

    it("monitoring, targets", async () => {
        const selectors = (release?: string) => ({
            ruleSelector: { matchLabels: release === undefined ? null : { release } },
            ruleNamespaceSelector: {},
            serviceMonitorSelector: {},
            serviceMonitorNamespaceSelector: {},
        });
        await create("/api/v1/namespaces", { metadata: { name: "monitoring" } });
        await create(prometheuses, {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "Prometheus",
            metadata: { name: "main" },
            spec: selectors("other"),
        });
        const unselected = await stack.failing(["monitoring"]);
        assert.equal(unselected.length, 8);
        assert.ok(
            unselected.every(({ message }) => message === "no Prometheus selects it (monitoring/main)"),
        );

        await patch(`${prometheuses}/main`, { spec: selectors() });
        const [silent] = await stack.failing(["targets"]);
        assert.match(
            silent?.message ?? "",
            /^does not answer through the API server \(get services\/proxy in namespace monitoring: 404 /,
        );

        // The API server's proxy reaches no address on loopback.
        const target = (health: string, lastError = "") => ({
            [targetsPath("monitoring")]: () => ({
                data: {
                    activeTargets: [
                        {
                            scrapePool: `serviceMonitor/${namespace}/spywatcher-backend/0`,
                            scrapeUrl: "http://10.0.0.1:3001/metrics",
                            health,
                            lastError,
                        },
                    ],
                },
            }),
        });
        const down = await stack.failing(["targets"], { answers: target("down", "connection refused") });
        assert.deepEqual(
            down.map(({ object, message }) => `${object}: ${message}`),
            [
                "ServiceMonitor spywatcher-backend: 1 of 1 targets are down, such as http://10.0.0.1:3001/metrics: connection refused",
            ],
        );
        await stack.failing([], { answers: target("up") });
        await server.send("DELETE", `${prometheuses}/main`);
    });

    it("pod-metrics", async () => {
        await stack.failing([], { later: 3600 });
        const path = listPath("metrics.k8s.io/v1beta1", "pods", namespace);
        const answers = {
            [path]: ({ items, ...rest }: any) => ({
                ...rest,
                items: items.filter(({ metadata }: any) => metadata.name !== "redis-0"),
            }),
        };
        const found = await stack.failing(["pod-metrics"], { answers, later: 3600 });
        assert.deepEqual(
            found.map(({ object, message }) => `${object}: ${message}`),
            ["StatefulSet redis: 1 of 1 pods have no metrics: redis-0"],
        );
    });

    it("hpa-status", async () => {
        const { spec } = await server.get<any>(`${hpas}/spywatcher-frontend-hpa`);
        await create(hpas, { metadata: { name: "second" }, spec });
        const [found] = await stack.failing(["hpa-status"]);
        assert.equal(found?.object, "HorizontalPodAutoscaler spywatcher-frontend-hpa");
        assert.match(found.message, /ScalingActive is False: .*second/);
        await server.send("DELETE", `${hpas}/second`);
        await stack.failing([]);
    });

    it("metrics-api", async () => {
        const { spec } = await server.get<any>(metricsService);
        await patch(metricsService, { spec: { service: { name: "nobody" } } });
        const found = await stack.failing(["metrics-api"]);
        await patch(metricsService, { spec: { service: { name: spec.service.name } } });
        assert.match(found[0]?.message ?? "", /^is not available: .*nobody/);
        await stack.failing([], { only: "metrics-api" });
    });

    it("readiness-gates", async () => {
        await create("/api/v1/nodes", {
            metadata: { name: "in-aws", labels: { "topology.kubernetes.io/zone": "us-east-1a" } },
            spec: { providerID: "aws:///us-east-1a/i-0123456789abcdef0", unschedulable: true },
        });
        const missing = await stack.failing(["readiness-gates"], { only: "readiness-gates" });
        assert.match(missing[0]?.message ?? "", /^2 of 2 pods have no readiness gate: /);

        const gates = [{ conditionType: "target-health.elbv2.k8s.aws/k8s-spywatch-test" }];
        const add: JsonPatch = [{ op: "add", path: "/spec/template/spec/readinessGates", value: gates }];
        await patch(`${apps}/deployments/spywatcher-backend`, add);
        await patch(`${apps}/deployments/spywatcher-frontend`, add);
        await stack.failing([], { only: "readiness-gates" });

        const { items } = await server.get<any>(`${core}/pods?labelSelector=tier%3Dbackend`);
        const name = String(items[0].metadata.name);
        const { status } = await server.send(
            "PATCH",
            `${core}/pods/${name}/status`,
            { status: { conditions: [{ type: gates[0]?.conditionType, status: "False" }] } },
            "application/strategic-merge-patch+json",
        );
        assert.equal(status, 200);
        const [unhealthy] = await stack.failing(["readiness-gates"], { only: "readiness-gates" });
        assert.equal(unhealthy?.message, `the targets of 1 of 2 pods are not healthy: ${name}`);
        await server.send("DELETE", "/api/v1/nodes/in-aws");
    });
});
