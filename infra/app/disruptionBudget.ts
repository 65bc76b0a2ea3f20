import type * as k8s from "@pulumi/kubernetes";

/** How many pods a drain must leave or may take, one of the two; a count of pods. */
export type DisruptionBudget = { minAvailable: number } | { maxUnavailable: number };

/** Evictions a budget allows when `replicas` pods are healthy. */
export function allowedDisruptions(budget: DisruptionBudget, replicas: number): number {
    return "minAvailable" in budget
        ? Math.max(0, replicas - budget.minAvailable)
        : Math.min(replicas, budget.maxUnavailable);
}

/** The spec of a PodDisruptionBudget for the pods of that selector. */
export function podDisruptionBudgetSpec(
    matchLabels: Record<string, string>,
    budget: DisruptionBudget,
): k8s.types.input.policy.v1.PodDisruptionBudgetSpec {
    return {
        ...budget,
        selector: { matchLabels },
        // A pod that is not ready must not block a drain for ever: it serves nobody.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
    };
}
