import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { contentName } from "../../kubernetes/contentName.ts";
import type { CloudWatchArgs } from "./cloudWatchReader.ts";
import { cloudWatchDataSource } from "./dataSources.ts";
import { type GrafanaIngressArgs, grafanaUrl } from "./grafanaIngress.ts";
import type { PodClasses } from "./prometheusValues.ts";
import { requests, resources } from "./requests.ts";

/** Label and value of the ConfigMaps, in any namespace, that hold dashboards. */
export const dashboardLabel = { grafana_dashboard: "1" } as const;

/** Annotation of those ConfigMaps that says in which of Grafana's folders their dashboards are, and ours. */
export const dashboardFolder = { annotation: "grafana_folder", name: "Spywatcher" } as const;

export interface GrafanaArgs {
    /** Password of the user `admin`. */
    readonly adminPassword: string;
    /** Size of a volume for what people change in the browser. Default: none, a restart brings back what is provisioned. */
    readonly storage?: string | undefined;
    /** Way in from the VPC. Default: none, `kubectl port-forward`. */
    readonly ingress?: GrafanaIngressArgs | undefined;
    /** The account's CloudWatch as a data source. Default: none. */
    readonly cloudWatch?: CloudWatchArgs | undefined;
}

const readerName = "grafana-dashboard-reader";

/** The administrator's Secret, under a name that follows the password: Grafana reads it only when it starts. */
export function adminSecret(
    name: string,
    { namespace, adminPassword }: { namespace: pulumi.Input<string>; adminPassword: string },
    opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
        name,
        {
            metadata: { name: contentName("grafana-admin", { adminPassword }), namespace },
            type: "Opaque",
            stringData: pulumi.secret({ "admin-user": "admin", "admin-password": adminPassword }),
            immutable: true,
        },
        opts,
    );
}

/** What Grafana's sidecars may read. The chart's own role includes every Secret of the cluster. */
export function dashboardReader(name: string, opts: pulumi.CustomResourceOptions): k8s.rbac.v1.ClusterRole {
    return new k8s.rbac.v1.ClusterRole(
        name,
        {
            metadata: { name: readerName },
            rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
        },
        opts,
    );
}

/** The chart's values for Grafana; `adminSecretName` is the name of the administrator's Secret. */
export function grafanaValues(
    { storage, ingress, cloudWatch }: Omit<GrafanaArgs, "adminPassword">,
    adminSecretName: pulumi.Input<string>,
    { priorityClassName, storageClassName }: PodClasses,
) {
    return {
        enabled: true,
        admin: { existingSecret: adminSecretName },
        rbac: { useExistingClusterRole: readerName },
        testFramework: { enabled: false },
        // Runs as root, which the namespace refuses; the volume belongs to Grafana's group without it.
        initChownData: { enabled: false },
        "grafana.ini": {
            analytics: {
                check_for_updates: false,
                check_for_plugin_updates: false,
                reporting_enabled: false,
            },
            // What comes with the image would else be replaced by the newest of grafana.com at each start.
            plugins: { preinstall_auto_update: false },
            ...(ingress && { server: { root_url: grafanaUrl(ingress) } }),
        },
        ...(storage !== undefined && {
            persistence: {
                enabled: true,
                size: storage,
                ...(storageClassName !== undefined && { storageClassName }),
            },
            // A second pod would wait for ever for the volume of the first (helm-charts#2265).
            deploymentStrategy: { type: "Recreate" },
        }),
        resources: resources(requests.grafana),
        priorityClassName,
        sidecar: {
            resources: resources(requests.grafanaSidecar),
            dashboards: {
                enabled: true,
                resource: "configmap",
                label: "grafana_dashboard",
                labelValue: dashboardLabel.grafana_dashboard,
                searchNamespace: "ALL",
                folderAnnotation: dashboardFolder.annotation,
                provider: { foldersFromFilesStructure: true },
            },
            datasources: { enabled: true, resource: "configmap" },
        },
        ...(cloudWatch && { additionalDataSources: [cloudWatchDataSource(cloudWatch.account.region)] }),
    };
}
