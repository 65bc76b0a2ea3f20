import type * as pulumi from "@pulumi/pulumi";

import { ingressName } from "../infra/app/ingress.ts";
import { postgresName } from "../infra/data/aws/postgres.ts";
import { redisName } from "../infra/data/aws/redis.ts";
import type { DashboardArgs, ShownStores } from "../infra/observability/dashboards/dashboardArgs.ts";
import { Dashboards } from "../infra/observability/dashboards/dashboardConfigMaps.ts";
import type { Monitoring } from "../infra/platform/monitoring/monitoring.ts";
import { installsDashboards } from "./features.ts";
import { ruleArgs } from "./monitoring.ts";
import type { Config } from "./schema/index.ts";
import { storesOf } from "./stores.ts";

function shownStores({ data }: Config, clusterName: string | undefined): ShownStores | undefined {
    const { postgres, redis } = storesOf(data);
    const inCluster = postgres.kind === "in-cluster" || redis.kind === "in-cluster";
    const inAws = clusterName !== undefined && (postgres.kind === "aws" || redis.kind === "aws");
    if (!inAws) return inCluster ? { inCluster } : undefined;
    return {
        postgres:
            postgres.kind === "aws"
                ? { ...postgres, name: postgresName(clusterName, postgres.name) }
                : undefined,
        redis: redis.kind === "aws" ? { ...redis, name: redisName(clusterName) } : undefined,
        inCluster,
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
        stores: shownStores(config, clusterName),
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
