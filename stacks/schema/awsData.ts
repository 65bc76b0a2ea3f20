import { z } from "zod";

import { cacheEngines, postgresMajor, postgresMajors } from "../../infra/data/aws/engines.ts";
import { cacheNodeTypes, instanceClasses } from "../../infra/data/aws/sizes.ts";
import { certificate, integer } from "./primitives.ts";
import { retentionDays } from "./retention.ts";

const cacheVersions = [...cacheEngines.valkey, ...cacheEngines.redis] as const;

/** Keys of PostgreSQL on RDS. */
export const awsPostgresKeys = {
    engineVersion: z
        .literal(postgresMajors)
        .default(postgresMajor)
        .describe(
            "Major version; RDS updates the minor one in the maintenance window. A newer major is an upgrade in place with minutes of downtime; there is no way back.",
        ),
    name: z
        .string()
        .regex(
            /^(?!.*--)[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
            "must be 1–20 lower-case letters, digits and single hyphens, beginning with a letter",
        )
        .default("postgres")
        .describe(
            "End of the instance's name, after the cluster's. Another one makes a new instance from `snapshot` and deletes the old one.",
        ),
    snapshot: z
        .string()
        .regex(/^[A-Za-z][\w:.-]{0,254}$/, "must be the name or ARN of a snapshot")
        .optional()
        .describe(
            "Snapshot a new instance begins with, such as `rds:spywatcher-prod-postgres-2026-11-25-03-10`. A change replaces the instance: see docs/OPERATIONS.md, restore. Default: an empty database.",
        ),
    user: z
        .string()
        .regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a PostgreSQL name in lower case")
        .default("spywatcher")
        .describe(
            "Role the application connects as. Another one than `spywatcher`, which owns the database and has `secrets.postgresPassword`, needs `secrets.postgresUserPassword`.",
        ),
    caCertificate: certificate()
        .optional()
        .describe(
            "Root of the certificate authority `rds-ca-rsa2048-g1` in the region, as PEM, which the application verifies the instance by. Default: known for most regions; for others take `RSA2048 G1` of `https://truststore.pki.rds.amazonaws.com/<region>/<region>-bundle.pem`.",
        ),
    instanceClass: z
        .enum(instanceClasses)
        .default("db.t4g.medium")
        .describe("Size of the instance. Its memory decides how many connections it takes."),
    storageGiB: integer(20, 65_536).default(20).describe("Storage at the beginning in GiB."),
    maxStorageGiB: integer(22, 65_536)
        .default(100)
        .describe("Size in GiB up to which RDS lets the storage grow. It never shrinks."),
    multiAz: z
        .boolean()
        .default(false)
        .describe("Keep a standby in another zone, at twice the price. Required in prod."),
    backupRetentionDays: integer(0, 35)
        .default(7)
        .describe("Days of daily backups, with a point in time each five minutes. 0 is none, not in prod."),
    deletionProtection: z
        .boolean()
        .default(false)
        .describe("AWS refuses to delete the instance. `destroy --confirm` takes it off by itself."),
    finalSnapshot: z
        .boolean()
        .default(true)
        .describe("Take a snapshot before the instance is deleted, and keep its backups until they expire."),
    slowQueryMs: integer(1, 600_000)
        .default(1000)
        .describe("Milliseconds from which on a statement is logged, with what it holds of people's data."),
};

/** Keys of Valkey or Redis on ElastiCache. */
export const awsRedisKeys = {
    engine: z
        .enum(Object.keys(cacheEngines) as [keyof typeof cacheEngines])
        .default("valkey")
        .describe(
            "`valkey` speaks Redis' protocol and costs a fifth less. From `redis` to `valkey` is an upgrade in place, back is a replacement.",
        ),
    engineVersion: z
        .enum(cacheVersions)
        .optional()
        .describe(
            "Version: of `valkey` 8.2, 8.1, 8.0 or 7.2, of `redis` 7.1. A lower one replaces the cache. Default: the first of these.",
        ),
    nodeType: z.enum(cacheNodeTypes).default("cache.t4g.small").describe("Size of a node."),
    nodes: integer(1, 6)
        .default(1)
        .describe(
            "Primary and replicas. From two on one takes over when the primary or its zone fails; required in prod.",
        ),
    snapshotRetentionDays: integer(0, 35).default(1).describe("Days of daily snapshots; 0 is none."),
    finalSnapshot: z.boolean().default(true).describe("Take a snapshot before the cache is deleted."),
    authTokenUpdateStrategy: z
        .enum(["SET", "ROTATE"])
        .default("SET")
        .describe(
            "What a new `secrets.redisPassword` does to the old one: `ROTATE` lets both in, `SET` only the new one. See docs/OPERATIONS.md, rotation.",
        ),
};

/** Key of what is made in AWS of either. */
export const awsLogs = {
    logRetentionDays: retentionDays(30).describe("Days the logs of stores in AWS are kept."),
};

/** What data in AWS has beside the connection pool. */
export const awsDataKeys = {
    ...awsLogs,
    postgres: z.strictObject(awsPostgresKeys).prefault({}),
    redis: z.strictObject(awsRedisKeys).prefault({}),
};
