import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import * as defaults from "./defaults.ts";
import { appLabel } from "../kubernetes/labels.ts";
import { restrictedNamespaceLabels } from "../kubernetes/podSecurity.ts";

export interface ApplicationNamespaceArgs {
    /** Name of the namespace. */
    name: string;
    /** Environment the namespace belongs to, for its label. */
    environment: string;
    /** Refuse to delete the namespace, and everything in it, by mistake. */
    protect: boolean;
    /** What the Services in it need, and what must outlive them: the load balancer controller. */
    startAfter: pulumi.Resource[];
}

/** The application's namespace: restricted pods, quota and default limits, and no traffic that is not opened by name. */
export class ApplicationNamespace extends pulumi.ComponentResource {
    /** Name of the namespace; resolved when the namespace exists. */
    readonly namespace: pulumi.Output<string>;
    /** What must exist before the first pod. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: ApplicationNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:app:ApplicationNamespace", name, {}, opts);
        const namespace = new k8s.core.v1.Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: args.name,
                    labels: {
                        name: args.name,
                        environment: args.environment,
                        "app.kubernetes.io/part-of": appLabel,
                        "app.kubernetes.io/managed-by": "pulumi",
                        ...restrictedNamespaceLabels(),
                        // Only pods created after the label, the Service and the Ingress wait for their target to be healthy.
                        "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
                    },
                },
            },
            { parent: this, protect: args.protect, dependsOn: args.startAfter },
        );
        this.namespace = namespace.metadata.name;
        const metadata = { namespace: this.namespace, labels: { "app.kubernetes.io/part-of": appLabel } };
        this.ready = [
            new k8s.core.v1.ResourceQuota(
                `${name}-quota`,
                {
                    metadata: { ...metadata, name: `${appLabel}-quota` },
                    spec: { hard: { ...defaults.resourceQuota } },
                },
                { parent: this },
            ),
            new k8s.core.v1.LimitRange(
                `${name}-limit-range`,
                {
                    metadata: { ...metadata, name: `${appLabel}-limit-range` },
                    spec: { limits: [{ type: "Container", ...defaults.limitRange }] },
                },
                { parent: this },
            ),
            new k8s.networking.v1.NetworkPolicy(
                `${name}-default-deny`,
                {
                    metadata: { ...metadata, name: `${appLabel}-default-deny` },
                    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
                },
                { parent: this },
            ),
        ];
        this.registerOutputs({ namespace: this.namespace });
    }
}
