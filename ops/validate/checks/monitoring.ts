import { kinds, type Prometheus } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { type LabelSelector, selects } from "../pods.ts";
import { prometheuses } from "./prometheus.ts";

type Selectors = [objects: LabelSelector | null | undefined, namespaces: LabelSelector | null | undefined];

const selectorsOf: Record<string, (prometheus: Prometheus) => Selectors> = {
    PrometheusRule: ({ spec }) => [spec.ruleSelector, spec.ruleNamespaceSelector],
    ServiceMonitor: ({ spec }) => [spec.serviceMonitorSelector, spec.serviceMonitorNamespaceSelector],
};

export const monitoring: Check = {
    name: "monitoring",
    title: "A Prometheus selects every alert rule and monitor of the application.",
    needs: ["namespace"],
    run(context) {
        const { cluster, planned } = context;
        const ours = [...planned.of(kinds.rules), ...planned.of(kinds.serviceMonitors)];
        if (ours.length === 0) {
            const message = "the stack has neither rules nor monitors (monitoring.existingDefinitions)";
            return [{ object: "Prometheus", status: "skip", message }];
        }
        const found = prometheuses(context);
        if (!Array.isArray(found)) return [found];
        const labels = cluster.find(kinds.namespaces, planned.namespace)?.metadata?.labels;

        const selected = (kind: string, object: { metadata: { labels?: Record<string, string> } }): boolean =>
            found.some((prometheus) => {
                const [objects, namespaces] = selectorsOf[kind]?.(prometheus) ?? [];
                const here = namespaces
                    ? selects(namespaces, labels)
                    : prometheus.metadata.namespace === planned.namespace;
                return here && selects(objects, object.metadata.labels);
            });
        return ours.flatMap(({ kind, metadata }): Outcome[] => {
            const list = kind === "PrometheusRule" ? kinds.rules : kinds.serviceMonitors;
            const live = cluster.find(list, metadata.name);
            // What is missing, the comparison with the plan tells.
            if (!live) return [];
            const object = objectName({ kind, metadata });
            if (selected(kind, live)) return [{ object, status: "pass", message: "is selected" }];
            const names = found.map((each) => `${each.metadata.namespace ?? ""}/${each.metadata.name ?? ""}`);
            const field = kind === "PrometheusRule" ? "rule" : "serviceMonitor";
            return [
                {
                    object,
                    status: "fail",
                    message: `no Prometheus selects it (${names.join(", ")})`,
                    remedy: `Compare its labels with ${field}Selector and ${field}NamespaceSelector; of the chart, set ${field}SelectorNilUsesHelmValues: false.`,
                },
            ];
        });
    },
};
