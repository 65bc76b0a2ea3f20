import assert from "node:assert/strict";

import type { ApiServer } from "./apiServer.ts";

const base = "/apis/admissionregistration.k8s.io/v1";

/**
 * Gives every pod of a tier that is made from now on annotations, by which the simulated nodes know how its containers
 * behave. `image` limits it to pods with that image. The answer ends it for pods to come.
 */
export async function annotateNewPods(
    server: ApiServer,
    tier: string,
    annotations: Readonly<Record<string, string>>,
    image?: string,
): Promise<() => Promise<void>> {
    const metadata = { name: `annotate-${tier}` };
    const answers = [
        await server.send("POST", `${base}/mutatingadmissionpolicies`, {
            apiVersion: "admissionregistration.k8s.io/v1",
            kind: "MutatingAdmissionPolicy",
            metadata,
            spec: {
                reinvocationPolicy: "Never",
                failurePolicy: "Fail",
                matchConstraints: {
                    resourceRules: [
                        { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
                    ],
                    objectSelector: { matchLabels: { tier } },
                },
                ...(image !== undefined && {
                    matchConditions: [
                        {
                            name: "image",
                            expression: `object.spec.containers.all(each, each.image == ${JSON.stringify(image)})`,
                        },
                    ],
                }),
                mutations: [
                    {
                        patchType: "ApplyConfiguration",
                        applyConfiguration: {
                            expression: `Object{metadata: Object.metadata{annotations: ${JSON.stringify(annotations)}}}`,
                        },
                    },
                ],
            },
        }),
        await server.send("POST", `${base}/mutatingadmissionpolicybindings`, {
            apiVersion: "admissionregistration.k8s.io/v1",
            kind: "MutatingAdmissionPolicyBinding",
            metadata,
            spec: { policyName: metadata.name },
        }),
    ];
    for (const { status, body } of answers) assert.equal(status, 201, JSON.stringify(body));
    return async () => {
        for (const kind of ["mutatingadmissionpolicybindings", "mutatingadmissionpolicies"])
            assert.equal((await server.send("DELETE", `${base}/${kind}/${metadata.name}`)).status, 200);
    };
}
