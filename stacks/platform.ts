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
import { defaultStorageClass } from "../infra/platform/storageClass.ts";
import { al2023AmiVersion } from "../infra/versions.ts";
import { isInstalled } from "./installed.ts";
import type { Config, EksConfig } from "./schema/index.ts";

/** Time after which Karpenter ends a node in spite of PodDisruptionBudgets; far above any pod's grace period. */
const nodeTerminationGracePeriod = "1h";

export interface EksPlatformArgs {
    account: AwsAccount;
    provider: aws.Provider;
    network: AwsNetwork;
    eks: EksCluster;
    /** Tags of what the controllers make in AWS. */
    tags: Record<string, string>;
}

/** The controllers of a new cluster. Returns what the application needs of them, and what must outlive it. */
export function eksPlatform(config: Config, cluster: EksConfig, args: EksPlatformArgs): pulumi.Resource[] {
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
    const inCluster = { account, clusterName: cluster.name, cluster: eks.name, tags };
    const opts = { providers: { aws: args.provider, kubernetes: eks.provider } };
    const karpenter = new Karpenter(
        "karpenter",
        {
            ...common,
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
    const ready = [...karpenter.ready, storageClass];
    if (isInstalled(config, "loadBalancerController")) {
        const controller = new LoadBalancerController(
            "load-balancer-controller",
            {
                ...common,
                ...inCluster,
                vpcId: network.vpcId,
                webAcl: config.edge.wafAclArn !== undefined,
                updateDefinitions: platform.loadBalancerController.updateDefinitions,
            },
            opts,
        );
        ready.push(...controller.ready);
    }
    if (isInstalled(config, "metricsServer")) {
        ready.push(...new MetricsServer("metrics-server", common, opts).ready);
    }
    return ready;
}

/** The controllers that a cluster of somebody else's lacks. Returns the same. */
export function existingPlatform(config: Config, { provider }: Cluster): pulumi.Resource[] {
    if (!isInstalled(config, "metricsServer")) return [];
    return new MetricsServer(
        "metrics-server",
        { replicas: 2, charts: config.platform.charts, startAfter: [] },
        { providers: { kubernetes: provider } },
    ).ready;
}
