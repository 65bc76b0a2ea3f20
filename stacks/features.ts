import type { Config } from "./schema/index.ts";

/** Prometheus and what belongs to it is installed. */
export function installsMonitoring({ cluster, monitoring }: Pick<Config, "cluster" | "monitoring">): boolean {
    return monitoring.enabled ?? cluster.kind === "eks";
}

/** Grafana is installed. */
export function installsGrafana(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return installsMonitoring(config) && config.monitoring.grafana.enabled;
}

/** The load balancer signs Grafana's users in at an OpenID Connect provider. */
export function signsInToGrafana(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return installsGrafana(config) && config.monitoring.grafana.ingress?.login?.kind === "oidc";
}

/** The dashboards are made. */
export function installsDashboards(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return config.monitoring.dashboards ?? installsGrafana(config);
}

/** The cluster knows the kinds of the Prometheus operator. */
export function hasMonitoringDefinitions(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return installsMonitoring(config) || config.monitoring.existingDefinitions;
}

/** The alert rules are made. */
export function installsRules(config: Pick<Config, "cluster" | "monitoring">): boolean {
    return config.monitoring.rules.enabled ?? hasMonitoringDefinitions(config);
}

/** The adapter is installed that serves custom metrics to HPAs: where one asks for them, or when told to. */
export function installsCustomMetrics(
    config: Pick<Config, "app" | "cluster" | "monitoring" | "platform">,
): boolean {
    const wanted =
        config.platform.customMetrics.enabled ?? config.app.backend.autoscaling.customMetrics.enabled;
    return wanted && installsMonitoring(config);
}

/** True when the program installs the load balancer controller: in a new cluster, unless it is somebody else's. */
export function installsLoadBalancerController({ cluster, platform }: Config): boolean {
    return platform.loadBalancerController.enabled ?? cluster.kind === "eks";
}

/** True when the program installs metrics-server: in a new cluster, elsewhere when asked to. */
export function installsMetricsServer({ cluster, platform }: Config): boolean {
    return platform.metricsServer.enabled ?? cluster.kind === "eks";
}

/** Nobody is told at night of what is not critical: in dev, elsewhere when asked to. */
export function hasQuietHours({ environment, monitoring }: Config): boolean {
    return monitoring.routing.quietHours.enabled ?? environment === "dev";
}
