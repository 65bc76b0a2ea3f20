import assert from "node:assert/strict";

import type { ApiServer } from "./apiServer.ts";
import { poll } from "./poll.ts";

const base = "/apis/admissionregistration.k8s.io/v1";
const kinds = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];

/** Makes the API server refuse new Deployments of one name, though a dry run takes them. Returns what ends it. */
export async function refuseDeployments(server: ApiServer, name: string): Promise<() => Promise<void>> {
    const metadata = { name: `refuse-${name}` };
    const apiVersion = "admissionregistration.k8s.io/v1";
    const objects = [
        {
            apiVersion,
            kind: "ValidatingAdmissionPolicy",
            metadata,
            spec: {
                matchConstraints: {
                    resourceRules: [
                        {
                            apiGroups: ["apps"],
                            apiVersions: ["v1"],
                            operations: ["CREATE"],
                            resources: ["deployments"],
                        },
                    ],
                },
                validations: [
                    {
                        expression: `request.dryRun || object.metadata.name != '${name}'`,
                        message: "not in this test",
                    },
                ],
            },
        },
        {
            apiVersion,
            kind: "ValidatingAdmissionPolicyBinding",
            metadata,
            spec: { policyName: metadata.name, validationActions: ["Deny"] },
        },
    ];
    for (const [index, kind] of kinds.entries()) {
        const { status, body } = await server.send("POST", `${base}/${kind}`, objects[index]);
        assert.equal(status, 201, JSON.stringify(body));
    }
    const labels = { app: "probe" };
    const probe = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name },
        spec: {
            replicas: 0,
            selector: { matchLabels: labels },
            template: {
                metadata: { labels },
                spec: { containers: [{ name: "a", image: "example.com/a:1" }] },
            },
        },
    };
    const isRefused = async (): Promise<boolean> => {
        const path = "/apis/apps/v1/namespaces/default/deployments";
        const { status, body } = await server.send("POST", path, probe);
        if (status === 201) await server.send("DELETE", `${path}/${name}`);
        return JSON.stringify(body).includes("not in this test");
    };
    await poll("Deployments are refused", 60, async () => ((await isRefused()) ? true : undefined));
    return async () => {
        for (const kind of kinds) await server.send("DELETE", `${base}/${kind}/${metadata.name}`);
        await poll("Deployments are accepted", 60, async () => ((await isRefused()) ? undefined : true));
    };
}
