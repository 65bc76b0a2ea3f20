import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../infra/aws/account.ts";
import type { Cluster } from "../infra/cluster/cluster.ts";
import { ExistingCluster } from "../infra/cluster/existingCluster.ts";
import type { AwsNetwork, Network } from "../infra/network/network.ts";
import { awsFoundation } from "./awsFoundation.ts";
import { definitions } from "./monitoring.ts";
import { existingPlatform, type Platform } from "./platform.ts";
import type { Config } from "./schema/index.ts";

/** What the stack tells of what it made in AWS. */
export interface AwsOutputs {
    vpcId: pulumi.Output<string>;
    /** Secret. Holds no credentials, but says whom to become. */
    kubeconfig: pulumi.Output<string>;
    /** Command that puts the cluster into one's own kubeconfig. */
    accessCommand: string;
    /** Pages of the AWS console. */
    consoleLinks: Record<string, pulumi.Output<string>>;
}

/** What else is made in the cluster's account needs to know of it. */
export interface AwsPlatform {
    account: AwsAccount;
    provider: aws.Provider;
    /** Prefix of physical names: the cluster's name. */
    namePrefix: string;
    network: AwsNetwork;
    /** Security group the cluster's nodes wear. Known when the cluster exists. */
    nodesSecurityGroupId: pulumi.Output<string>;
    /** KMS key of log groups. */
    logKeyArn: pulumi.Output<string>;
    /** Topic that alarms are sent to. */
    alertTopicArn: pulumi.Output<string>;
}

/** What the application stands on. */
export interface Foundation extends Platform {
    network: Network;
    cluster: Cluster;
    /** Definitions of the Prometheus operator; undefined where there are none. */
    monitoringDefinitions: pulumi.Resource[] | undefined;
    /** The account the cluster was made in; absent for a cluster found by a kubeconfig. */
    aws?: AwsPlatform;
    outputs: AwsOutputs | Record<string, never>;
}

/** The network and the cluster, made in AWS or found by a kubeconfig. */
export function foundation(config: Config, kubeconfig: string | undefined): Foundation {
    const { cluster, network } = config;
    if (cluster.kind === "eks") return awsFoundation(config, cluster);
    if (kubeconfig === undefined) throw new Error("a cluster that exists already is reached by a kubeconfig");
    const existing = new ExistingCluster("cluster", {
        name: cluster.name,
        kubeconfig,
        context: cluster.context,
    });
    const monitoringDefinitions = definitions(config, existing);
    return {
        network: {
            loadBalancerCidrs: pulumi.output(network.kind === "unmanaged" ? network.loadBalancerCidrs : []),
        },
        cluster: existing,
        monitoringDefinitions,
        ...existingPlatform(config, existing, monitoringDefinitions),
        outputs: {},
    };
}
