import assert from "node:assert/strict";

import { kubernetesObjects } from "../../ops/plan/format.ts";
import { ApiServer, type KubernetesObject } from "../support/apiServer.ts";
import { planOf, stacks } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";

const dryRun = "dryRun=All&fieldValidation=Strict&fieldManager=conformance";

describe("every Kubernetes object of every environment", () => {
    let server: ApiServer;
    let namespace: KubernetesObject;

    before(async () => {
        server = await ApiServer.connect();
        const plan = await planOf("local");
        const found = kubernetesObjects(plan).find(({ kind }) => kind === "Namespace");
        assert.ok(found);
        // Not the application's own name: other tests bring that one up.
        namespace = { ...found, metadata: { ...found.metadata, name: "conformance" } };
        const { status, warnings } = await server.send("POST", "/api/v1/namespaces", namespace);
        assert.equal(status, 201);
        assert.deepEqual(warnings, []);
    });
    after(async () => {
        await server.send("DELETE", "/api/v1/namespaces/conformance");
    });

    /** What the API server says of an object that is not stored. */
    async function refusals(object: KubernetesObject): Promise<string[]> {
        const inside = object.metadata.namespace === undefined ? {} : { namespace: "conformance" };
        const moved = { ...object, metadata: { ...object.metadata, ...inside } };
        const { status, body, warnings } = await server.send(
            "POST",
            `${await server.collection(moved)}?${dryRun}`,
            moved,
        );
        const exists = object.kind === "Namespace" && status === 409;
        return [
            ...(status === 201 || exists ? [] : [`${status} ${(body as { message: string }).message}`]),
            ...warnings,
        ];
    }

    // Three more than without the bot: ServiceAccount, NetworkPolicy, Deployment.
    const counts = { local: 49, dev: 64, prod: 64 };
    for (const stack of stacks) {
        it(`is accepted strictly and without a warning: ${stack}`, async () => {
            const plan = await planOf(stack, { app: { bot: { enabled: true } } });
            const objects = kubernetesObjects(plan);
            assert.equal(objects.length, counts[stack]);
            for (const object of objects) {
                assert.deepEqual(await refusals(object), [], `${object.kind} ${object.metadata.name}`);
            }
        });
    }

    /** The object that the chart has the operator read: its specification is the value, but for what only Helm reads. */
    const operated = (kind: "Prometheus" | "Alertmanager", value: Record<string, unknown>) => {
        const { storageSpec, podAntiAffinity, ...rest } = value;
        const spec = Object.entries(rest).filter(([key]) => !key.endsWith("NilUsesHelmValues"));
        assert.ok(podAntiAffinity === undefined || podAntiAffinity === "hard");
        return {
            apiVersion: "monitoring.coreos.com/v1",
            kind,
            metadata: { name: kind.toLowerCase(), namespace: "conformance" },
            spec: { ...Object.fromEntries(spec), ...(storageSpec ? { storage: storageSpec } : {}) },
        };
    };

    for (const stack of ["dev", "prod"]) {
        it(`includes Prometheus and Alertmanager as the values of ${stack} describe them`, async () => {
            const { prometheus, alertmanager } = releaseValues(await planOf(stack), "kube-prometheus-stack");
            assert.deepEqual(await refusals(operated("Prometheus", prometheus.prometheusSpec)), []);
            assert.deepEqual(await refusals(operated("Alertmanager", alertmanager.alertmanagerSpec)), []);
            const wrong = { ...prometheus.prometheusSpec, retentionSize: "8Gi" };
            assert.match((await refusals(operated("Prometheus", wrong))).join(), /retentionSize/);
        });
    }

    it("would be refused with an unknown field, a wrong type or a pod that is not restricted", async () => {
        const deployment = kubernetesObjects(await planOf("prod")).find(
            ({ kind, metadata }) => kind === "Deployment" && metadata.name === "spywatcher-backend",
        ) as unknown as {
            spec: { template: { spec: Record<string, unknown> } };
        } & KubernetesObject;
        const podSpec = (change: Record<string, unknown>): KubernetesObject => {
            const copy = structuredClone(deployment);
            Object.assign(copy.spec.template.spec, change);
            return copy;
        };
        assert.match(
            (await refusals(podSpec({ hostNames: [] }))).join(),
            /unknown field "spec.template.spec.hostNames"/,
        );
        assert.match((await refusals(podSpec({ hostNetwork: "yes" }))).join(), /cannot unmarshal|json/i);
        assert.match(
            (await refusals(podSpec({ hostNetwork: true }))).join(),
            /would violate PodSecurity "restricted:v1.36"/,
        );
    });
});
