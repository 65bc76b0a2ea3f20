import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../../aws/account.ts";
import { encryptionKey } from "../../aws/encryptionKey.ts";
import type { AwsNetwork } from "../../network/network.ts";
import { databaseUrl, type PoolLimits, redisUrl } from "../connectionUrls.ts";
import { type Cache, type Database, databaseCaFile } from "../data.ts";
import { egressTo } from "../egress.ts";
import { watchPostgres, watchRedis } from "./alarms.ts";
import { database } from "./engines.ts";
import { Postgres, type PostgresArgs, postgresName, postgresPort } from "./postgres.ts";
import { Redis, type RedisArgs, redisName, redisPort } from "./redis.ts";
import { fromNodes, type StoreArgs } from "./store.ts";

type Own<Args> = Omit<Args, keyof StoreArgs>;

export interface AwsPostgresArgs extends Own<PostgresArgs> {
    /** PEM of the certificate that verifies PostgreSQL's: the root of its authority in the region. */
    databaseCa: string;
}

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
    /** Default: PostgreSQL is of another kind. */
    postgres?: AwsPostgresArgs | undefined;
    /** Default: Redis is of another kind. */
    redis?: Own<RedisArgs> | undefined;
    pool: PoolLimits;
}

interface AwsStore {
    /** Secret in Secrets Manager with host, user and password or token. */
    readonly secretArn: pulumi.Output<string>;
}

/** PostgreSQL on RDS, Valkey or Redis on ElastiCache, or both, open to the cluster's nodes alone. */
export class AwsData extends pulumi.ComponentResource {
    readonly database: (Database & AwsStore) | undefined;
    readonly cache: (Cache & AwsStore) | undefined;

    constructor(name: string, args: AwsDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:AwsData", name, {}, opts);
        const { namePrefix, network, protect } = args;
        const key = encryptionKey(
            `${name}-key`,
            {
                account: args.account,
                alias: `${namePrefix}-data`,
                description: `Database, cache, their backups and passwords of ${namePrefix}`,
                protect,
                // Without its key nobody could read a final snapshot.
                retain: args.postgres?.finalSnapshot === true || args.redis?.finalSnapshot === true,
            },
            { parent: this },
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
        this.database = args.postgres && this.postgres(name, args, { ...common, ...args.postgres });
        this.cache = args.redis && this.redis(name, args, { ...common, ...args.redis });
        this.registerOutputs({});
    }

    private postgres(
        name: string,
        { namePrefix, network, nodesSecurityGroupId, alertTopicArn, pool }: AwsDataArgs,
        { databaseCa, ...args }: AwsPostgresArgs & StoreArgs,
    ): Database & AwsStore {
        const child = { parent: this };
        const { instance, securityGroup, secret } = new Postgres(`${name}-postgres`, args, child);
        const rule = fromNodes(
            `${name}-postgres-from-nodes`,
            { securityGroupId: securityGroup.id, nodesSecurityGroupId, port: postgresPort },
            child,
        );
        watchPostgres(
            name,
            {
                ...args,
                topicArn: alertTopicArn,
                name: postgresName(namePrefix, args.name),
                identifier: instance.identifier,
                allocatedGiB: instance.allocatedStorage,
            },
            child,
        );
        const { user, password } = args.login ?? { user: database, password: args.password };
        return {
            databaseUrl: pulumi.all([instance.address, pulumi.secret(password)]).apply(([host, known]) =>
                databaseUrl({
                    host,
                    port: postgresPort,
                    database,
                    user,
                    password: known,
                    sslMode: "verify-full",
                    caFile: databaseCaFile,
                    ...pool,
                }),
            ),
            databaseCa,
            databaseEgress: egressTo(network.databaseCidrs, postgresPort),
            ready: [instance, rule],
            secretArn: secret.arn,
        };
    }

    private redis(
        name: string,
        { namePrefix, network, nodesSecurityGroupId, alertTopicArn }: AwsDataArgs,
        args: RedisArgs,
    ): Cache & AwsStore {
        const child = { parent: this };
        const { group, securityGroup, secret } = new Redis(`${name}-redis`, args, child);
        const rule = fromNodes(
            `${name}-redis-from-nodes`,
            { securityGroupId: securityGroup.id, nodesSecurityGroupId, port: redisPort },
            child,
        );
        watchRedis(
            name,
            {
                ...args,
                topicArn: alertTopicArn,
                name: redisName(namePrefix),
                groupId: group.replicationGroupId,
            },
            child,
        );
        return {
            redisUrl: pulumi
                .all([group.primaryEndpointAddress, pulumi.secret(args.authToken)])
                .apply(([host, token]) => redisUrl({ host, port: redisPort, password: token, tls: true })),
            redisEgress: egressTo(network.databaseCidrs, redisPort),
            ready: [group, rule],
            secretArn: secret.arn,
        };
    }
}
