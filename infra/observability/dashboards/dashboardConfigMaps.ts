import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appLabel } from "../../kubernetes/labels.ts";
import { dashboardFolder, dashboardLabel } from "../../platform/monitoring/grafana.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { dashboards } from "./dashboards.ts";

export interface DashboardsArgs {
    /** Grafana's namespace; resolved when it exists. */
    namespace: pulumi.Input<string>;
    dashboards: DashboardArgs;
}

/** One ConfigMap for each dashboard, which Grafana's sidecar finds by its label. */
export class Dashboards extends pulumi.ComponentResource {
    constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:observability:Dashboards", name, {}, opts);
        for (const dashboard of dashboards(args.dashboards)) {
            const uid = dashboard.uid ?? "";
            const slug = uid.replace(`${appLabel}-`, "");
            new k8s.core.v1.ConfigMap(
                `${name}-${slug}`,
                {
                    metadata: {
                        name: `${appLabel}-dashboard-${slug}`,
                        namespace: args.namespace,
                        labels: {
                            "app.kubernetes.io/part-of": appLabel,
                            "app.kubernetes.io/managed-by": "pulumi",
                            ...dashboardLabel,
                        },
                        annotations: { [dashboardFolder.annotation]: dashboardFolder.name },
                    },
                    // The sidecar writes all dashboards into one folder of files.
                    data: { [`${uid}.json`]: JSON.stringify(dashboard) },
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
