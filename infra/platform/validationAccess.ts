import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Name of the ClusterRole, and of the Role in each namespace, that `validate` needs. */
export const validationRoleName = "spywatcher-validate";

interface Rule {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
    resourceNames?: string[];
}

const list = (apiGroup: string, ...resources: string[]): Rule => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ["list"],
});

/** What is read in the whole cluster: nodes and what takes their room, and whatever the program makes outside namespaces. */
export const clusterRules: readonly Rule[] = [
    list("", "namespaces", "nodes", "pods", "serviceaccounts"),
    list("apiregistration.k8s.io", "apiservices"),
    list("batch", "jobs"),
    list("karpenter.k8s.aws", "ec2nodeclasses"),
    list("karpenter.sh", "nodepools"),
    list("metrics.k8s.io", "nodes"),
    list("monitoring.coreos.com", "prometheuses"),
    list("networking.k8s.io", "networkpolicies"),
    list("rbac.authorization.k8s.io", "clusterroles", "clusterrolebindings", "roles", "rolebindings"),
    list("scheduling.k8s.io", "priorityclasses"),
    list("storage.k8s.io", "storageclasses"),
    // The targets of a Prometheus, by the Service that its operator makes, and nothing else behind the proxy.
    {
        apiGroups: [""],
        resources: ["services/proxy"],
        resourceNames: ["prometheus-operated:9090"],
        verbs: ["get"],
    },
];

/** What is read in the namespaces of the program. No Secrets. */
export const namespaceRules: readonly Rule[] = [
    list("", "configmaps", "limitranges", "resourcequotas", "services"),
    list("apps", "deployments", "statefulsets"),
    list("autoscaling", "horizontalpodautoscalers"),
    list("discovery.k8s.io", "endpointslices"),
    list("metrics.k8s.io", "pods"),
    list("monitoring.coreos.com", "prometheusrules", "servicemonitors"),
    list("networking.k8s.io", "ingresses"),
    list("policy", "poddisruptionbudgets"),
];

export interface ValidationAccessArgs {
    /** Namespaces whose objects the program makes, by a name for the resources. */
    namespaces: Readonly<Record<string, pulumi.Input<string>>>;
    /** Kubernetes groups that get the roles. Default: none; the roles are there to be bound. */
    groups: readonly string[];
}

/** Roles to read what `validate` looks at, and nothing more, bound to the groups that may. */
export class ValidationAccess extends pulumi.ComponentResource {
    constructor(name: string, args: ValidationAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:ValidationAccess", name, {}, opts);
        const child = { parent: this };
        const subjects = args.groups.map((group) => ({
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Group",
            name: group,
        }));
        const bound = (kind: "ClusterRole" | "Role") => ({
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: validationRoleName },
            subjects,
        });

        const metadata = { name: validationRoleName };
        const clusterRole = new k8s.rbac.v1.ClusterRole(
            `${name}-cluster`,
            { metadata, rules: [...clusterRules] },
            child,
        );
        if (subjects.length > 0) {
            new k8s.rbac.v1.ClusterRoleBinding(
                `${name}-cluster`,
                { metadata, ...bound("ClusterRole") },
                { ...child, dependsOn: clusterRole },
            );
        }
        for (const [key, namespace] of Object.entries(args.namespaces)) {
            const inside = { ...metadata, namespace };
            const role = new k8s.rbac.v1.Role(
                `${name}-${key}`,
                { metadata: inside, rules: [...namespaceRules] },
                child,
            );
            if (subjects.length > 0) {
                new k8s.rbac.v1.RoleBinding(
                    `${name}-${key}`,
                    { metadata: inside, ...bound("Role") },
                    { ...child, dependsOn: role },
                );
            }
        }
        this.registerOutputs({});
    }
}
