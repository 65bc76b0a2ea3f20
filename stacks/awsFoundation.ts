import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../infra/aws/account.ts";
import {
    AlarmForwarder,
    type AlarmForwarderArgs,
    forwarderLogGroupName,
} from "../infra/aws/alarmForwarder.ts";
import { AlertTopic } from "../infra/aws/alertTopic.ts";
import { encryptionKey, logGroupsStatement } from "../infra/aws/encryptionKey.ts";
import { controlPlaneLogGroupName } from "../infra/cluster/controlPlane.ts";
import { EksCluster } from "../infra/cluster/eksCluster.ts";
import { webAclLogGroupName } from "../infra/edge/webAcl.ts";
import { postgresLogPrefix } from "../infra/data/aws/postgres.ts";
import { redisLogPrefix } from "../infra/data/aws/redis.ts";
import { existingVpc } from "../infra/network/existingVpc.ts";
import { flowLogGroupName } from "../infra/network/flowLog.ts";
import type { AwsNetwork } from "../infra/network/network.ts";
import { Vpc } from "../infra/network/vpc.ts";
import { alarmEmails, alarmReceivers } from "./alarmReceivers.ts";
import { consoleLinks } from "./consoleLinks.ts";
import type { Foundation } from "./foundation.ts";
import { definitions } from "./monitoring.ts";
import { eksPlatform } from "./platform.ts";
import type { Config, EksConfig } from "./schema/index.ts";

function tags(config: Config): Record<string, string> {
    return {
        Project: "spywatcher",
        Environment: config.environment,
        Stack: pulumi.getStack(),
        ManagedBy: "pulumi",
        ...(config.aws && { Owner: config.aws.owner, CostCenter: config.aws.costCenter }),
    };
}

function awsNetwork(
    config: Config,
    args: { account: AwsAccount; namePrefix: string; logKeyArn: pulumi.Input<string> },
    opts: pulumi.ComponentResourceOptions,
): AwsNetwork {
    const { network, protect } = config;
    switch (network.kind) {
        case "create":
            return new Vpc("network", { ...args, ...network, protect }, opts);
        case "existing":
            return existingVpc(network);
        case "unmanaged":
            throw new Error("a cluster in AWS needs a VPC");
    }
}

/** Tells the chats and pagers of AWS's alarms, where there are any. */
function forwardAlarms(
    config: Config,
    { provider, ...args }: Omit<AlarmForwarderArgs, "receivers"> & { provider: aws.Provider },
): void {
    const receivers = alarmReceivers(config);
    if (receivers.length === 0) return;
    new AlarmForwarder("alarm-forwarder", { ...args, receivers }, { providers: { aws: provider } });
}

/** An AWS account's VPC and EKS cluster, with nodes and volumes for whatever asks for them. */
export function awsFoundation(config: Config, cluster: EksConfig): Foundation {
    if (!config.aws) throw new Error("a cluster in AWS needs an account");
    const { accountId, region } = config.aws;
    const account: AwsAccount = { accountId, region };
    const allTags = tags(config);
    const { protect } = config;
    const provider = new aws.Provider("aws", {
        region,
        // With the credentials of another account nothing is changed there.
        allowedAccountIds: [accountId],
        defaultTags: { tags: allTags },
    });
    const inAws = { provider };
    const logKey = encryptionKey(
        "log-key",
        {
            account,
            alias: `${cluster.name}-logs`,
            description: `Log groups of ${cluster.name}`,
            statements: [
                logGroupsStatement(account, [
                    controlPlaneLogGroupName(cluster.name),
                    flowLogGroupName(cluster.name),
                    webAclLogGroupName(cluster.name),
                    postgresLogPrefix(cluster.name),
                    redisLogPrefix(cluster.name),
                    forwarderLogGroupName(cluster.name),
                ]),
            ],
            protect,
        },
        inAws,
    );
    const secretsKey = encryptionKey(
        "secrets-key",
        {
            account,
            alias: `${cluster.name}-secrets`,
            description: `Kubernetes Secrets of ${cluster.name}`,
            protect,
        },
        inAws,
    );
    const alerts = new AlertTopic(
        "alerts",
        { account, namePrefix: cluster.name, emails: alarmEmails(config), protect },
        { providers: { aws: provider } },
    );
    forwardAlarms(config, {
        account,
        namePrefix: cluster.name,
        topicArn: alerts.arn,
        keyArn: alerts.keyArn,
        logKeyArn: logKey.arn,
        provider,
    });
    const network = awsNetwork(
        config,
        { account, namePrefix: cluster.name, logKeyArn: logKey.arn },
        { providers: { aws: provider } },
    );
    const { systemNodes, operatingSystem } = cluster;
    const eks = new EksCluster(
        "cluster",
        {
            account,
            name: cluster.name,
            kubernetesVersion: cluster.kubernetesVersion,
            network,
            access: cluster.access,
            publicCidrs: cluster.endpoint.publicCidrs,
            logRetentionDays: cluster.logRetentionDays,
            logKeyArn: logKey.arn,
            secretsKeyArn: secretsKey.arn,
            deletionProtection: cluster.deletionProtection,
            protect,
            systemNodes: { operatingSystem, ...systemNodes },
            tags: allTags,
        },
        { providers: { aws: provider } },
    );
    const monitoringDefinitions = definitions(config, eks);
    const platform = eksPlatform(config, cluster, {
        account,
        provider,
        network,
        eks,
        monitoringDefinitions,
        tags: allTags,
    });
    return {
        network,
        cluster: eks,
        monitoringDefinitions,
        ...platform,
        aws: {
            account,
            provider,
            namePrefix: cluster.name,
            network,
            nodesSecurityGroupId: eks.securityGroupId,
            logKeyArn: logKey.arn,
            alertTopicArn: alerts.arn,
        },
        outputs: {
            vpcId: network.vpcId,
            kubeconfig: eks.kubeconfig,
            accessCommand: `aws eks update-kubeconfig --region ${region} --name ${cluster.name} --role-arn ${cluster.access.deployRole}`,
            consoleLinks: consoleLinks(region, cluster.name, network.vpcId),
        },
    };
}
