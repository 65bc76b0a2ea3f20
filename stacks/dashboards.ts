import type * as pulumi from "@pulumi/pulumi";

import { ingressName } from "../infra/app/ingress.ts";
import { postgresName } from "../infra/data/aws/postgres.ts";
import { redisName } from "../infra/data/aws/redis.ts";
import type { DashboardArgs } from "../infra/observability/dashboards/dashboardArgs.ts";
import { Dashboards } from "../infra/observability/dashboards/dashboardConfigMaps.ts";
import type { Monitoring } from "../infra/platform/monitoring/monitoring.ts";
import { installsDashboards } from "./features.ts";
import { ruleArgs } from "./monitoring.ts";
import type { Config } from "./schema/index.ts";

function stores({ data }: Config, clusterName: string | undefined): DashboardArgs["stores"] {
    if (data.kind === "in-cluster") return { kind: "in-cluster" };
    if (data.kind === "external" || clusterName === undefined) return undefined;
    const { postgres, redis } = data;
    return {
        kind: "aws",
        postgres: { ...postgres, name: postgresName(clusterName, postgres.name) },
        redis: { ...redis, name: redisName(clusterName) },
    };
}

/** What the dashboards of a stack show. `clusterName` is the name of a cluster in AWS, else undefined. */
export function dashboardArgs(config: Config, clusterName: string | undefined): DashboardArgs {
    return {
        rules: ruleArgs(config),
        customMetrics: config.app.backend.autoscaling.customMetrics.enabled,
        karpenter: config.cluster.kind === "eks",
        loadBalancer:
            clusterName === undefined
                ? undefined
                : { clusterName, ingress: `${config.app.namespace}/${ingressName}` },
        stores: stores(config, clusterName),
    };
}

/** The dashboards, wherever there is a Grafana of ours. */
export function grafanaDashboards(
    config: Config,
    args: { monitoring: Monitoring | undefined; clusterName: string | undefined },
    opts: pulumi.ComponentResourceOptions,
): Dashboards | undefined {
    if (!args.monitoring || !installsDashboards(config)) return undefined;
    return new Dashboards(
        "dashboards",
        { namespace: args.monitoring.namespace, dashboards: dashboardArgs(config, args.clusterName) },
        opts,
    );
}
