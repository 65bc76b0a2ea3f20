import {
    AppsV1Api,
    AutoscalingV2Api,
    KubeConfig,
    NetworkingV1Api,
    PolicyV1Api,
    type V2MetricSpec,
    type V2MetricStatus,
} from "@kubernetes/client-node";

export interface WorkloadStatus {
    kind: "Deployment" | "StatefulSet";
    name: string;
    /** Pods that are ready and of the newest template. */
    ready: number;
    desired: number;
}

export interface MetricStatus {
    name: string;
    /** Average use in percent of the request; undefined while unknown. */
    current: number | undefined;
    target: number | undefined;
}

export interface AutoscalerStatus {
    name: string;
    replicas: number;
    min: number;
    max: number;
    metrics: MetricStatus[];
}

export interface BudgetStatus {
    name: string;
    allowedDisruptions: number;
}

/** What stands in the application's namespace. */
export interface NamespaceStatus {
    workloads: WorkloadStatus[];
    autoscalers: AutoscalerStatus[];
    budgets: BudgetStatus[];
    ingresses: { name: string; address: string | undefined }[];
}

function metricStatus(spec: V2MetricSpec, current: V2MetricStatus[]): MetricStatus {
    const name = spec.resource?.name ?? spec.type;
    const status = current.find(({ resource }) => resource?.name === name);
    return {
        name,
        current: status?.resource?.current.averageUtilization,
        target: spec.resource?.target.averageUtilization,
    };
}

/** Reads what stands in a namespace, from the cluster a kubeconfig file leads to. */
export async function readStatus(
    kubeconfig: string,
    context: string | undefined,
    namespace: string,
): Promise<NamespaceStatus> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    if (context !== undefined) config.setCurrentContext(context);
    const apps = config.makeApiClient(AppsV1Api);
    const [deployments, statefulSets, autoscalers, budgets, ingresses] = await Promise.all([
        apps.listNamespacedDeployment({ namespace }),
        apps.listNamespacedStatefulSet({ namespace }),
        config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace }),
        config.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget({ namespace }),
        config.makeApiClient(NetworkingV1Api).listNamespacedIngress({ namespace }),
    ]);
    return {
        workloads: [
            ...deployments.items.map(({ metadata, spec, status }) => ({
                kind: "Deployment" as const,
                name: metadata?.name ?? "",
                ready: Math.min(status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0),
                desired: spec?.replicas ?? 1,
            })),
            ...statefulSets.items.map(({ metadata, spec, status }) => ({
                kind: "StatefulSet" as const,
                name: metadata?.name ?? "",
                ready: Math.min(status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0),
                desired: spec?.replicas ?? 1,
            })),
        ],
        autoscalers: autoscalers.items.map(({ metadata, spec, status }) => ({
            name: metadata?.name ?? "",
            replicas: status?.currentReplicas ?? 0,
            min: spec.minReplicas ?? 1,
            max: spec.maxReplicas,
            metrics: (spec.metrics ?? []).map((metric) => metricStatus(metric, status?.currentMetrics ?? [])),
        })),
        budgets: budgets.items.map(({ metadata, status }) => ({
            name: metadata?.name ?? "",
            allowedDisruptions: status?.disruptionsAllowed ?? 0,
        })),
        ingresses: ingresses.items.map(({ metadata, status }) => {
            const entry = status?.loadBalancer?.ingress?.at(0);
            return { name: metadata?.name ?? "", address: entry?.hostname ?? entry?.ip };
        }),
    };
}

/** What is still missing, one sentence each; empty when every pod is ready and every HPA metric is known. */
export function missing(status: NamespaceStatus): string[] {
    return [
        ...status.workloads
            .filter(({ ready, desired }) => ready < desired)
            .map(
                ({ kind, name, ready, desired }) => `${kind} ${name}: ${ready} of ${desired} pods are ready`,
            ),
        ...status.autoscalers
            .filter(({ replicas, min }) => replicas < min)
            .map(
                ({ name, replicas, min }) =>
                    `HPA ${name}: ${replicas} replicas, fewer than its minimum of ${min}`,
            ),
        ...status.autoscalers.flatMap(({ name, metrics }) =>
            metrics
                .filter(({ current }) => current === undefined)
                .map((metric) => `HPA ${name}: ${metric.name} is unknown (is metrics-server running?)`),
        ),
    ];
}
