import type {
    V1ConfigMap,
    V1Deployment,
    V1EndpointSlice,
    V1Ingress,
    V1Namespace,
    V1Node,
    V1ObjectMeta,
    V1Pod,
    V1PodDisruptionBudget,
    V1PodTemplateSpec,
    V1ResourceQuota,
    V1Service,
    V1StatefulSet,
    V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";

import type { LabelSelector } from "./pods.ts";

/** A kind of object that a check reads. `T` is its type, as JSON: times are texts, whatever the type says. */
export interface Kind<T> {
    apiVersion: string;
    kind: string;
    /** Plural in the API's paths. */
    resource: string;
    /** Where it is read: the application's namespace or the whole cluster. */
    scope: "namespace" | "cluster";
    /** Never there: carries the type. */
    type?: T;
}

function kind<T>(
    apiVersion: string,
    name: string,
    resource: string,
    scope: "namespace" | "cluster",
): Kind<T> {
    return { apiVersion, kind: name, resource, scope };
}

interface CustomObject {
    kind: string;
    metadata: V1ObjectMeta;
}

export interface ApiService extends CustomObject {
    status?: { conditions?: { type: string; status: string; message?: string }[] };
}

interface Usage {
    cpu: string;
    memory: string;
}

export interface NodeMetrics extends CustomObject {
    usage: Usage;
}

export interface PodMetrics extends CustomObject {
    containers: { name: string; usage: Usage }[];
}

/** Null selects nothing, an empty selector everything; a namespace selector that is null selects the own namespace. */
type Selector = LabelSelector | null | undefined;

export interface Prometheus extends CustomObject {
    spec: {
        ruleSelector?: Selector;
        ruleNamespaceSelector?: Selector;
        serviceMonitorSelector?: Selector;
        serviceMonitorNamespaceSelector?: Selector;
    };
}

export interface NodePool extends CustomObject {
    spec: { limits?: Record<string, string> };
    status?: { resources?: Record<string, string> };
}

export const kinds = {
    namespaces: kind<V1Namespace>("v1", "Namespace", "namespaces", "cluster"),
    nodes: kind<V1Node>("v1", "Node", "nodes", "cluster"),
    allPods: kind<V1Pod>("v1", "Pod", "pods", "cluster"),
    pods: kind<V1Pod>("v1", "Pod", "pods", "namespace"),
    services: kind<V1Service>("v1", "Service", "services", "namespace"),
    configMaps: kind<V1ConfigMap>("v1", "ConfigMap", "configmaps", "namespace"),
    resourceQuotas: kind<V1ResourceQuota>("v1", "ResourceQuota", "resourcequotas", "namespace"),
    deployments: kind<V1Deployment>("apps/v1", "Deployment", "deployments", "namespace"),
    statefulSets: kind<V1StatefulSet>("apps/v1", "StatefulSet", "statefulsets", "namespace"),
    autoscalers: kind<V2HorizontalPodAutoscaler>(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "namespace",
    ),
    budgets: kind<V1PodDisruptionBudget>(
        "policy/v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        "namespace",
    ),
    ingresses: kind<V1Ingress>("networking.k8s.io/v1", "Ingress", "ingresses", "namespace"),
    endpointSlices: kind<V1EndpointSlice>(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "endpointslices",
        "namespace",
    ),
    apiServices: kind<ApiService>("apiregistration.k8s.io/v1", "APIService", "apiservices", "cluster"),
    nodeMetrics: kind<NodeMetrics>("metrics.k8s.io/v1beta1", "NodeMetrics", "nodes", "cluster"),
    podMetrics: kind<PodMetrics>("metrics.k8s.io/v1beta1", "PodMetrics", "pods", "namespace"),
    prometheuses: kind<Prometheus>("monitoring.coreos.com/v1", "Prometheus", "prometheuses", "cluster"),
    rules: kind<CustomObject>("monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules", "namespace"),
    serviceMonitors: kind<CustomObject>(
        "monitoring.coreos.com/v1",
        "ServiceMonitor",
        "servicemonitors",
        "namespace",
    ),
    nodePools: kind<NodePool>("karpenter.sh/v1", "NodePool", "nodepools", "cluster"),
};

/** What runs pods: both kinds have the same fields as far as checks look. */
export interface Runner {
    apiVersion?: string;
    kind?: string;
    metadata?: V1ObjectMeta;
    spec?: { replicas?: number; selector: LabelSelector; template: V1PodTemplateSpec };
    status?: {
        observedGeneration?: number;
        replicas?: number;
        updatedReplicas?: number;
        readyReplicas?: number;
        availableReplicas?: number;
        conditions?: { type: string; status: string; reason?: string; message?: string }[];
    };
}
