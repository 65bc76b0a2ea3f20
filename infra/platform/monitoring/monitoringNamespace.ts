import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { restrictedNamespaceLabels } from "../../kubernetes/podSecurity.ts";
import { monitoringPolicies, type MonitoringPoliciesArgs } from "./networkPolicies.ts";

export interface MonitoringNamespaceArgs extends MonitoringPoliciesArgs {
    /** Name of the namespace. */
    namespace: string;
    /** Refuse to delete the namespace, and what was measured with it, by mistake. */
    protect: boolean;
    /** What the pods in it need, and what must outlive their volumes. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

/** The monitoring namespace, with restricted pods and no traffic that is not opened by name. */
export function monitoringNamespace(
    name: string,
    args: MonitoringNamespaceArgs,
    parent: pulumi.Resource,
): { namespace: k8s.core.v1.Namespace; policies: k8s.networking.v1.NetworkPolicy[] } {
    const namespace = new k8s.core.v1.Namespace(
        `${name}-namespace`,
        {
            metadata: {
                name: args.namespace,
                labels: { "app.kubernetes.io/managed-by": "pulumi", ...restrictedNamespaceLabels() },
            },
        },
        { parent, protect: args.protect, dependsOn: args.startAfter },
    );
    const policies = Object.entries(monitoringPolicies(args)).map(
        ([policy, spec]) =>
            new k8s.networking.v1.NetworkPolicy(
                `${name}-${policy}`,
                { metadata: { name: policy, namespace: namespace.metadata.name }, spec },
                { parent },
            ),
    );
    return { namespace, policies };
}
