import type * as pulumi from "@pulumi/pulumi";

import { type AlertRouting, alertmanagerConfig } from "./alertRouting.ts";
import { secretsFolder, type Topic } from "./receivers.ts";
import { requests, type Requests, resources } from "./requests.ts";
import { vpcCniMonitor } from "./vpcCniMonitor.ts";

/** What the cluster has for pods. */
export interface PodClasses {
    /** Name of the PriorityClass. */
    readonly priorityClassName: pulumi.Input<string>;
    /** Class of the volumes. Default: the cluster's default class. */
    readonly storageClassName?: string | undefined;
}

/** A volume for each replica. */
export interface VolumeArgs {
    /** Size of the volume, as a Kubernetes quantity. */
    readonly storage: string;
}

export interface PrometheusArgs extends VolumeArgs, Requests {
    /** Prometheis that each scrape everything. */
    readonly replicas: number;
    /** Time samples are kept, such as `15d`. */
    readonly retention: string;
    /** Size at which the oldest samples go, as a Kubernetes quantity with a binary unit. */
    readonly retentionSize: string;
    /** Scrape the VPC CNI, which every node on EKS has. */
    readonly vpcCni: boolean;
}

export interface AlertmanagerArgs extends VolumeArgs {
    /** Alertmanagers that tell each other what they have sent. */
    readonly replicas: number;
    /** Time silences and notifications are kept, in hours such as `120h`. */
    readonly retention: string;
    /** Who is told of which alerts. */
    readonly routing: AlertRouting;
}

/** What Alertmanager uses to tell receivers. */
export interface NotificationArgs {
    /** Name of the Secret with a file for each receiver. Default: no receiver has a secret. */
    readonly secretName?: pulumi.Input<string> | undefined;
    /** Topic of receivers of kind sns, and the role that may publish there. */
    readonly topic?: (Topic & { readonly roleArn: pulumi.Input<string> }) | undefined;
}

/** Service account of Alertmanager's pods. */
export const alertmanagerServiceAccount = "alertmanager";

/** A volume in the zone of the pod. Without one, what was measured goes with the pod. */
function volumeClaim(storage: string, storageClassName: string | undefined) {
    return {
        volumeClaimTemplate: {
            spec: {
                ...(storageClassName !== undefined && { storageClassName }),
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage } },
            },
        },
    };
}

/**
 * Replicas on different nodes in different zones. Not only preferred: a volume stays for ever in the zone its first pod
 * came to, so two in one zone would never part.
 */
function placement(name: string, replicas: number) {
    if (replicas === 1) return {};
    return {
        podAntiAffinity: "hard",
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
            },
        ],
    };
}

/** One replica may go at a time. A single one has no budget, which would block every drain. */
function disruptionBudget(replicas: number) {
    return replicas === 1
        ? { enabled: false }
        : { enabled: true, minAvailable: replicas - 1, unhealthyPodEvictionPolicy: "AlwaysAllow" };
}

/** The chart's values for Prometheus. */
export function prometheusValues(
    args: PrometheusArgs,
    { priorityClassName, storageClassName }: PodClasses,
    externalLabels: Readonly<Record<string, string>>,
) {
    return {
        podDisruptionBudget: disruptionBudget(args.replicas),
        ...(args.vpcCni && { additionalPodMonitors: [vpcCniMonitor] }),
        prometheusSpec: {
            replicas: args.replicas,
            priorityClassName,
            externalLabels: { ...externalLabels },
            // Left true, only objects with the release's label count (helm-charts#430); a text "false" is true.
            ruleSelectorNilUsesHelmValues: false,
            serviceMonitorSelectorNilUsesHelmValues: false,
            podMonitorSelectorNilUsesHelmValues: false,
            probeSelectorNilUsesHelmValues: false,
            scrapeConfigSelectorNilUsesHelmValues: false,
            // Endpoints are deprecated since Kubernetes 1.33.
            serviceDiscoveryRole: "EndpointSlice",
            retention: args.retention,
            // Prometheus counts bytes where Kubernetes leaves the unit out.
            retentionSize: `${args.retentionSize}B`,
            storageSpec: volumeClaim(args.storage, storageClassName),
            resources: resources(args),
            ...placement("prometheus", args.replicas),
        },
    };
}

/** The chart's values for Alertmanager. */
export function alertmanagerValues(
    args: AlertmanagerArgs,
    { priorityClassName, storageClassName }: PodClasses,
    { secretName, topic }: NotificationArgs,
) {
    return {
        config: alertmanagerConfig(args.routing, topic),
        serviceAccount: { name: alertmanagerServiceAccount },
        podDisruptionBudget: disruptionBudget(args.replicas),
        alertmanagerSpec: {
            replicas: args.replicas,
            priorityClassName,
            retention: args.retention,
            // Alertmanager has no retention by size; these two bound what it stores.
            limits: { maxSilences: 1000, maxPerSilenceBytes: "16KB" },
            storage: volumeClaim(args.storage, storageClassName),
            resources: resources(requests.alertmanager),
            ...placement("alertmanager", args.replicas),
            // Not by `secrets`, whose folder has the Secret's name: the configuration is read anew before the pods are.
            ...(secretName !== undefined && {
                volumes: [{ name: "receivers", secret: { secretName } }],
                volumeMounts: [{ name: "receivers", mountPath: secretsFolder, readOnly: true }],
            }),
            // A pod gets the role's credentials when it is made: with the role its template changes.
            ...(topic && { podMetadata: { annotations: { "spywatcher/role": topic.roleArn } } }),
        },
    };
}
