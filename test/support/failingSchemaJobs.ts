import assert from "node:assert/strict";

import type { ApiServer } from "./apiServer.ts";

const base = "/apis/admissionregistration.k8s.io/v1";

/**
 * Makes the pods of every schema job fail, as the simulated nodes read it from an annotation. Returns what ends it.
 */
export async function failSchemaJobs(server: ApiServer): Promise<() => Promise<void>> {
    const metadata = { name: "fail-schema-jobs" };
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
                    objectSelector: { matchLabels: { tier: "migration" } },
                },
                mutations: [
                    {
                        patchType: "ApplyConfiguration",
                        applyConfiguration: {
                            expression:
                                'Object{metadata: Object.metadata{annotations: {"kwok.x-k8s.io/exit-code": "1"}}}',
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
        await server.send("DELETE", `${base}/mutatingadmissionpolicies/${metadata.name}`);
        await server.send("DELETE", `${base}/mutatingadmissionpolicybindings/${metadata.name}`);
    };
}
