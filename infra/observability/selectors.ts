import { appLabel } from "../kubernetes/labels.ts";
import type { RuleArgs } from "./ruleArgs.ts";

/** Label matchers of the application's objects, without braces, each with its namespace. */
export interface Selectors {
    /** Deployments of the autoscaled tiers. */
    readonly autoscaledDeployments: string;
    /** All Deployments. */
    readonly deployments: string;
    readonly hpas: string;
    readonly budgets: string;
    /** Containers of the application and of its data stores in the cluster, without the pods' own cgroups and pause containers. */
    readonly containers: string;
    /** The backend's requests without probes and scrapes. */
    readonly requests: string;
}

/** The matchers for these arguments. */
export function selectors({ namespace, autoscaled, singletons, stores }: RuleArgs): Selectors {
    const inNamespace = `namespace="${namespace}"`;
    const named = (names: readonly string[]) => `=~"${names.join("|")}"`;
    const all = [...autoscaled, ...singletons];
    return {
        autoscaledDeployments: `${inNamespace}, deployment${named(autoscaled.map((tier) => `${appLabel}-${tier}`))}`,
        deployments: `${inNamespace}, deployment${named(all.map((tier) => `${appLabel}-${tier}`))}`,
        hpas: `${inNamespace}, horizontalpodautoscaler${named(autoscaled.map((tier) => `${appLabel}-${tier}-hpa`))}`,
        budgets: `${inNamespace}, poddisruptionbudget${named(autoscaled.map((tier) => `${appLabel}-${tier}-pdb`))}`,
        containers: `${inNamespace}, container${named([...all, ...stores])}`,
        // The application's label holds the path below the router that answered: /live, not /health/live.
        requests: `${inNamespace}, route!~"/live|/ready|/metrics"`,
    };
}

/**
 * `max by (…)` over a metric. Besides picking the labels that identify an alert, it drops those of the exporter's own pod:
 * when that one is replaced, the alert goes on instead of starting anew.
 */
export function perHpa(metric: string): string {
    return `max by (namespace, horizontalpodautoscaler) (${metric})`;
}

/** See `perHpa`. */
export function perDeployment(metric: string): string {
    return `max by (namespace, deployment) (${metric})`;
}

/** See `perHpa`. */
export function perContainer(metric: string): string {
    return `max by (namespace, pod, container) (${metric})`;
}
