import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../infra/cluster/cluster.ts";
import { AlertRules } from "../infra/observability/prometheusRules.ts";
import type { RuleArgs } from "../infra/observability/ruleArgs.ts";
import type { CloudWatchArgs } from "../infra/platform/monitoring/cloudWatchReader.ts";
import { type AlertRouting, heartbeat } from "../infra/platform/monitoring/alertRouting.ts";
import type { GrafanaLogin } from "../infra/platform/monitoring/grafanaIngress.ts";
import { monitoringDefinitions } from "../infra/platform/monitoring/definitions.ts";
import { Monitoring } from "../infra/platform/monitoring/monitoring.ts";
import type { NotificationTopicArgs } from "../infra/platform/monitoring/notifications.ts";
import { PrometheusAdapter } from "../infra/platform/prometheusAdapter.ts";
import { storageClassName } from "../infra/platform/storageClass.ts";
import {
    hasQuietHours,
    installsCustomMetrics,
    installsGrafana,
    installsLoadBalancerController,
    installsMonitoring,
    installsRules,
} from "./features.ts";
import type { AwsPlatform } from "./foundation.ts";
import type { Config } from "./schema/index.ts";
import { storesOf } from "./stores.ts";

/** The Prometheus operator's definitions: installed, there already (none to wait for), or undefined. */
export function definitions(config: Config, { provider }: Cluster): pulumi.Resource[] | undefined {
    if (installsMonitoring(config)) {
        const { charts } = config.platform;
        return [monitoringDefinitions("monitoring-definitions", { charts }, { provider })];
    }
    return config.monitoring.existingDefinitions ? [] : undefined;
}

/** Who is told of which alerts. */
export function alertRouting(config: Config): AlertRouting {
    const { quietHours, ...routing } = config.monitoring.routing;
    return { ...routing, quietHours: hasQuietHours(config) ? quietHours : undefined };
}

/** The topic of AWS's alarms, where a receiver stands for it. */
function topic(
    { monitoring }: Config,
    cluster: Cluster,
    aws: AwsPlatform | undefined,
): NotificationTopicArgs | undefined {
    if (!aws || !monitoring.routing.receivers.some(({ kind }) => kind === "sns")) return undefined;
    const { account, namePrefix, alertTopicArn } = aws;
    return { account, clusterName: namePrefix, cluster: cluster.name, arn: alertTopicArn };
}

/** Prometheus and what belongs to it, or undefined. */
export function monitoring(
    config: Config,
    args: {
        cluster: Cluster;
        aws: AwsPlatform | undefined;
        definitions: readonly pulumi.Resource[] | undefined;
        cloudWatch: CloudWatchArgs | undefined;
        priorityClassName: pulumi.Input<string>;
        startAfter: pulumi.Resource[];
    },
    opts: pulumi.ComponentResourceOptions,
): Monitoring | undefined {
    if (!installsMonitoring(config)) return undefined;
    const { cluster, environment, protect, secrets } = config;
    const { heartbeatUrl } = secrets;
    const { namespace, prometheus, alertmanager, grafana, ...rest } = config.monitoring;
    return new Monitoring(
        "monitoring",
        {
            namespace,
            protect,
            priorityClassName: args.priorityClassName,
            externalLabels: { cluster: cluster.name, environment },
            alertedNamespace: installsRules(config) ? config.app.namespace : undefined,
            storageClassName:
                rest.storageClassName ?? (cluster.kind === "eks" ? storageClassName : undefined),
            prometheus: { ...prometheus, vpcCni: scrapesVpcCni(config) },
            alertmanager: { ...alertmanager, routing: alertRouting(config) },
            receiverSecrets: {
                ...secrets.receivers,
                ...(heartbeatUrl !== undefined && { [heartbeat]: heartbeatUrl }),
            },
            topic: topic(config, args.cluster, args.aws),
            grafana: installsGrafana(config)
                ? {
                      ...grafana,
                      ingress: grafana.ingress && {
                          ...grafana.ingress,
                          login: grafanaLogin(grafana.ingress.login, secrets.grafanaClientSecret),
                      },
                      adminPassword: required(
                          secrets.grafanaAdminPassword,
                          "the password of its administrator",
                      ),
                      cloudWatch: args.cloudWatch,
                  }
                : undefined,
            definitions: args.definitions ?? [],
            charts: config.platform.charts,
            startAfter: args.startAfter,
        },
        opts,
    );
}

/** What serves custom metrics to HPAs, where it is installed. */
export function customMetrics(
    config: Config,
    args: {
        monitoring: Monitoring | undefined;
        priorityClassName: pulumi.Input<string>;
        startAfter: pulumi.Resource[];
    },
    opts: pulumi.ComponentResourceOptions,
): void {
    if (!args.monitoring || !installsCustomMetrics(config)) return;
    const { namespace, ready } = args.monitoring;
    new PrometheusAdapter(
        "custom-metrics",
        {
            ...{ namespace, charts: config.platform.charts, priorityClassName: args.priorityClassName },
            startAfter: [...ready, ...args.startAfter],
        },
        opts,
    );
}

/** Services of the controllers that are installed and have alerts on their errors. */
function scrapedControllers(config: Config): string[] {
    if (config.cluster.kind !== "eks") return [];
    return ["karpenter", ...(installsLoadBalancerController(config) ? ["aws-load-balancer-controller"] : [])];
}

/** Nodes of EKS have the VPC CNI. */
function scrapesVpcCni(config: Config): boolean {
    return config.cluster.kind === "eks" && installsMonitoring(config);
}

/** The alert rules of the application, wherever the definitions are. */
export function alertRules(
    config: Config,
    args: {
        namespace: pulumi.Output<string>;
        definitions: readonly pulumi.Resource[] | undefined;
        monitoring: Monitoring | undefined;
        startAfter: pulumi.Resource[];
    },
    opts: pulumi.ComponentResourceOptions,
): AlertRules | undefined {
    if (!args.definitions || !installsRules(config)) return undefined;
    return new AlertRules(
        "alert-rules",
        {
            namespace: args.namespace,
            rules: ruleArgs(config),
            // The stack's webhook checks rules, so it comes before them.
            labels: config.monitoring.objectLabels,
            startAfter: [...args.definitions, ...(args.monitoring?.ready ?? []), ...args.startAfter],
        },
        opts,
    );
}

/** What the alert rules are about, and the dashboards with them. */
export function ruleArgs(config: Config): RuleArgs {
    const { app, monitoring } = config;
    const stores = storesOf(config.data);
    return {
        namespace: app.namespace,
        monitoringNamespace: monitoring.namespace,
        autoscaled: ["backend", "frontend"],
        controllers: scrapedControllers(config),
        vpcCni: scrapesVpcCni(config),
        singletons: app.bot.enabled ? ["bot"] : [],
        stores: (["postgres", "redis"] as const).filter((store) => stores[store].kind === "in-cluster"),
        rolloutTimeoutSeconds: app.rolloutTimeoutSeconds,
        thresholds: monitoring.rules.thresholds,
        runbookBase: monitoring.rules.runbookBase,
    };
}

type LoginConfig = NonNullable<Config["monitoring"]["grafana"]["ingress"]>["login"];

function grafanaLogin(login: LoginConfig, clientSecret: string | undefined): GrafanaLogin | undefined {
    return login?.kind === "oidc"
        ? { ...login, clientSecret: required(clientSecret, "the client secret of its login") }
        : login;
}

function required(secret: string | undefined, what: string): string {
    if (secret === undefined) throw new Error(`Grafana needs ${what}`);
    return secret;
}
