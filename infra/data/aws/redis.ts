import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type CacheEngine, cacheFamily } from "./engines.ts";
import type { CacheNodeType } from "./sizes.ts";
import {
    backupWindow,
    connectionSecret,
    finalSnapshotName,
    type StoreArgs,
    storeSecurityGroup,
} from "./store.ts";

export const redisPort = 6379;

export interface RedisArgs extends StoreArgs {
    engine: CacheEngine;
    /** Major and minor version, such as `8.2`. A lower one than the running one replaces the group. */
    engineVersion: string;
    nodeType: CacheNodeType;
    /** Primary and replicas. From two on a replica takes over when the primary or its zone fails. */
    nodes: number;
    /** Days of snapshots; 0 is none. */
    snapshotRetentionDays: number;
    /** Take a snapshot before the group is deleted. */
    finalSnapshot: boolean;
    /** What a new token does to the old one: `ROTATE` lets both in, `SET` only the new one. */
    authTokenUpdateStrategy: "SET" | "ROTATE";
    /** Auth token of 16 to 128 letters, digits and hyphens. Treated as a secret. */
    authToken: pulumi.Input<string>;
}

/** Name of the replication group in ElastiCache. */
export function redisName(namePrefix: string): string {
    return `${namePrefix}-redis`;
}

/** What the cache's log groups begin with. AWS keeps the policy for delivered logs short for names below vendedlogs. */
export function redisLogPrefix(namePrefix: string): string {
    return `/aws/vendedlogs/elasticache/${redisName(namePrefix)}/`;
}

const logTypes = ["slow-log", "engine-log"] as const;

/** Valkey or Redis on ElastiCache, in subnets without a way out, which nobody may enter until a rule lets them. */
export class Redis extends pulumi.ComponentResource {
    readonly group: aws.elasticache.ReplicationGroup;
    readonly securityGroup: aws.ec2.SecurityGroup;
    /** Host, port and auth token in Secrets Manager. */
    readonly secret: aws.secretsmanager.Secret;

    constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:Redis", name, {}, opts);
        const child = { parent: this };
        const groupId = redisName(args.namePrefix);
        this.securityGroup = storeSecurityGroup(name, { vpcId: args.vpcId, store: groupId }, child);
        const subnetGroup = new aws.elasticache.SubnetGroup(
            `${name}-subnets`,
            { description: `Subnets of ${groupId}`, subnetIds: args.subnetIds },
            child,
        );
        // Auto-named: a new major needs a group of its family beside the one in use.
        const parameterGroup = new aws.elasticache.ParameterGroup(
            `${name}-parameters`,
            {
                family: cacheFamily(args.engine, args.engineVersion),
                description: `Parameters of ${groupId}`,
                parameters: [
                    // Subscribers of the WebSocket adapter wait for messages for hours.
                    { name: "timeout", value: "0" },
                    // A full cache forgets what expires anyway: counters and cached answers. With noeviction each
                    // request would fail.
                    { name: "maxmemory-policy", value: "volatile-lru" },
                ],
            },
            child,
        );
        const logGroups = logTypes.map(
            (type) =>
                new aws.cloudwatch.LogGroup(
                    `${name}-${type}`,
                    {
                        name: `${redisLogPrefix(args.namePrefix)}${type}`,
                        retentionInDays: args.logRetentionDays,
                        kmsKeyId: args.logKeyArn,
                    },
                    child,
                ),
        );
        const replicated = args.nodes > 1;
        const authToken = pulumi.secret(args.authToken);
        this.group = new aws.elasticache.ReplicationGroup(
            name,
            {
                replicationGroupId: groupId,
                description: `Cache, rate limits and WebSocket messages of ${args.namePrefix}`,
                engine: args.engine,
                engineVersion: args.engineVersion,
                // After an update by AWS the version here would be the lower one, and a refresh would replace the group.
                autoMinorVersionUpgrade: false,
                nodeType: args.nodeType,
                numCacheClusters: args.nodes,
                automaticFailoverEnabled: replicated,
                multiAzEnabled: replicated,
                port: redisPort,
                parameterGroupName: parameterGroup.name,
                subnetGroupName: subnetGroup.name,
                securityGroupIds: [this.securityGroup.id],
                atRestEncryptionEnabled: true,
                kmsKeyId: args.keyArn,
                transitEncryptionEnabled: true,
                transitEncryptionMode: "required",
                authToken,
                // AWS's own default, ROTATE, leaves the former token valid.
                authTokenUpdateStrategy: args.authTokenUpdateStrategy,
                logDeliveryConfigurations: logTypes.map((logType, index) => ({
                    logType,
                    logFormat: "json",
                    destinationType: "cloudwatch-logs",
                    destination: logGroups[index]?.name ?? "",
                })),
                snapshotRetentionLimit: args.snapshotRetentionDays,
                snapshotWindow: backupWindow,
                maintenanceWindow: "sun:05:30-sun:06:30",
                ...(args.finalSnapshot && {
                    finalSnapshotIdentifier: finalSnapshotName(groupId, this.securityGroup),
                }),
                // Else a change waits for the window, although `up` says it is done.
                applyImmediately: true,
                tags: { Name: groupId },
            },
            {
                parent: this,
                protect: args.protect,
                // The provider's 40 minutes for updates are few for a new major with replicas, which takes 20 a node.
                customTimeouts: { create: "60m", update: "120m", delete: "60m" },
            },
        );
        this.secret = connectionSecret(
            `${name}-connection`,
            {
                store: groupId,
                keyArn: args.keyArn,
                content: {
                    engine: args.engine,
                    host: this.group.primaryEndpointAddress,
                    port: redisPort,
                    password: authToken,
                },
            },
            child,
        );
        this.registerOutputs({ address: this.group.primaryEndpointAddress });
    }
}
