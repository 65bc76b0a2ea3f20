import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { contentName } from "../kubernetes/contentName.ts";
import { appLabel, objectLabels, type Tier } from "../kubernetes/labels.ts";
import { toTier } from "../kubernetes/networkFlows.ts";
import { images } from "../versions.ts";
import { databaseUrl, type PoolLimits, redisUrl } from "./connectionUrls.ts";
import type { Cache, Database } from "./data.ts";
import { inClusterResources } from "./defaults.ts";
import { StatefulStore } from "./statefulStore.ts";

export interface VolumeArgs {
    /** Size of the volume, a Kubernetes quantity. */
    storage: string;
    /** Class of the volume. Default: the cluster's default class. */
    storageClassName?: string | undefined;
}

export interface InClusterStoreArgs extends VolumeArgs {
    /** Password, set when the volume is new; changing PostgreSQL's later needs `ALTER ROLE`. */
    password: pulumi.Input<string>;
}

export interface InClusterPostgresArgs extends InClusterStoreArgs {
    /** `max_connections` the server is started with. A change restarts it. */
    maxConnections: number;
}

export interface InClusterDataArgs {
    namespace: pulumi.Input<string>;
    /** What must exist before the first pod. */
    podsReady: pulumi.Resource[];
    /** Name of the PriorityClass of the stores. */
    priorityClassName: pulumi.Input<string>;
    /** Default: PostgreSQL is of another kind. */
    postgres?: InClusterPostgresArgs | undefined;
    /** Default: Redis is of another kind. */
    redis?: InClusterStoreArgs | undefined;
    pool: PoolLimits;
    /** Refuse to delete the stores by mistake. */
    protect: boolean;
}

const database = "spywatcher";
const postgresPort = 5432;
const redisPort = 6379;

/** PostgreSQL, Redis or both as one-replica StatefulSets, for environments that need no managed data stores. */
export class InClusterData extends pulumi.ComponentResource {
    readonly database: Database | undefined;
    readonly cache: Cache | undefined;

    constructor(name: string, args: InClusterDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:InClusterData", name, {}, opts);
        this.database = args.postgres && this.postgres(name, args, args.postgres);
        this.cache = args.redis && this.redis(name, args, args.redis);
        this.registerOutputs({});
    }

    /** A Secret of a store, under a name that follows its content. Its name. */
    private secret(
        name: string,
        namespace: pulumi.Input<string>,
        tier: Tier,
        stringData: Record<string, pulumi.Output<string>>,
    ): pulumi.Output<string> {
        const objectName = `${appLabel}-${tier}`;
        return new k8s.core.v1.Secret(
            `${name}-${tier}-secret`,
            {
                metadata: {
                    name: pulumi.unsecret(
                        pulumi.output(stringData).apply((values) => contentName(objectName, values)),
                    ),
                    namespace,
                    labels: objectLabels(tier),
                },
                type: "Opaque",
                stringData,
                immutable: true,
            },
            { parent: this },
        ).metadata.name;
    }

    private postgres(
        name: string,
        args: InClusterDataArgs,
        { password, maxConnections, ...volume }: InClusterPostgresArgs,
    ): Database {
        const { namespace, protect } = args;
        const postgresPassword = pulumi.secret(password);
        const postgres = new StatefulStore(
            `${name}-postgres`,
            {
                namespace,
                tier: "postgres",
                host: "postgres",
                port: postgresPort,
                image: images.postgres,
                userId: 70,
                args: ["-c", `max_connections=${maxConnections}`],
                env: [
                    { name: "POSTGRES_DB", value: database },
                    { name: "POSTGRES_USER", value: database },
                    {
                        name: "POSTGRES_PASSWORD",
                        valueFrom: {
                            secretKeyRef: {
                                name: this.secret(name, namespace, "postgres", {
                                    password: postgresPassword,
                                }),
                                key: "password",
                            },
                        },
                    },
                    // A folder below the mount: the mount's own root may hold lost+found, which initdb refuses.
                    { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
                ],
                resources: inClusterResources.postgres,
                // By TCP: while the image initialises, its temporary server listens on the socket alone.
                probeCommand: [
                    "pg_isready",
                    "--host=127.0.0.1",
                    `--username=${database}`,
                    `--dbname=${database}`,
                ],
                dataPath: "/var/lib/postgresql/data",
                ...volume,
                writableFolders: [
                    { name: "run", path: "/var/run/postgresql", sizeLimit: "16Mi" },
                    { name: "tmp", path: "/tmp", sizeLimit: "64Mi" },
                ],
                clients: ["backend", "bot", "migration"],
                protect,
                priorityClassName: args.priorityClassName,
                startAfter: args.podsReady,
            },
            { parent: this },
        );
        return {
            databaseUrl: postgresPassword.apply((known) =>
                databaseUrl({
                    host: "postgres",
                    port: postgresPort,
                    database,
                    user: database,
                    password: known,
                    // The stock image speaks no TLS; the network policy admits the application's pods only.
                    sslMode: "disable",
                    ...args.pool,
                }),
            ),
            databaseEgress: toTier("postgres", postgresPort),
            ready: [postgres.statefulSet],
        };
    }

    private redis(name: string, args: InClusterDataArgs, { password, ...volume }: InClusterStoreArgs): Cache {
        const { namespace, protect } = args;
        const redisPassword = pulumi.secret(password);
        const redisSecret = this.secret(name, namespace, "redis", {
            password: redisPassword,
            "redis.conf": pulumi.interpolate`appendonly yes\ndir /data\nrequirepass ${redisPassword}\n`,
        });
        const redis = new StatefulStore(
            `${name}-redis`,
            {
                namespace,
                tier: "redis",
                host: "redis",
                port: redisPort,
                image: images.redis,
                userId: 999,
                // The password comes from a file: as an argument every process list would show it.
                args: ["redis-server", "/etc/redis/redis.conf"],
                env: [
                    {
                        name: "REDISCLI_AUTH",
                        valueFrom: { secretKeyRef: { name: redisSecret, key: "password" } },
                    },
                ],
                resources: inClusterResources.redis,
                // Without -e redis-cli exits 0 on an error reply, and the probe could not fail.
                probeCommand: ["redis-cli", "-e", "ping"],
                dataPath: "/data",
                ...volume,
                writableFolders: [{ name: "tmp", path: "/tmp", sizeLimit: "16Mi" }],
                secretMount: {
                    secret: redisSecret,
                    path: "/etc/redis",
                    items: [{ key: "redis.conf", path: "redis.conf" }],
                },
                clients: ["backend", "bot"],
                protect,
                priorityClassName: args.priorityClassName,
                startAfter: args.podsReady,
            },
            { parent: this },
        );
        return {
            redisUrl: redisPassword.apply((known) =>
                redisUrl({ host: "redis", port: redisPort, password: known, tls: false }),
            ),
            redisEgress: toTier("redis", redisPort),
            ready: [redis.statefulSet],
        };
    }
}
