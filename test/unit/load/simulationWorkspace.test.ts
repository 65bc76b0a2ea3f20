import assert from "node:assert/strict";

import { changedConfig } from "../../../ops/simulation/changedConfig.ts";
import { loadModels } from "../../../ops/simulation/model.ts";
import { autoscalingOf, cpuOf, workspaceObjects } from "../../../ops/simulation/workspace.ts";
import { configOf, object, planOf } from "../../support/plans.ts";

describe("what is simulated", () => {
    it("is the plan's HPA, budget, resources and spread in a namespace of its own", async () => {
        const plan = await planOf("prod");
        const objects = workspaceObjects({ plan, tiers: ["backend"], namespace: "test", models: loadModels });
        assert.deepEqual(
            objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`),
            [
                "Namespace /test",
                "ResourceQuota test/spywatcher-quota",
                "LimitRange test/spywatcher-limit-range",
                "Deployment test/spywatcher-backend",
                "HorizontalPodAutoscaler test/spywatcher-backend-hpa",
                "PodDisruptionBudget test/spywatcher-backend-pdb",
            ],
        );
        const of = (kind: string) => objects.find((each) => each.kind === kind);
        for (const kind of ["HorizontalPodAutoscaler", "PodDisruptionBudget"]) {
            const name = `spywatcher-backend-${kind === "PodDisruptionBudget" ? "pdb" : "hpa"}`;
            assert.deepEqual(of(kind)?.spec, object(plan, kind, name).spec);
        }
        const planned = object(plan, "Deployment", "spywatcher-backend").spec;
        const { template, ...rest } = of("Deployment")?.spec as any;
        const { template: plannedTemplate, ...plannedRest } = planned;
        assert.deepEqual(rest, plannedRest);
        assert.deepEqual(template.metadata.annotations, {
            "kwok.x-k8s.io/startup-delay": "20s",
            "kwok.x-k8s.io/usage-cpu": "20m",
            "kwok.x-k8s.io/usage-memory": "160Mi",
        });
        const [container] = template.spec.containers;
        const [plannedContainer] = plannedTemplate.spec.containers;
        assert.deepEqual(container.resources, plannedContainer.resources);
        assert.deepEqual(container.lifecycle, plannedContainer.lifecycle);
        assert.deepEqual(
            template.spec.topologySpreadConstraints,
            plannedTemplate.spec.topologySpreadConstraints,
        );
        // Nothing that would have to exist beside it.
        for (const field of ["serviceAccountName", "volumes"]) assert.equal(field in template.spec, false);
        for (const field of ["envFrom", "env", "volumeMounts"]) assert.equal(field in container, false);
    });

    it("knows bounds, targets and CPU from the plan", async () => {
        const plan = await planOf("local");
        assert.deepEqual(autoscalingOf(plan, "frontend"), {
            minReplicas: 2,
            maxReplicas: 5,
            cpuTarget: 70,
            memoryTarget: 80,
        });
        assert.deepEqual(cpuOf(plan, "backend"), { request: 500, limit: 1000 });
        assert.deepEqual(cpuOf(plan, "frontend"), { request: 100, limit: 500 });
    });
});

describe("settings of a simulation", () => {
    const config = configOf("local");

    it("change keys by their path and leave the rest", () => {
        const changed = changedConfig(config, [
            "app.backend.autoscaling.maxReplicas=12",
            "spywatcher:app.backend.switches.logLevel=warn",
        ]);
        assert.equal(changed.app.backend.autoscaling.maxReplicas, 12);
        assert.equal(changed.app.backend.autoscaling.minReplicas, 2);
        assert.equal(changed.app.backend.switches.logLevel, "warn");
        assert.equal(config.app.backend.autoscaling.maxReplicas, 10);
    });

    it("must be a key and a value", () => {
        assert.throws(
            () => changedConfig(config, ["maxReplicas"]),
            /--set maxReplicas: must be a key and a value/,
        );
    });

    it("are checked as the stack file is", () => {
        assert.throws(
            () => changedConfig(config, ["app.backend.autoscaling.maxReplica=12"]),
            /app\.backend\.autoscaling\.maxReplica: unknown key/,
        );
        assert.throws(
            () => changedConfig(config, ["app.backend.autoscaling.maxReplicas=1"]),
            /app\.backend\.autoscaling/,
        );
    });
});
