import Table from "cli-table3";

import { kinds } from "./kinds.ts";
import type { Context } from "./model.ts";
import { amount } from "./placement.ts";
import { ReadError } from "./readError.ts";

/** CPU and memory of each pod, as `kubectl top pods` shows them, or why they are not known. */
export function formatUsage({ cluster }: Context): string {
    try {
        const table = new Table({
            head: ["Pod", "CPU", "Memory"],
            colAligns: ["left", "right", "right"],
            style: { head: [], border: [], compact: true },
        });
        for (const { metadata, containers } of cluster.list(kinds.podMetrics)) {
            const sum = (name: "cpu" | "memory"): number =>
                containers.reduce((total, { usage }) => total + amount(usage[name]), 0);
            table.push([
                metadata.name ?? "",
                `${Math.round(sum("cpu") * 1000)}m`,
                `${Math.round(sum("memory") / 2 ** 20)}Mi`,
            ]);
        }
        return `${table.toString()}\n`;
    } catch (error) {
        if (error instanceof ReadError) return `Pod metrics: ${error.message}\n`;
        throw error;
    }
}
