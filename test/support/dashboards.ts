import { dashboards } from "../../infra/observability/dashboards/dashboards.ts";
import type { DashboardArgs } from "../../infra/observability/dashboards/dashboardArgs.ts";
import { ruleArgs } from "./ruleArgs.ts";

/** A stack in AWS, with everything there can be. */
export const inAws: DashboardArgs = {
    rules: ruleArgs,
    customMetrics: true,
    karpenter: true,
    loadBalancer: { clusterName: "test", ingress: "spywatcher/spywatcher-ingress" },
    stores: {
        postgres: { name: "test-postgres", instanceClass: "db.t4g.small", storageGiB: 20 },
        redis: { name: "test-redis", nodeType: "cache.t4g.micro", nodes: 2 },
        inCluster: false,
    },
};

/** A stack in a cluster of somebody else's. */
export const inCluster: DashboardArgs = {
    rules: ruleArgs,
    customMetrics: false,
    karpenter: false,
    stores: { inCluster: true },
};

/** Arguments with which every panel there is is on some dashboard. */
export const dashboardVariants = { "in AWS": inAws, "in a cluster of somebody else's": inCluster } as const;

/** A panel as it stands in the dashboard's JSON. */
export interface PanelJson {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly any[];
    readonly fieldConfig: any;
}

/** A dashboard as Grafana reads it. */
export interface DashboardJson {
    readonly uid: string;
    readonly title: string;
    readonly panels: readonly PanelJson[];
    readonly [key: string]: any;
}

/** The dashboards for these arguments, after a way through JSON. */
export function dashboardsJson(args: DashboardArgs): DashboardJson[] {
    return JSON.parse(JSON.stringify(dashboards(args))) as DashboardJson[];
}

/** Every query of every dashboard of every variant, with where it stands. */
export function allTargets(): { where: string; target: any }[] {
    return Object.entries(dashboardVariants).flatMap(([variant, args]) =>
        dashboardsJson(args).flatMap(({ uid, panels }) =>
            panels.flatMap(({ title, targets = [] }) =>
                targets.map((target) => ({ where: `${uid} ${variant}: ${title}`, target })),
            ),
        ),
    );
}
