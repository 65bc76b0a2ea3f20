import assert from "node:assert/strict";

import type { PlannedResource } from "../../ops/plan/model.ts";
import { ApiServer, type KubernetesObject } from "../support/apiServer.ts";
import { planOf } from "../support/plans.ts";
import { poll } from "../support/poll.ts";

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** A definition as small as can be; `field` is what an upgrade adds. */
function definition(fullName: string, field: string): unknown {
    const [plural = "", ...group] = fullName.split(".");
    const kind = plural.toUpperCase();
    return {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
            name: fullName,
            // Groups of Kubernetes' own ask for it.
            annotations: { "api-approved.kubernetes.io": "unapproved, for a test" },
        },
        spec: {
            group: group.join("."),
            names: { plural, kind },
            scope: "Namespaced",
            versions: [
                {
                    name: "v1",
                    served: true,
                    storage: true,
                    schema: {
                        openAPIV3Schema: { type: "object", properties: { [field]: { type: "string" } } },
                    },
                },
            ],
        },
    };
}

describe("the Job that upgrades the load balancer controller's definitions", () => {
    let admin: ApiServer;
    let job: ApiServer;
    let names: string[];
    let made: string[];

    before(async () => {
        admin = await ApiServer.connect();
        const { resources } = await planOf("dev");
        const component = resources.find(({ name }) => name === "load-balancer-controller-definitions");
        const ofKind = (kind: string): PlannedResource & { inputs: KubernetesObject } => {
            const found = resources.find(
                ({ parent, inputs }) => parent === component?.urn && inputs["kind"] === kind,
            );
            assert.ok(found, kind);
            return found as PlannedResource & { inputs: KubernetesObject };
        };
        made = [];
        for (const kind of ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"]) {
            const { inputs } = ofKind(kind);
            const { status } = await admin.send("POST", await admin.collection(inputs), inputs);
            assert.equal(status, 201, kind);
            made.push(await admin.path(inputs));
        }
        const { rules } = ofKind("ClusterRole").inputs as unknown as {
            rules: { resourceNames?: string[] }[];
        };
        names = rules.flatMap(({ resourceNames = [] }) => resourceNames);
        const { spec } = ofKind("Job").inputs as unknown as {
            spec: { template: { spec: { serviceAccountName: string } } };
        };
        job = admin.asServiceAccount("kube-system", spec.template.spec.serviceAccountName);
    });
    after(async () => {
        const paths = [...made, ...names.map((name) => `${collection}/${name}`)];
        await Promise.all(paths.map((path) => admin.send("DELETE", path)));
    });

    /** What `kubectl apply --server-side --force-conflicts` sends for one definition. */
    const apply = async (name: string, field: string) =>
        job.send(
            "PATCH",
            `${collection}/${name}?fieldManager=kubectl&force=true`,
            definition(name, field),
            "application/apply-patch+yaml",
        );

    it("may make each of them, and upgrade what Helm has installed", async () => {
        assert.equal(names.length, 4);
        for (const name of names) {
            // A binding counts a moment after it was made.
            await poll(`${name} is made`, 10, async () =>
                (await apply(name, "old")).status === 201 ? true : undefined,
            );
            const { status, body } = await apply(name, "added");
            assert.equal(status, 200);
            const { spec } = body as {
                spec: { versions: { schema: { openAPIV3Schema: { properties: object } } }[] };
            };
            assert.deepEqual(Object.keys(spec.versions[0]?.schema.openAPIV3Schema.properties ?? {}), [
                "added",
            ]);
        }
    });

    it("may neither change nor read nor delete anything else", async () => {
        const other = "servicemonitors.monitoring.coreos.com";
        assert.equal((await apply(other, "field")).status, 403);
        assert.equal((await job.send("GET", `${collection}/${other}`)).status, 403);
        assert.equal((await job.send("DELETE", `${collection}/${names[0] ?? ""}`)).status, 403);
        assert.equal((await job.send("GET", "/api/v1/namespaces/kube-system/secrets")).status, 403);
    });
});
