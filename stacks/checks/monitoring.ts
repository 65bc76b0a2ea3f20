import {
    hasMonitoringDefinitions,
    installsCustomMetrics,
    installsGrafana,
    installsMonitoring,
    signsInToGrafana,
} from "../features.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import { amount } from "./peak.ts";

/**
 * Most of a volume that Prometheus may fill with samples, in percent: the rest is its write-ahead log and the chart's alert,
 * which begins when 15 % are left. Its own advice is 80 to 85.
 */
const retentionShare = 80;

/** The samples Prometheus keeps fit its volume. */
export function retentionFitsVolume({ monitoring }: Config): Problem[] {
    const { retentionSize, storage } = monitoring.prometheus;
    return amount(retentionSize) <= (amount(storage) * retentionShare) / 100
        ? []
        : [
              {
                  path: ["monitoring", "prometheus", "retentionSize"],
                  message: `must be at most ${retentionShare} % of storage, which is ${storage}: a full volume stops Prometheus`,
                  related: [["monitoring", "prometheus", "storage"]],
              },
          ];
}

/** One Prometheus operator owns the definitions. */
export function oneOperator(config: Config): Problem[] {
    const { existingDefinitions } = config.monitoring;
    return existingDefinitions && installsMonitoring(config)
        ? [
              {
                  path: ["monitoring", "existingDefinitions"],
                  message:
                      "must be false where monitoring is installed: two operators would fight over the same objects; or set monitoring.enabled to false",
                  related: [
                      ["monitoring", "enabled"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}

/** Alert rules are objects that the cluster knows. */
export function rulesHaveDefinitions(config: Config): Problem[] {
    return config.monitoring.rules.enabled === true && !hasMonitoringDefinitions(config)
        ? [
              {
                  path: ["monitoring", "rules", "enabled"],
                  message:
                      "must be false, or left out, where nothing evaluates rules; or set monitoring.enabled to true, or monitoring.existingDefinitions where a Prometheus operator is there already",
                  related: [
                      ["monitoring", "enabled"],
                      ["monitoring", "existingDefinitions"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}

/** Dashboards have a Grafana. */
export function dashboardsHaveGrafana(config: Config): Problem[] {
    return config.monitoring.dashboards === true && !installsGrafana(config)
        ? [
              {
                  path: ["monitoring", "dashboards"],
                  message:
                      "must be false, or left out, where Grafana is not installed; or set monitoring.enabled and monitoring.grafana.enabled to true",
                  related: [
                      ["monitoring", "enabled"],
                      ["monitoring", "grafana", "enabled"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}

/** Grafana has a password. */
export function grafanaHasPassword(config: Config): Problem[] {
    return installsGrafana(config) && config.secrets.grafanaAdminPassword === undefined
        ? [
              {
                  path: ["secrets", "grafanaAdminPassword"],
                  message:
                      "is required where Grafana is installed; or set monitoring.grafana.enabled to false",
                  related: [["monitoring"], ["cluster", "kind"]],
              },
          ]
        : [];
}

/** The load balancer can sign Grafana's users in. */
export function grafanaLoginHasSecret(config: Config): Problem[] {
    return signsInToGrafana(config) && config.secrets.grafanaClientSecret === undefined
        ? [
              {
                  path: ["secrets", "grafanaClientSecret"],
                  message:
                      "is required with monitoring.grafana.ingress.login of kind oidc; or leave login out",
                  related: [["monitoring", "grafana", "ingress", "login"]],
              },
          ]
        : [];
}

/** Grafana's Ingress has a Grafana. */
export function grafanaIngressHasGrafana(config: Config): Problem[] {
    return config.monitoring.grafana.ingress && !installsGrafana(config)
        ? [
              {
                  path: ["monitoring", "grafana", "ingress"],
                  message: "must be absent where Grafana is not installed",
                  related: [
                      ["monitoring", "enabled"],
                      ["monitoring", "grafana", "enabled"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}

/** The adapter of custom metrics has a Prometheus to ask. */
export function customMetricsHavePrometheus(config: Config): Problem[] {
    return config.platform.customMetrics.enabled === true && !installsMonitoring(config)
        ? [
              {
                  path: ["platform", "customMetrics", "enabled"],
                  message: "must be false where monitoring is not installed: the adapter asks its Prometheus",
                  related: [
                      ["monitoring", "enabled"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}

/** An HPA that scales on custom metrics has the adapter that serves them. */
export function autoscalingHasCustomMetrics(config: Config): Problem[] {
    const remedy = installsMonitoring(config)
        ? "leave platform.customMetrics.enabled out"
        : "install monitoring, whose Prometheus has them";
    return config.app.backend.autoscaling.customMetrics.enabled && !installsCustomMetrics(config)
        ? [
              {
                  path: ["app", "backend", "autoscaling", "customMetrics", "enabled"],
                  message: `must be false where nothing serves custom metrics; or ${remedy}`,
                  related: [
                      ["platform", "customMetrics", "enabled"],
                      ["monitoring", "enabled"],
                      ["cluster", "kind"],
                  ],
              },
          ]
        : [];
}
