/** Value of the `app` label of everything in the application's namespace. */
export const appLabel = "spywatcher";

/** What a pod is, in the application's `tier` label. */
export type Tier = "backend" | "frontend" | "bot" | "migration" | "postgres" | "redis";

/** Labels that select exactly the pods of one tier. */
export function selectorLabels(tier: Tier): Record<string, string> {
    return { app: appLabel, tier };
}

/** Labels every object of a tier carries: the selector's and Kubernetes' recommended ones. */
export function objectLabels(tier: Tier): Record<string, string> {
    return {
        ...selectorLabels(tier),
        "app.kubernetes.io/name": `${appLabel}-${tier}`,
        "app.kubernetes.io/component": tier,
        "app.kubernetes.io/part-of": appLabel,
        "app.kubernetes.io/managed-by": "pulumi",
    };
}
