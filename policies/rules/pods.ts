import type { RuleResource } from "../rule.ts";

/** A container of a pod, as far as rules look at it. */
export interface Container {
    name?: string;
    image?: string;
    resources?: Record<"requests" | "limits", Record<string, string> | undefined>;
}

/** The pod that a resource makes: its own, or that of its template; undefined when it makes none. */
export function podSpec({ type, props }: RuleResource): Record<string, any> | undefined {
    switch (/^kubernetes:[\w.]+\/v1:(\w+)$/.exec(type)?.[1]) {
        case "Pod":
            return props["spec"] as Record<string, any>;
        case "CronJob":
            return props["spec"]?.jobTemplate?.spec?.template?.spec as Record<string, any>;
        case "DaemonSet":
        case "Deployment":
        case "Job":
        case "ReplicaSet":
        case "StatefulSet":
            return props["spec"]?.template?.spec as Record<string, any>;
        default:
            return undefined;
    }
}

/** The containers of the pod that a resource makes, initial ones included. */
export function containers(resource: RuleResource): Container[] {
    const spec = podSpec(resource);
    return [...(spec?.["initContainers"] ?? []), ...(spec?.["containers"] ?? [])] as Container[];
}
