import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../../aws/account.ts";
import { encryptionKey } from "../../aws/encryptionKey.ts";
import type { AwsNetwork } from "../../network/network.ts";
import { databaseUrl, type PoolLimits, redisUrl } from "../connectionUrls.ts";
import { type Data, databaseCaFile } from "../data.ts";
import { egressTo } from "../egress.ts";
import { dataAlarms } from "./alarms.ts";
import { database, Postgres, type PostgresArgs, postgresName, postgresPort } from "./postgres.ts";
import { Redis, type RedisArgs, redisName, redisPort } from "./redis.ts";
import { fromNodes, type StoreArgs } from "./store.ts";

type Own<Args> = Omit<Args, keyof StoreArgs>;

export interface AwsDataArgs {
    account: AwsAccount;
    /** Prefix of physical names: the cluster's name. */
    namePrefix: string;
    network: AwsNetwork;
    /** Security group the cluster's nodes wear: who may reach the stores. */
    nodesSecurityGroupId: pulumi.Input<string>;
    /** KMS key of the log groups. */
    logKeyArn: pulumi.Input<string>;
    /** Days the stores' logs are kept. */
    logRetentionDays: number;
    /** ARN of the topic that gets the alarms. */
    alertTopicArn: pulumi.Input<string>;
    /** Refuse to delete or replace the stores and their key. */
    protect: boolean;
    postgres: Own<PostgresArgs>;
    redis: Own<RedisArgs>;
    pool: PoolLimits;
    /** PEM of the certificate that verifies PostgreSQL's: the root of its authority in the region. */
    databaseCa: string;
    /** Role the application connects as, when it is not the one that owns the database. */
    login?: { user: string; password: pulumi.Input<string> } | undefined;
}

/** PostgreSQL on RDS and Valkey or Redis on ElastiCache, open to the cluster's nodes alone. */
export class AwsData extends pulumi.ComponentResource implements Data {
    readonly databaseUrl: pulumi.Output<string>;
    readonly databaseCa: string;
    readonly redisUrl: pulumi.Output<string>;
    readonly databaseEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    readonly redisEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    readonly ready: pulumi.Resource[];
    /** Secret in Secrets Manager with host, user and password of PostgreSQL. */
    readonly postgresSecretArn: pulumi.Output<string>;
    /** Secret in Secrets Manager with host and auth token of the cache. */
    readonly redisSecretArn: pulumi.Output<string>;

    constructor(name: string, args: AwsDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:AwsData", name, {}, opts);
        const child = { parent: this };
        const { namePrefix, network, protect } = args;
        const key = encryptionKey(
            `${name}-key`,
            {
                account: args.account,
                alias: `${namePrefix}-data`,
                description: `Database, cache, their backups and passwords of ${namePrefix}`,
                protect,
                // Without its key nobody could read a final snapshot.
                retain: args.postgres.finalSnapshot || args.redis.finalSnapshot,
            },
            child,
        );
        const common: StoreArgs = {
            namePrefix,
            vpcId: network.vpcId,
            subnetIds: network.databaseSubnetIds,
            keyArn: key.arn,
            logKeyArn: args.logKeyArn,
            logRetentionDays: args.logRetentionDays,
            protect,
        };
        const postgres = new Postgres(`${name}-postgres`, { ...common, ...args.postgres }, child);
        const redis = new Redis(`${name}-redis`, { ...common, ...args.redis }, child);
        const rules = [
            { store: "postgres", securityGroup: postgres.securityGroup, port: postgresPort },
            { store: "redis", securityGroup: redis.securityGroup, port: redisPort },
        ].map(({ store, securityGroup, port }) =>
            fromNodes(
                `${name}-${store}-from-nodes`,
                {
                    securityGroupId: securityGroup.id,
                    nodesSecurityGroupId: args.nodesSecurityGroupId,
                    port,
                },
                child,
            ),
        );
        dataAlarms(
            name,
            {
                topicArn: args.alertTopicArn,
                postgres: {
                    ...args.postgres,
                    name: postgresName(namePrefix, args.postgres.name),
                    identifier: postgres.instance.identifier,
                },
                redis: {
                    ...args.redis,
                    name: redisName(namePrefix),
                    groupId: redis.group.replicationGroupId,
                },
            },
            child,
        );

        const { user, password } = args.login ?? { user: database, password: args.postgres.password };
        this.databaseCa = args.databaseCa;
        this.databaseUrl = pulumi
            .all([postgres.instance.address, pulumi.secret(password)])
            .apply(([host, known]) =>
                databaseUrl({
                    host,
                    port: postgresPort,
                    database,
                    user,
                    password: known,
                    sslMode: "verify-full",
                    caFile: databaseCaFile,
                    ...args.pool,
                }),
            );
        this.redisUrl = pulumi
            .all([redis.group.primaryEndpointAddress, pulumi.secret(args.redis.authToken)])
            .apply(([host, token]) => redisUrl({ host, port: redisPort, password: token, tls: true }));
        this.databaseEgress = egressTo(network.databaseCidrs, postgresPort);
        this.redisEgress = egressTo(network.databaseCidrs, redisPort);
        this.ready = [postgres.instance, redis.group, ...rules];
        this.postgresSecretArn = postgres.secret.arn;
        this.redisSecretArn = redis.secret.arn;
        this.registerOutputs({});
    }
}
