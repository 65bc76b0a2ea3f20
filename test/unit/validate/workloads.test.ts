import assert from "node:assert/strict";

import { kinds } from "../../../ops/validate/kinds.ts";
import { brokenCases } from "../../support/brokenCases.ts";

describe("validate: workloads and what leads to them", () => {
    brokenCases("local", [
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
            name: "a sidecar without requests, which is an init container",
            break: (each) => {
                const pod = each
                    .all(kinds.pods)
                    .find(({ metadata }) => metadata.name === "spywatcher-backend-0");
                pod.spec.initContainers = [
                    { name: "mesh", restartPolicy: "Always", resources: { requests: { cpu: "10m" } } },
                    { name: "once" },
                ];
            },
            expected: [
                "fail requests: Deployment spywatcher-backend: container mesh of pod spywatcher-backend-0 requests no memory",
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
            name: "a delay of deregistration that the Service sets, which the load balancer goes by",
            break: (each) => {
                const { metadata } = each.the(kinds.services, "spywatcher-frontend");
                metadata.annotations = {
                    ...metadata.annotations,
                    "alb.ingress.kubernetes.io/target-group-attributes":
                        "deregistration_delay.timeout_seconds=300",
                };
            },
            expected: [
                "fail drain: Deployment spywatcher-frontend: frontend stops after 70 s, its target leaves after 300 s",
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
    ]);
});
