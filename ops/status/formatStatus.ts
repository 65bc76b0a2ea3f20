import Table from "cli-table3";

import type { MetricStatus, NamespaceStatus } from "./readStatus.ts";

function percent(value: number | undefined): string {
    return value === undefined ? "unknown" : `${value}%`;
}

function metrics(values: readonly MetricStatus[]): string {
    return values
        .map(({ name, current, target }) => `${name} ${percent(current)}/${percent(target)}`)
        .join(", ");
}

function table(head: string[], rows: string[][]): string {
    const result = new Table({ head, style: { head: [], border: [], compact: true } });
    result.push(...rows);
    return result.toString();
}

/** The status as tables for people. */
export function formatStatus(status: NamespaceStatus): string {
    return [
        table(
            ["Workload", "Ready"],
            status.workloads.map(({ kind, name, ready, desired }) => [
                `${kind} ${name}`,
                `${ready}/${desired}`,
            ]),
        ),
        table(
            ["HPA", "Current/target", "Replicas", "Min–max"],
            status.autoscalers.map(({ name, replicas, min, max, metrics: values }) => [
                name,
                metrics(values),
                String(replicas),
                `${min}–${max}`,
            ]),
        ),
        table(
            ["PodDisruptionBudget", "Allowed disruptions"],
            status.budgets.map(({ name, allowedDisruptions }) => [name, String(allowedDisruptions)]),
        ),
        table(
            ["Ingress", "Address"],
            status.ingresses.map(({ name, address }) => [name, address ?? "none"]),
        ),
    ].join("\n");
}
