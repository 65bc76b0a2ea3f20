/** A Kubernetes object with whatever fields its kind has. */
export interface Manifest {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly [field: string]: unknown;
}

const metricsUser = "spywatcher:metrics-server";
const kwokUser = "spywatcher:kwok";

/** What lets kwok and metrics-server in, applied before they start. */
export function permissions(): Manifest[] {
    return [
        clusterRole("spywatcher:kwok", [
            { apiGroups: [""], resources: ["nodes", "pods", "services"], verbs: ["get", "list", "watch"] },
            { apiGroups: [""], resources: ["pods"], verbs: ["delete", "patch", "update"] },
            {
                apiGroups: [""],
                resources: ["nodes/status", "pods/status", "services/status"],
                verbs: ["patch", "update"],
            },
            { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
            {
                apiGroups: ["coordination.k8s.io"],
                resources: ["leases"],
                verbs: ["create", "get", "list", "patch", "update", "watch"],
            },
            { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["get", "list", "watch"] },
            { apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["patch", "update"] },
        ]),
        clusterRoleBinding("spywatcher:kwok", "spywatcher:kwok", kwokUser),
        clusterRole("system:metrics-server", [
            { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
            { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
        ]),
        clusterRoleBinding("system:metrics-server", "system:metrics-server", metricsUser),
        clusterRoleBinding("metrics-server:system:auth-delegator", "system:auth-delegator", metricsUser),
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata: { name: "metrics-server-auth-reader", namespace: "kube-system" },
            roleRef: {
                apiGroup: "rbac.authorization.k8s.io",
                kind: "Role",
                name: "extension-apiserver-authentication-reader",
            },
            subjects: [user(metricsUser)],
        },
    ];
}

/** The metrics API, served by metrics-server on a loopback port, with the certificate authority `ca` (PEM). */
export function metricsApi(port: number, ca: string): Manifest[] {
    const labels = { "k8s-app": "metrics-server" };
    return [
        {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "metrics-server", namespace: "kube-system", labels },
            spec: { type: "ExternalName", externalName: "localhost", ports: [{ port, protocol: "TCP" }] },
        },
        {
            apiVersion: "apiregistration.k8s.io/v1",
            kind: "APIService",
            metadata: { name: "v1beta1.metrics.k8s.io", labels },
            spec: {
                group: "metrics.k8s.io",
                version: "v1beta1",
                groupPriorityMinimum: 100,
                versionPriority: 100,
                caBundle: Buffer.from(ca).toString("base64"),
                service: { name: "metrics-server", namespace: "kube-system", port },
            },
        },
    ];
}

/** What a cluster's add-ons would bring: a default storage class and the class of the load balancers. */
export function clusterDefaults(): Manifest[] {
    return [
        {
            apiVersion: "storage.k8s.io/v1",
            kind: "StorageClass",
            metadata: {
                name: "standard",
                annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "kubernetes.io/host-path",
            reclaimPolicy: "Delete",
            volumeBindingMode: "WaitForFirstConsumer",
        },
        {
            apiVersion: "networking.k8s.io/v1",
            kind: "IngressClass",
            metadata: { name: "alb" },
            spec: { controller: "ingress.k8s.aws/alb" },
        },
    ];
}

function clusterRole(name: string, rules: readonly object[]): Manifest {
    return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
}

function clusterRoleBinding(name: string, role: string, subject: string): Manifest {
    return {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [user(subject)],
    };
}

function user(name: string): object {
    return { apiGroup: "rbac.authorization.k8s.io", kind: "User", name };
}
