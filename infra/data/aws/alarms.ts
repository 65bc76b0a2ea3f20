import * as pulumi from "@pulumi/pulumi";

import { metricAlarm, type MetricAlarmArgs } from "../../aws/metricAlarm.ts";
import { cacheCpuAlarm, type CacheNodeType, expectedMaxConnections, type InstanceClass } from "./sizes.ts";

type Alarm = Omit<MetricAlarmArgs, "name" | "namespace" | "dimensions" | "runbook" | "topicArn">;

/** Bytes of free storage below which the alarm begins: a tenth. */
function leastFreeBytes(storageGiB: number): number {
    return storageGiB * 2 ** 30 * 0.1;
}

/** What is wrong with a database that only RDS can see, by the end of the alarm's name. */
export function postgresAlarms(args: {
    instanceClass: InstanceClass;
    storageGiB: number;
}): Record<string, Alarm> {
    const maxConnections = expectedMaxConnections(args.instanceClass);
    return {
        storage: {
            severity: "critical",
            description:
                "Less than a tenth of the storage is free, and RDS has not added any: is maxStorageGiB reached?",
            metric: "FreeStorageSpace",
            statistic: "Minimum",
            comparison: "<",
            threshold: leastFreeBytes(args.storageGiB),
            // RDS adds storage after 5 minutes below a tenth.
            minutes: 30,
        },
        cpu: {
            severity: "warning",
            description: "The database's CPU is busy: look at Database Insights for the statements.",
            metric: "CPUUtilization",
            statistic: "Average",
            comparison: ">",
            threshold: 80,
            minutes: 15,
        },
        connections: {
            severity: "warning",
            description: `Over 80 % of the ${maxConnections} connections the instance class takes are in use.`,
            metric: "DatabaseConnections",
            statistic: "Maximum",
            comparison: ">",
            threshold: Math.floor(maxConnections * 0.8),
            minutes: 5,
        },
        "transaction-ids": {
            severity: "critical",
            description:
                "Vacuum does not keep up: at 2 billion used transaction ids PostgreSQL stops writing.",
            metric: "MaximumUsedTransactionIDs",
            statistic: "Maximum",
            comparison: ">",
            threshold: 1e9,
            minutes: 5,
        },
    };
}

/** What is wrong with one node of a cache that only ElastiCache can see, by the end of the alarm's name. */
export function redisAlarms(args: { nodeType: CacheNodeType; nodes: number }): Record<string, Alarm> {
    const cpu = cacheCpuAlarm(args.nodeType);
    return {
        memory: {
            severity: "warning",
            description: "The cache is nearly full: a larger node type, or fewer keys without expiry.",
            metric: "DatabaseMemoryUsagePercentage",
            statistic: "Maximum",
            comparison: ">",
            threshold: 80,
            minutes: 10,
        },
        evictions: {
            severity: "warning",
            description: "The cache is full and drops keys before they expire.",
            metric: "Evictions",
            statistic: "Sum",
            comparison: ">",
            threshold: 0,
            minutes: 5,
            noData: "good",
        },
        cpu: {
            severity: "warning",
            description: "The cache's one thread is busy: look at the slow log.",
            metric: cpu.metric,
            statistic: "Average",
            comparison: ">",
            threshold: cpu.threshold,
            minutes: 15,
        },
        ...(args.nodes > 1 && {
            "replication-lag": {
                severity: "warning",
                description: "The replica is more than 10 seconds behind; so much a failover would lose.",
                metric: "ReplicationLag",
                statistic: "Maximum",
                comparison: ">",
                threshold: 10,
                minutes: 5,
                // A primary has none.
                noData: "good",
            } as const,
        }),
    };
}

export interface PostgresAlarmsArgs {
    /** ARN of the topic that gets the alarms. */
    topicArn: pulumi.Input<string>;
    /** Name of the instance; the input of alarm names. */
    name: string;
    /** The same, known when the instance exists. */
    identifier: pulumi.Input<string>;
    instanceClass: InstanceClass;
    /** Storage at the beginning in GiB. */
    storageGiB: number;
    /** Storage the instance has, by which RDS has grown it. */
    allocatedGiB: pulumi.Input<number>;
}

/** CloudWatch alarms on PostgreSQL. */
export function watchPostgres(
    name: string,
    args: PostgresAlarmsArgs,
    opts: pulumi.CustomResourceOptions,
): void {
    for (const [what, alarm] of Object.entries(postgresAlarms(args))) {
        metricAlarm(
            `${name}-postgres-${what}`,
            {
                ...alarm,
                threshold:
                    what === "storage"
                        ? pulumi.output(args.allocatedGiB).apply(leastFreeBytes)
                        : alarm.threshold,
                name: `${args.name}-${what}`,
                runbook: `postgres-${what}`,
                namespace: "AWS/RDS",
                dimensions: { DBInstanceIdentifier: args.identifier },
                topicArn: args.topicArn,
            },
            opts,
        );
    }
}

export interface RedisAlarmsArgs {
    /** ARN of the topic that gets the alarms. */
    topicArn: pulumi.Input<string>;
    /** Name of the replication group. */
    name: string;
    /** The same, known when the group exists. */
    groupId: pulumi.Input<string>;
    nodeType: CacheNodeType;
    nodes: number;
}

/** CloudWatch alarms on each node of the cache. */
export function watchRedis(name: string, args: RedisAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
    for (let index = 1; index <= args.nodes; index++) {
        // Metrics are by node: GROUP-001, GROUP-002.
        const node = String(index).padStart(3, "0");
        for (const [what, alarm] of Object.entries(redisAlarms(args))) {
            metricAlarm(
                `${name}-redis-${node}-${what}`,
                {
                    ...alarm,
                    name: `${args.name}-${node}-${what}`,
                    runbook: `redis-${what}`,
                    namespace: "AWS/ElastiCache",
                    dimensions: { CacheClusterId: pulumi.interpolate`${args.groupId}-${node}` },
                    topicArn: args.topicArn,
                },
                opts,
            );
        }
    }
}
