import { z } from "zod";

import { awsDataKeys, awsPostgresKeys, awsRedisKeys, awsLogs } from "./awsData.ts";
import { bytes, certificate, cidr, integer, kubernetesName, port, serverHost } from "./primitives.ts";

const pool = {
    connectionLimit: integer(1, 100)
        .default(5)
        .describe("Connections each process holds to PostgreSQL at most."),
    poolTimeoutSeconds: integer(1, 300).default(20).describe("Seconds a query waits for a free connection."),
    connectTimeoutSeconds: integer(1, 300).default(10).describe("Seconds to wait for a new connection."),
};

const maxConnections = (standard: number) => ({
    maxConnections: integer(1, 100_000)
        .default(standard)
        .describe(
            "`max_connections` of the PostgreSQL server; one in the cluster is started with it. All processes of a rollout × `connectionLimit` must fit.",
        ),
});

/** PostgreSQL's own default. */
const serverConnections = 100;

/** Enough for a rollout of ten replicas with the default pool. */
const inClusterConnections = 200;

const volumeKeys = (storage: string) => ({
    storage: bytes().default(storage).describe("Size of the volume."),
    storageClassName: kubernetesName()
        .optional()
        .describe("Class of the volume. Default: the cluster's default class."),
});

const volume = (storage: string) => z.strictObject(volumeKeys(storage)).prefault({});

const cidrs = () =>
    z
        .array(cidr())
        .min(1, "must name at least one network")
        .meta({ examples: [["10.0.0.0/16"]] })
        .describe("Networks that hold the server; the network policies open just these.");

const postgresName = () =>
    z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a PostgreSQL name in lower case");

const host = () =>
    serverHost()
        .meta({ examples: ["data.example.com"] })
        .describe("Host of the server.");

const externalPostgres = {
    host: host(),
    port: port().default(5432).describe("Port of the server."),
    database: postgresName().default("spywatcher").describe("Database."),
    user: postgresName().default("spywatcher").describe("Role the application connects as."),
    sslMode: z
        .enum(["disable", "prefer", "require", "verify-ca", "verify-full"])
        .default("require")
        .describe("How TLS is used. Both `verify` modes verify the certificate and the host's name."),
    caCertificate: certificate()
        .optional()
        .describe(
            "Certificate authority, as PEM, that a `verify` mode verifies the server by. Default: those the image trusts.",
        ),
    cidrs: cidrs(),
};

const externalRedis = {
    host: host(),
    port: port().default(6379).describe("Port of the server."),
    tls: z.boolean().default(true).describe("Use TLS."),
    cidrs: cidrs(),
};

const kinds = {
    inCluster: { kind: z.literal("in-cluster") },
    external: { kind: z.literal("external") },
    aws: { kind: z.literal("aws") },
};

const kindMessage = 'must be "in-cluster", "external" or "aws"';

const mixedPostgres = z
    .discriminatedUnion(
        "kind",
        [
            z.strictObject({ ...kinds.inCluster, ...volumeKeys("20Gi") }),
            z.strictObject({ ...kinds.external, ...externalPostgres }),
            z.strictObject({ ...kinds.aws, ...awsPostgresKeys }),
        ],
        kindMessage,
    )
    .describe("PostgreSQL: a `kind`, and the keys that `postgres` has with that kind of data.");

const mixedRedis = z
    .discriminatedUnion(
        "kind",
        [
            z.strictObject({ ...kinds.inCluster, ...volumeKeys("10Gi") }),
            z.strictObject({ ...kinds.external, ...externalRedis }),
            z.strictObject({ ...kinds.aws, ...awsRedisKeys }),
        ],
        kindMessage,
    )
    .describe("Redis or Valkey: a `kind`, and the keys that `redis` has with that kind of data.");

export const dataSchema = z
    .discriminatedUnion(
        "kind",
        [
            z
                .strictObject({
                    ...kinds.inCluster,
                    ...pool,
                    ...maxConnections(inClusterConnections),
                    postgres: volume("20Gi"),
                    redis: volume("10Gi"),
                })
                .describe("PostgreSQL and Redis as StatefulSets in the application's namespace."),
            z
                .strictObject({
                    ...kinds.external,
                    ...pool,
                    ...maxConnections(serverConnections),
                    postgres: z.strictObject(externalPostgres),
                    redis: z.strictObject(externalRedis),
                })
                .describe("PostgreSQL and Redis that exist already."),
            z
                .strictObject({ ...kinds.aws, ...pool, ...awsDataKeys })
                .describe("PostgreSQL on RDS and Valkey or Redis on ElastiCache, made by the program."),
            z
                .strictObject({
                    kind: z.literal("mixed"),
                    ...pool,
                    ...maxConnections(serverConnections),
                    ...awsLogs,
                    postgres: mixedPostgres,
                    redis: mixedRedis,
                })
                .describe(
                    "Each of the two by itself: `postgres.kind` and `redis.kind`. `maxConnections` counts unless PostgreSQL is on RDS.",
                ),
        ],
        'must be "in-cluster", "external", "aws" or "mixed"',
    )
    .describe("The data stores.");
