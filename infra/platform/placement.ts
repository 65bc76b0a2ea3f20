import { systemTolerations } from "../cluster/systemNodes.ts";

/** Pods of a chart, as its own selector labels name them. */
interface ChartPods {
    /** Name of the chart. */
    chart: string;
    /** Name of the release. */
    release: string;
}

/**
 * Spreads the pods of one revision over nodes. `hard` leaves a pod Pending rather than put two on one node; revisions are
 * counted apart, or a rollout could end with both new pods on one node.
 */
export function hostSpread({ chart, release }: ChartPods, strength: "hard" | "soft") {
    return [
        {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: strength === "hard" ? "DoNotSchedule" : "ScheduleAnyway",
            labelSelector: {
                matchLabels: { "app.kubernetes.io/name": chart, "app.kubernetes.io/instance": release },
            },
            matchLabelKeys: ["pod-template-hash"],
        },
    ];
}

/** Puts pods on the nodes of the system group, selected by these labels. */
export function onSystemNodes(systemNodeSelector: Readonly<Record<string, string>>) {
    return {
        nodeSelector: { ...systemNodeSelector },
        tolerations: systemTolerations.map((toleration) => ({ ...toleration })),
    };
}

/** CPU request, memory request and memory limit of one container, as Kubernetes quantities. */
export interface ControllerResources {
    readonly cpu: string;
    readonly memory: string;
    readonly memoryLimit: string;
}

/** The same as a chart takes it. No CPU limit: a controller that is throttled answers webhooks too late. */
export function controllerResources({ cpu, memory, memoryLimit }: ControllerResources) {
    return { requests: { cpu, memory }, limits: { memory: memoryLimit } };
}
