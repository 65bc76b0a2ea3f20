import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartArgs, type ChartOverrides } from "../chart.ts";
import { cloudWatchReader } from "./cloudWatchReader.ts";
import { adminSecret, dashboardReader, type GrafanaArgs } from "./grafana.ts";
import { grafanaIngress } from "./grafanaIngress.ts";
import { monitoringNamespace } from "./monitoringNamespace.ts";
import { mailPorts, type NotificationTopicArgs, receiversSecret, topicIdentity } from "./notifications.ts";
import type { AlertmanagerArgs, PrometheusArgs } from "./prometheusValues.ts";
import { stackValues } from "./stackValues.ts";

export interface MonitoringArgs {
    /** Name of the namespace, which is made. */
    namespace: string;
    /** Refuse to delete the namespace, and what was measured with it, by mistake. */
    protect: boolean;
    /** Labels of what leaves Prometheus, such as alerts. */
    externalLabels: Readonly<Record<string, string>>;
    /** Namespace whose workloads and volumes have alerts of their own. Default: none, the chart alerts on all. */
    alertedNamespace?: string | undefined;
    /** Name of the PriorityClass of all pods but the node exporters. */
    priorityClassName: pulumi.Input<string>;
    /** Class of the volumes. Default: the cluster's default class. */
    storageClassName?: string | undefined;
    prometheus: PrometheusArgs;
    alertmanager: AlertmanagerArgs;
    /** Secrets of the receivers, and the URL of the heartbeat, by name. */
    receiverSecrets: Readonly<Record<string, string>>;
    /** Topic for receivers of kind sns. Default: there are none. */
    topic?: NotificationTopicArgs | undefined;
    /** Default: no Grafana. */
    grafana?: GrafanaArgs | undefined;
    /** The operator's definitions. */
    definitions: readonly pulumi.Resource[];
    /** Other places to get the charts from. */
    charts?: ChartOverrides | undefined;
    /** What the stack needs until the end: nodes, volumes, the load balancer controller. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

const releaseName = "kube-prometheus-stack";

/** Name of Grafana's Service and service account. */
const grafanaName = `${releaseName}-grafana`;

/** Seconds the release may take: nodes and volumes have to be made first. */
const installSeconds = 900;

/** Prometheus, Alertmanager, Grafana and the exporters, in a namespace of their own. */
export class Monitoring extends pulumi.ComponentResource {
    /** Name of the namespace; resolved when the namespace exists. */
    readonly namespace: pulumi.Output<string>;
    /** The stack: what rules, which its webhook checks, and whatever asks Prometheus come after, and go before. */
    readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:Monitoring", name, {}, opts);
        const child = { parent: this };
        const { grafana, topic } = args;
        const { receivers } = args.alertmanager.routing;
        const { namespace, policies } = monitoringNamespace(
            name,
            {
                namespace: args.namespace,
                protect: args.protect,
                grafanaIngress: grafana?.ingress !== undefined,
                cloudWatch: grafana?.cloudWatch !== undefined,
                mailPorts: mailPorts(receivers),
                alertmanagerRole: topic !== undefined,
                startAfter: args.startAfter,
            },
            this,
        );
        this.namespace = namespace.metadata.name;
        const admin =
            grafana &&
            adminSecret(
                `${name}-grafana-admin`,
                { namespace: this.namespace, adminPassword: grafana.adminPassword },
                child,
            );
        const reader = grafana && dashboardReader(`${name}-grafana-reader`, child);
        const cloudWatch =
            grafana?.cloudWatch &&
            cloudWatchReader(
                `${name}-grafana-identity`,
                { ...grafana.cloudWatch, namespace: args.namespace, serviceAccount: grafanaName },
                child,
            );
        const secret = receiversSecret(
            `${name}-receivers`,
            { namespace: this.namespace, routing: args.alertmanager.routing, secrets: args.receiverSecrets },
            child,
        );
        const identity =
            topic && topicIdentity(`${name}-alertmanager`, { ...topic, namespace: args.namespace }, child);
        const stack = new k8s.helm.v3.Release(
            `${name}-stack`,
            {
                name: releaseName,
                namespace: this.namespace,
                ...chartArgs(
                    "kube-prometheus-stack",
                    stackValues({
                        ...args,
                        notifications: {
                            secretName: secret?.metadata.name,
                            topic: topic &&
                                identity && {
                                    arn: topic.arn,
                                    region: topic.account.region,
                                    roleArn: identity.roleArn,
                                },
                        },
                        grafana: grafana && admin && { ...grafana, adminSecretName: admin.metadata.name },
                    }),
                    args.charts,
                ),
                skipCrds: true,
                timeout: installSeconds,
            },
            {
                ...child,
                // The definitions have to outlive the stack, whose removal fails without them (helm-charts#5311).
                dependsOn: [
                    ...args.definitions,
                    ...policies,
                    ...(reader ? [reader] : []),
                    ...(cloudWatch?.resources ?? []),
                    ...(identity?.resources ?? []),
                ],
            },
        );
        const ingress =
            grafana?.ingress &&
            grafanaIngress(
                `${name}-grafana-ingress`,
                {
                    ...grafana.ingress,
                    namespace: this.namespace,
                    serviceName: grafanaName,
                    startAfter: [stack],
                },
                child,
            );
        this.ready = [stack, ...(ingress ? [ingress] : [])];
        this.registerOutputs();
    }
}
