import type { ApiServer } from "../apiServer.ts";
import { poll } from "../poll.ts";

const name = "load-balancer-controller-answers";

/** What the load balancer controller's webhooks do to the cluster, as far as a wrong order would be refused. */
const policy = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
        failurePolicy: "Fail",
        paramKind: { apiVersion: "apps/v1", kind: "Deployment" },
        matchConstraints: {
            // Controllers that come before it have their Services there.
            namespaceSelector: {
                matchExpressions: [
                    {
                        key: "kubernetes.io/metadata.name",
                        operator: "NotIn",
                        values: ["default", "kube-system"],
                    },
                ],
            },
            resourceRules: [
                { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["services"] },
                {
                    apiGroups: ["networking.k8s.io"],
                    apiVersions: ["v1"],
                    // Without the controller the load balancer of a deleted Ingress stays.
                    operations: ["CREATE", "DELETE"],
                    resources: ["ingresses"],
                },
            ],
        },
        validations: [
            {
                expression: "params.status.?readyReplicas.orValue(0) > 0",
                message: "no endpoints available for service aws-load-balancer-webhook-service",
            },
        ],
    },
};

const binding = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: {
        policyName: name,
        paramRef: {
            name: "aws-load-balancer-controller-stand-in",
            namespace: "kube-system",
            parameterNotFoundAction: "Deny",
        },
        validationActions: ["Deny"],
    },
};

const base = "/apis/admissionregistration.k8s.io/v1";
const trial = "load-balancer-trial";

/**
 * From now on the API server refuses a Service or an Ingress that comes before the stand-in for the load balancer controller
 * has a ready pod, and an Ingress that goes after it. Undone by the returned function.
 */
export async function refuseWithoutController(server: ApiServer): Promise<() => Promise<void>> {
    await server.send("POST", `${base}/validatingadmissionpolicies`, policy);
    await server.send("POST", `${base}/validatingadmissionpolicybindings`, binding);
    await server.send("POST", "/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: trial },
    });
    await poll("a Service without the controller is refused", 30, async () => {
        const { status } = await server.send("POST", `/api/v1/namespaces/${trial}/services?dryRun=All`, {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: trial },
            spec: { ports: [{ port: 80 }] },
        });
        return status === 422 || status === 403 ? true : undefined;
    });
    await server.send("DELETE", `/api/v1/namespaces/${trial}`);
    return async () => {
        await server.send("DELETE", `${base}/validatingadmissionpolicybindings/${name}`);
        await server.send("DELETE", `${base}/validatingadmissionpolicies/${name}`);
    };
}
