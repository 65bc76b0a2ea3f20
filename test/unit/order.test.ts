import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { ancestors, objects, planOf, resource, stacks } from "../support/plans.ts";

function assertAfter(
    plan: Plan,
    later: [kind: string, name: string],
    earlier: [kind: string, name: string],
): void {
    const before = ancestors(plan, resource(plan, ...later));
    assert.ok(
        before.has(resource(plan, ...earlier).urn),
        `${later.join(" ")} must come after ${earlier.join(" ")}`,
    );
}

function schemaJob(plan: Plan): [kind: string, name: string] {
    const job = objects(plan, "Job").find(({ metadata }) => metadata.namespace === "spywatcher");
    return ["Job", job?.metadata.name ?? ""];
}

describe("the order of creation (and, reversed, of deletion)", () => {
    for (const stack of stacks) {
        it(`starts pods in ${stack} after Services, Ingress and policies`, async () => {
            const plan = await planOf(stack);
            for (const tier of ["backend", "frontend"]) {
                const deployment: [string, string] = ["Deployment", `spywatcher-${tier}`];
                assertAfter(plan, deployment, ["Service", "spywatcher-backend"]);
                assertAfter(plan, deployment, ["Service", "spywatcher-frontend"]);
                assertAfter(plan, deployment, ["Ingress", "spywatcher-ingress"]);
                assertAfter(plan, deployment, ["NetworkPolicy", `spywatcher-${tier}`]);
                assertAfter(plan, deployment, ["NetworkPolicy", "spywatcher-default-deny"]);
                assertAfter(plan, deployment, ["ResourceQuota", "spywatcher-quota"]);
                assertAfter(plan, deployment, ["LimitRange", "spywatcher-limit-range"]);
                assertAfter(plan, ["HorizontalPodAutoscaler", `spywatcher-${tier}-hpa`], deployment);
                assertAfter(plan, ["PodDisruptionBudget", `spywatcher-${tier}-pdb`], deployment);
            }
        });

        it(`starts the backend of ${stack} after the schema job`, async () => {
            const plan = await planOf(stack);
            const job = schemaJob(plan);
            assertAfter(plan, ["Deployment", "spywatcher-backend"], job);
            assertAfter(plan, job, ["NetworkPolicy", "spywatcher-schema"]);
        });

        it(`makes everything in ${stack}'s namespaces after the namespace`, async () => {
            const plan = await planOf(stack);
            const inside = plan.resources.flatMap((each) => {
                const metadata = each.inputs["metadata"] as { namespace?: string } | undefined;
                const name = metadata?.namespace ?? (each.inputs["namespace"] as string | undefined);
                return name === undefined || name === "kube-system" ? [] : [{ each, name }];
            });
            assert.ok(inside.length > 15);
            for (const { each, name } of inside) {
                if (!each.type.startsWith("kubernetes:")) continue;
                assert.ok(ancestors(plan, each).has(resource(plan, "Namespace", name).urn), each.urn);
            }
        });

        it(`gives every Kubernetes object of ${stack} the one explicit provider`, async () => {
            const plan = await planOf(stack);
            const providers = plan.resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
            assert.equal(providers.length, 1);
            for (const { type, provider, urn } of plan.resources) {
                if (type.startsWith("kubernetes:")) assert.equal(provider, providers[0]?.urn, urn);
            }
        });

        it(`names every object of ${stack} itself`, async () => {
            for (const { type, inputs, urn } of (await planOf(stack)).resources) {
                if (!type.startsWith("kubernetes:")) continue;
                const metadata = inputs["metadata"] as { name?: string } | undefined;
                const name = type === "kubernetes:helm.sh/v3:Release" ? inputs["name"] : metadata?.name;
                assert.match(String(name), /^[a-z0-9-]+$/, urn);
            }
        });
    }

    it("starts schema job and backend after the data stores in the cluster", async () => {
        const plan = await planOf("local");
        const job = schemaJob(plan);
        for (const store of ["postgres", "redis"]) {
            assertAfter(plan, job, ["StatefulSet", store]);
            assertAfter(plan, ["Deployment", "spywatcher-backend"], ["StatefulSet", store]);
        }
    });

    it("does not keep the frontend waiting for the data stores", async () => {
        const plan = await planOf("local");
        const before = ancestors(plan, resource(plan, "Deployment", "spywatcher-frontend"));
        assert.equal(before.has(resource(plan, "StatefulSet", "postgres").urn), false);
    });

    it("starts the bot after the schema job", async () => {
        const plan = await planOf("local", { app: { bot: { enabled: true } } });
        assertAfter(plan, ["Deployment", "spywatcher-bot"], schemaJob(plan));
    });
});

describe("protection", () => {
    it("covers in prod what holds data, and nothing in dev and local", async () => {
        const urns = (plan: Plan): string[] =>
            plan.resources.filter((each) => each.protect).map(({ name }) => name);
        assert.deepEqual(urns(await planOf("prod")).sort(), [
            "access-logs-bucket",
            "alerts-key",
            "cluster-control-plane",
            "data-key",
            "data-postgres",
            "data-redis",
            "log-key",
            "monitoring-namespace",
            "network-vpc",
            "secrets-key",
            "spywatcher-namespace",
        ]);
        assert.deepEqual(urns(await planOf("dev")), []);
        assert.deepEqual(urns(await planOf("local")), []);
        assert.deepEqual(urns(await planOf("local", { protect: true })).sort(), [
            "data-postgres-stateful-set",
            "data-redis-stateful-set",
            "spywatcher-namespace",
        ]);
    });
});

describe("the namespace", () => {
    it("enforces the restricted standard and asks for readiness gates", async () => {
        const labels = (
            resource(await planOf("prod"), "Namespace", "spywatcher").inputs["metadata"] as {
                labels: unknown;
            }
        ).labels;
        assert.deepEqual(labels, {
            name: "spywatcher",
            environment: "prod",
            "app.kubernetes.io/part-of": "spywatcher",
            "app.kubernetes.io/managed-by": "pulumi",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "v1.36",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": "v1.36",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": "v1.36",
            "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
        });
    });
});
