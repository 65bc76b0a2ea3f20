import type { V2HorizontalPodAutoscaler, V2MetricSpec, V2MetricStatus } from "@kubernetes/client-node";

import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";

/** Name of a metric and, in a status, its value. */
function metric({ type, resource, pods }: V2MetricSpec | V2MetricStatus): { name: string; value?: string } {
    const name = resource?.name ?? pods?.metric.name ?? type;
    const status = resource ?? pods;
    if (status === undefined || !("current" in status)) return { name };
    const { averageUtilization, averageValue, value } = status.current;
    const known = averageUtilization === undefined ? (averageValue ?? value) : `${averageUtilization}%`;
    return known === undefined ? { name } : { name, value: known };
}

function faults({ spec, status }: V2HorizontalPodAutoscaler): string[] {
    const conditions = new Map(status?.conditions?.map((each) => [each.type, each]));
    const wrong = ["AbleToScale", "ScalingActive"].flatMap((type) => {
        const condition = conditions.get(type);
        if (condition?.status === "True") return [];
        return [
            `${type} is ${condition?.status ?? "unknown"}${condition?.message ? `: ${condition.message}` : ""}`,
        ];
    });
    const current = status?.currentMetrics?.map(metric) ?? [];
    const unknown = (spec.metrics ?? [])
        .map(metric)
        .filter(({ name }) => current.find((each) => each.name === name)?.value === undefined);
    const replicas = status?.currentReplicas ?? 0;
    const { minReplicas = 1, maxReplicas } = spec;
    return [
        ...wrong,
        ...unknown.map(({ name }) => `the value of ${name} is unknown`),
        ...(replicas < minReplicas || replicas > maxReplicas
            ? [`${replicas} replicas, outside ${minReplicas}–${maxReplicas}`]
            : []),
    ];
}

export const hpaStatus: Check = {
    name: "hpa-status",
    title: "Every HPA is able to scale, knows its metrics and keeps the replicas inside its bounds.",
    needs: ["namespace", "metrics-api"],
    run({ cluster, planned }) {
        return planned.of(kinds.autoscalers).flatMap((hpa): Outcome[] => {
            const live = cluster.find(kinds.autoscalers, hpa.metadata?.name);
            // The check of the configuration tells it.
            if (!live) return [];
            const object = objectName(hpa);
            const found = faults(live);
            if (found.length > 0) {
                const remedy = `Look at kubectl -n ${planned.namespace} describe hpa ${hpa.metadata?.name ?? ""}; a new one takes 30 s.`;
                return [{ object, status: "fail", message: found.join("; "), remedy }];
            }
            const values = live.status?.currentMetrics?.map(metric) ?? [];
            const text = values.map(({ name, value }) => `${name} ${value ?? "unknown"}`).join(", ");
            const replicas = live.status?.currentReplicas ?? 0;
            if (replicas === live.spec.maxReplicas && replicas > (live.spec.minReplicas ?? 1)) {
                const message = `at its maximum of ${replicas} replicas: ${text}`;
                return [
                    { object, status: "warn", message, remedy: "Raise maxReplicas if the load is real." },
                ];
            }
            return [{ object, status: "pass", message: `${replicas} replicas: ${text}` }];
        });
    },
};
