import type { Replacements } from "./model.ts";

/** Sources of what the Kubernetes provider replaces, in pulumi/pulumi-kubernetes, `provider/pkg/provider`. */
const forceNew = "diff.go";
const identity = "provider.go, Diff";
const release = "helm_release.go, Diff";
const config = "provider.go, DiffConfig";
/** What the program replaces, because the API server refuses the change. */
const program = "infra/platform/priorityClasses.ts, replaceOnChanges";

/** What changes an object into another one, of every kind. */
const object = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

function kind(source: string, ...properties: string[]): Replacements {
    return { source, properties: [...object, ...properties] };
}

/**
 * What the Kubernetes provider replaces objects for, by type. Data of ConfigMaps and Secrets count because the provider
 * here runs without `enableConfigMapMutable` and `enableSecretMutable`.
 */
export const kubernetesReplacements: Readonly<Record<string, Replacements>> = {
    "kubernetes:apps/v1:Deployment": kind(forceNew, "spec.selector"),
    "kubernetes:apps/v1:StatefulSet": kind(
        forceNew,
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": kind(identity),
    "kubernetes:batch/v1:Job": kind(
        forceNew,
        "spec.completions",
        "spec.parallelism",
        "spec.selector",
        "spec.template",
    ),
    "kubernetes:core/v1:ConfigMap": kind(forceNew, "binaryData", "data"),
    "kubernetes:core/v1:LimitRange": kind(identity),
    "kubernetes:core/v1:Namespace": kind(identity),
    "kubernetes:core/v1:PersistentVolumeClaim": kind(
        forceNew,
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    "kubernetes:core/v1:ResourceQuota": kind(forceNew, "spec.scopes"),
    "kubernetes:core/v1:Secret": kind(forceNew, "type", "stringData", "data"),
    "kubernetes:core/v1:Service": kind(forceNew, "spec.clusterIP"),
    "kubernetes:core/v1:ServiceAccount": kind(identity),
    "kubernetes:helm.sh/v3:Release": { source: release, properties: ["name", "namespace"] },
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": kind(identity),
    "kubernetes:karpenter.sh/v1:NodePool": kind(identity),
    "kubernetes:monitoring.coreos.com/v1:PrometheusRule": kind(identity),
    "kubernetes:monitoring.coreos.com/v1:ServiceMonitor": kind(identity),
    "kubernetes:networking.k8s.io/v1:Ingress": kind(identity),
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": kind(identity),
    "kubernetes:policy/v1:PodDisruptionBudget": kind(identity),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": kind(identity),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": kind(forceNew, "roleRef"),
    "kubernetes:rbac.authorization.k8s.io/v1:Role": kind(identity),
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": kind(forceNew, "roleRef"),
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": kind(program, "preemptionPolicy", "value"),
    "kubernetes:storage.k8s.io/v1:StorageClass": kind(forceNew, "parameters", "provisioner"),
    // Without the identifier a changed kubeconfig would count.
    "pulumi:providers:kubernetes": { source: config, properties: ["clusterIdentifier"] },
};
