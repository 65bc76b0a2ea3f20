import assert from "node:assert/strict";

import { object, objects, planOf, resource, stacks } from "../support/plans.ts";
import { release, releaseValues } from "../support/releases.ts";
import { comesAfter } from "../support/resources.ts";

const everything = {
    app: { bot: { enabled: true }, backend: { autoscaling: { customMetrics: { enabled: true } } } },
} as const;

describe("the PriorityClasses", () => {
    for (const stack of stacks) {
        it(`of ${stack} put monitoring before the application, and nobody out`, async () => {
            const classes = objects(await planOf(stack), "PriorityClass").map(({ metadata, ...rest }) => {
                const { value, preemptionPolicy, globalDefault } = rest as Record<string, unknown>;
                return [metadata.name, value, preemptionPolicy, globalDefault];
            });
            assert.deepEqual(classes, [
                ["spywatcher-app", 1000, "Never", undefined],
                ["spywatcher-monitoring", 2000, "Never", undefined],
            ]);
        });
    }

    it("are the cluster's, so that they are named after the namespace", async () => {
        const plan = await planOf("local", { app: { namespace: "second" } });
        assert.deepEqual(
            objects(plan, "PriorityClass").map(({ metadata }) => metadata.name),
            ["second-app", "second-monitoring"],
        );
        assert.equal(
            object(plan, "Deployment", "spywatcher-backend").spec.template.spec.priorityClassName,
            "second-app",
        );
    });

    it("are worn by all pods of the application, and come before them", async () => {
        for (const [stack, change] of [
            ["local", { app: { bot: { enabled: true } } }],
            ["prod", everything],
        ] as const) {
            const plan = await planOf(stack, change);
            const ours = ["Deployment", "StatefulSet", "Job"]
                .flatMap((kind) => objects(plan, kind))
                .filter(({ metadata }) => metadata.namespace === "spywatcher");
            assert.equal(ours.length, stack === "local" ? 6 : 4);
            for (const { kind, metadata, spec } of ours) {
                assert.equal(spec.template.spec.priorityClassName, "spywatcher-app", metadata.name);
                const earlier = resource(plan, "PriorityClass", "spywatcher-app");
                assert.ok(comesAfter(plan, resource(plan, kind, metadata.name), earlier), metadata.name);
            }
        }
    });

    it("are worn by all parts of monitoring but those of every node, and come before them", async () => {
        const plan = await planOf("prod", everything);
        const stack = releaseValues(plan, "kube-prometheus-stack");
        const parts = {
            prometheus: stack.prometheus.prometheusSpec,
            alertmanager: stack.alertmanager.alertmanagerSpec,
            operator: stack.prometheusOperator,
            certificates: stack.prometheusOperator.admissionWebhooks.patch,
            grafana: stack.grafana,
            kubeStateMetrics: stack["kube-state-metrics"],
            adapter: releaseValues(plan, "prometheus-adapter"),
        };
        for (const [part, { priorityClassName }] of Object.entries(parts)) {
            assert.equal(priorityClassName, "spywatcher-monitoring", part);
        }
        const earlier = resource(plan, "PriorityClass", "spywatcher-monitoring");
        for (const name of ["kube-prometheus-stack", "prometheus-adapter"]) {
            assert.ok(comesAfter(plan, release(plan, name), earlier), name);
        }
    });
});
