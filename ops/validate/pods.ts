import type { V1Container, V1Pod } from "@kubernetes/client-node";

type Labels = Record<string, string>;

/** A selector of labels as it is written in an object. */
export interface LabelSelector {
    matchLabels?: Labels;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A selector of labels as Kubernetes matches it. An absent one matches nothing, an empty one everything. */
export function selects(selector: LabelSelector | null | undefined, labels: Labels = {}): boolean {
    if (!selector) return false;
    return (
        Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
        (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
            const value = labels[key];
            switch (operator) {
                case "In":
                    return value !== undefined && values.includes(value);
                case "NotIn":
                    return value === undefined || !values.includes(value);
                case "Exists":
                    return value !== undefined;
                case "DoesNotExist":
                    return value === undefined;
                default:
                    return false;
            }
        })
    );
}

/** Pods that a selector matches and that are there to stay: neither ended nor on their way out. */
export function livePods(pods: readonly V1Pod[], selector: LabelSelector | null | undefined): V1Pod[] {
    return pods.filter(
        ({ metadata, status }) =>
            selects(selector, metadata?.labels) &&
            metadata?.deletionTimestamp === undefined &&
            status?.phase !== "Succeeded" &&
            status?.phase !== "Failed",
    );
}

export function hasCondition(
    object: { status?: { conditions?: { type: string; status: string }[] } },
    type: string,
) {
    return object.status?.conditions?.some((each) => each.type === type && each.status === "True") ?? false;
}

/** True for an init container that goes on beside the containers. */
export function isSidecar({ restartPolicy }: V1Container): boolean {
    return restartPolicy === "Always";
}

export function isReady(pod: V1Pod): boolean {
    return hasCondition(pod, "Ready");
}

/** True for a pod that gets requests: ready and not on its way out. */
export function isServing(pod: V1Pod): boolean {
    return pod.metadata?.deletionTimestamp === undefined && isReady(pod);
}

/** Names of at most three objects, and how many more there are. */
export function namesOf(objects: readonly { metadata?: { name?: string } }[]): string {
    const names = objects.map(({ metadata }) => metadata?.name ?? "");
    return [...names.slice(0, 3), ...(names.length > 3 ? [`and ${names.length - 3} more`] : [])].join(", ");
}
