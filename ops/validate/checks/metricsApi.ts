import { type ApiService, kinds } from "../kinds.ts";
import type { Check, Outcome } from "../model.ts";
import { hasCondition, namesOf } from "../pods.ts";

const metricsService = "v1beta1.metrics.k8s.io";
const customMetricsService = "v1beta1.custom.metrics.k8s.io";

function service(all: readonly ApiService[], name: string, installs: string): Outcome {
    const object = `APIService ${name}`;
    const found = all.find(({ metadata }) => metadata.name === name);
    if (!found) {
        const remedy = `Install ${installs}: without it no HPA knows its metrics.`;
        return { object, status: "fail", message: "does not exist", remedy };
    }
    if (!hasCondition(found, "Available")) {
        const reason = found.status?.conditions?.find(({ type }) => type === "Available")?.message;
        return {
            object,
            status: "fail",
            message: `is not available: ${reason ?? "no reason given"}`,
            remedy: `Look at ${installs}: its pods, its Service, its network policy.`,
        };
    }
    return { object, status: "pass", message: "is available" };
}

export const metricsApi: Check = {
    name: "metrics-api",
    title: "The metrics API is available and knows every ready node; the custom metrics API where an HPA uses it.",
    run({ cluster, config }) {
        const services = cluster.list(kinds.apiServices);
        const custom = config.app.backend.autoscaling.customMetrics.enabled
            ? [service(services, customMetricsService, "prometheus-adapter")]
            : [];
        const resource = service(services, metricsService, "metrics-server");
        if (resource.status === "fail") return [resource, ...custom];

        const known = new Set(cluster.list(kinds.nodeMetrics).map(({ metadata }) => metadata.name));
        const ready = cluster.list(kinds.nodes).filter((node) => hasCondition(node, "Ready"));
        const unknown = ready.filter(({ metadata }) => !known.has(metadata?.name));
        const object = "NodeMetrics";
        const nodes: Outcome =
            unknown.length === 0
                ? { object, status: "pass", message: `${ready.length} nodes` }
                : {
                      object,
                      status: known.size === 0 ? "fail" : "warn",
                      message: `${unknown.length} of ${ready.length} ready nodes have none: ${namesOf(unknown)}`,
                      remedy: "A new node has some within a minute; else look at metrics-server's log.",
                  };
        return [resource, ...custom, nodes];
    },
};
