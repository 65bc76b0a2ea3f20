import type { V2HorizontalPodAutoscaler, V2MetricSpec, V2MetricStatus } from "@kubernetes/client-node";

import { tolerance } from "../../load/figures.ts";
import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { amount } from "../placement.ts";

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

/** Metrics that are above what their target tolerates, such as `cpu 200% (target 70%)`. */
function tooHigh({ spec, status }: V2HorizontalPodAutoscaler): string[] {
    const current = new Map(status?.currentMetrics?.map((each) => [metric(each).name, each]));
    return (spec.metrics ?? []).flatMap((wanted) => {
        const { name } = metric(wanted);
        const { target } = wanted.resource ?? wanted.pods ?? {};
        const found = current.get(name);
        const now = (found?.resource ?? found?.pods)?.current;
        const [goal, value] =
            target?.averageUtilization === undefined
                ? [amount(target?.averageValue), amount(now?.averageValue)]
                : [target.averageUtilization, now?.averageUtilization ?? 0];
        if (value <= goal * tolerance) return [];
        const shown = target?.averageUtilization === undefined ? target?.averageValue : `${goal}%`;
        return [`${name} ${metric(found ?? wanted).value ?? ""} (target ${shown ?? "unknown"})`];
    });
}

/** How an HPA that works stands to the load. */
function judge(hpa: V2HorizontalPodAutoscaler): Omit<Outcome, "object"> {
    const { spec, status } = hpa;
    const replicas = status?.currentReplicas ?? 0;
    const desired = status?.desiredReplicas ?? replicas;
    const atMaximum = replicas === spec.maxReplicas && replicas > (spec.minReplicas ?? 1);
    const high = tooHigh(hpa).join(", ");
    const text = (status?.currentMetrics ?? [])
        .map(metric)
        .map(({ name, value }) => `${name} ${value ?? "unknown"}`)
        .join(", ");
    if (atMaximum && high !== "") {
        const message = `at its maximum of ${replicas} replicas, which is not enough: ${high}`;
        return { status: "fail", message, remedy: "Raise maxReplicas, or find out what makes the load." };
    }
    if (atMaximum) {
        const message = `at its maximum of ${replicas} replicas: ${text}`;
        return { status: "warn", message, remedy: "Raise maxReplicas if the load is real." };
    }
    if (desired !== replicas) {
        const message = `${replicas} replicas, ${desired} wanted: ${text}`;
        return {
            status: "warn",
            message,
            remedy: "It scales at the moment; look again, or use --watch --strict.",
        };
    }
    if (high !== "") {
        const message = `${replicas} replicas and no more wanted: ${high}`;
        const remedy =
            "It waits for pods that start; look again, or use --watch --strict. Else look at its events.";
        return { status: "warn", message, remedy };
    }
    return { status: "pass", message: `${replicas} replicas: ${text}` };
}

export const hpaStatus: Check = {
    name: "hpa-status",
    title: "Every HPA is able to scale, knows its metrics, and has as many replicas inside its bounds as they ask for.",
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
            return [{ object, ...judge(live) }];
        });
    },
};
