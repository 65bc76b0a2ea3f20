import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../infra/aws/account.ts";
import type { Cluster } from "../infra/cluster/cluster.ts";
import type { EksCluster } from "../infra/cluster/eksCluster.ts";
import { systemNodeSelector } from "../infra/cluster/systemNodes.ts";
import type { AwsNetwork } from "../infra/network/network.ts";
import { Karpenter } from "../infra/platform/karpenter/karpenter.ts";
import { LoadBalancerController } from "../infra/platform/loadBalancerController/loadBalancerController.ts";
import { MetricsServer } from "../infra/platform/metricsServer.ts";
import type { MonitorLabels } from "../infra/platform/serviceMonitorValues.ts";
import { defaultStorageClass } from "../infra/platform/storageClass.ts";
import { al2023AmiVersion } from "../infra/versions.ts";
import { installsLoadBalancerController, installsMetricsServer } from "./features.ts";
import type { Config, EksConfig } from "./schema/index.ts";

/** Time after which Karpenter ends a node in spite of PodDisruptionBudgets; far above any pod's grace period. */
const nodeTerminationGracePeriod = "1h";

/** What the application needs of the controllers, by what needs it, and what must outlive that. */
export interface Platform {
    /** For Services and Ingresses. */
    loadBalancersReady: pulumi.Resource[];
    /** For pods: nodes, volumes. */
    podsReady: pulumi.Resource[];
    /** For HPAs: CPU and memory of pods. */
    metricsReady: pulumi.Resource[];
}

export interface EksPlatformArgs {
    account: AwsAccount;
    provider: aws.Provider;
    network: AwsNetwork;
    eks: EksCluster;
    /** Definitions of the Prometheus operator; undefined where there are none. */
    monitoringDefinitions: pulumi.Resource[] | undefined;
    /** Tags of what the controllers make in AWS. */
    tags: Record<string, string>;
}

/** The controllers of a new cluster. */
export function eksPlatform(config: Config, cluster: EksConfig, args: EksPlatformArgs): Platform {
    const { account, network, eks, tags } = args;
    const { platform } = config;
    const { systemNodes, nodePools, operatingSystem } = cluster;
    const amiVersion = nodePools.amiVersion ?? al2023AmiVersion(cluster.kubernetesVersion);
    const common = {
        // A second one would stay Pending where there is no second node for it.
        replicas: Math.min(systemNodes.count, 2),
        systemNodeSelector,
        charts: platform.charts,
        startAfter: [...eks.controllersReady, ...network.internetAccess],
    };
    const monitored = withMonitor(config, common, args.monitoringDefinitions);
    const inCluster = { account, clusterName: cluster.name, cluster: eks.name, tags };
    const opts = { providers: { aws: args.provider, kubernetes: eks.provider } };
    const karpenter = new Karpenter(
        "karpenter",
        {
            ...monitored,
            ...inCluster,
            securityGroupId: eks.securityGroupId,
            subnetIds: network.privateSubnetIds,
            nodes: {
                capacityTypes: nodePools.capacityTypes,
                instanceTypes: nodePools.instanceTypes,
                amiAlias: `${operatingSystem}@${amiVersion}`,
                volumeGiB: nodePools.volumeGiB,
                limits: nodePools.limits,
                expireAfter: nodePools.expireAfter,
                consolidateAfter: nodePools.consolidateAfter,
                budgets: [{ nodes: nodePools.disruptionBudget }],
                terminationGracePeriod: nodeTerminationGracePeriod,
            },
        },
        opts,
    );
    const storageClass = defaultStorageClass(
        "default-storage-class",
        { tags },
        { provider: eks.provider, dependsOn: eks.volumesReady },
    );
    const loadBalancersReady = installsLoadBalancerController(config)
        ? new LoadBalancerController(
              "load-balancer-controller",
              {
                  ...monitored,
                  ...inCluster,
                  vpcId: network.vpcId,
                  webAcl: config.edge.wafAclArn !== undefined || config.edge.waf !== undefined,
                  ...platform.loadBalancerController,
              },
              opts,
          ).ready
        : [];
    const metricsReady = installsMetricsServer(config)
        ? new MetricsServer("metrics-server", monitored, opts).ready
        : [];
    return { loadBalancersReady, podsReady: [...karpenter.ready, storageClass], metricsReady };
}

/** The controllers that a cluster of somebody else's lacks. */
export function existingPlatform(
    config: Config,
    { provider }: Cluster,
    monitoringDefinitions: pulumi.Resource[] | undefined,
): Platform {
    const there: Platform = { loadBalancersReady: [], podsReady: [], metricsReady: [] };
    if (!installsMetricsServer(config)) return there;
    const common = { replicas: 2, charts: config.platform.charts, startAfter: [] };
    const metricsServer = new MetricsServer(
        "metrics-server",
        withMonitor(config, common, monitoringDefinitions),
        {
            providers: { kubernetes: provider },
        },
    );
    return { ...there, metricsReady: metricsServer.ready };
}

/** Has a controller watched where the definition of a ServiceMonitor is, and waits for it. */
function withMonitor<T extends { startAfter: pulumi.Resource[] }>(
    { monitoring }: Config,
    args: T,
    definitions: pulumi.Resource[] | undefined,
): T & { serviceMonitor: MonitorLabels | undefined } {
    return {
        ...args,
        serviceMonitor: definitions && monitoring.objectLabels,
        startAfter: [...args.startAfter, ...(definitions ?? [])],
    };
}
