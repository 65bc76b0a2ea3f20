import type { Config } from "./schema/index.ts";

/** Prometheus and what belongs to it is installed. */
export function installsMonitoring({ cluster, monitoring }: Pick<Config, "cluster" | "monitoring">): boolean {
    return monitoring.enabled ?? cluster.kind === "eks";
}

/** Grafana is installed. */
export function installsGrafana(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return installsMonitoring(config) && config.monitoring.grafana.enabled;
}

/** The adapter is installed that serves custom metrics to HPAs. */
export function installsCustomMetrics(config: Pick<Config, "cluster" | "monitoring" | "platform">): boolean {
    return config.platform.customMetrics.enabled ?? installsMonitoring(config);
}
