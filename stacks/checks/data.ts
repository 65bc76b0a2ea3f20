import { rdsRootCertificate } from "../../infra/data/aws/certificateAuthority.ts";
import { cacheEngines, database, newestVersion } from "../../infra/data/aws/engines.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import { kindPath, type Stores, storesOf } from "../stores.ts";

type Check = (config: Config) => Problem[];

type AwsPostgres = Extract<Stores["postgres"], { kind: "aws" }>;
type AwsRedis = Extract<Stores["redis"], { kind: "aws" }>;

/** Paths of the keys that put a store into AWS. */
function awsKinds({ data }: Config): string[][] {
    const stores = storesOf(data);
    const paths = (["postgres", "redis"] as const)
        .filter((store) => stores[store].kind === "aws")
        .map((store) => kindPath(data, store));
    return data.kind === "mixed" ? paths : paths.slice(0, 1);
}

/** A check of what is the same for both stores. Nothing is wrong when neither is in AWS. */
function ofAws(check: (kinds: string[][], config: Config) => Problem[]): Check {
    return (config) => {
        const kinds = awsKinds(config);
        return kinds.length > 0 ? check(kinds, config) : [];
    };
}

function ofAwsPostgres(check: (postgres: AwsPostgres, config: Config) => Problem[]): Check {
    return (config) => {
        const { postgres } = storesOf(config.data);
        return postgres.kind === "aws" ? check(postgres, config) : [];
    };
}

function ofAwsRedis(check: (redis: AwsRedis, config: Config) => Problem[]): Check {
    return (config) => {
        const { redis } = storesOf(config.data);
        return redis.kind === "aws" ? check(redis, config) : [];
    };
}

/** Data in AWS lives in the VPC of a cluster that the program makes. */
export const dataNeedsCluster: Check = ofAws((kinds, { cluster }) =>
    cluster.kind === "eks"
        ? []
        : kinds.map((path) => ({
              path,
              message: "must be in-cluster or external with a cluster that exists already",
              related: [["cluster", "kind"]],
          })),
);

/** The network policies know where the data stores are. */
export const databaseNetworks: Check = ofAws((kinds, { network }) =>
    network.kind === "existing" && network.databaseCidrs.length === 0
        ? [
              {
                  path: ["network", "databaseCidrs"],
                  message:
                      "is required with data.kind aws: the network policies let pods reach the database subnets alone",
                  related: kinds,
              },
          ]
        : [],
);

/** RDS and ElastiCache refuse names with two hyphens in a row. */
export const storeNames: Check = ofAws((kinds, { cluster }) =>
    cluster.kind === "eks" && cluster.name.includes("--")
        ? [
              {
                  path: ["cluster", "name"],
                  message: "must have no two hyphens in a row: the data stores are called after it",
                  related: kinds,
              },
          ]
        : [],
);

/** RDS asks for a tenth above the storage there is. */
export const storageGrows: Check = ofAwsPostgres((postgres) => {
    const { storageGiB, maxStorageGiB } = postgres;
    const least = Math.ceil((storageGiB * 11) / 10);
    return maxStorageGiB >= least
        ? []
        : [
              {
                  path: ["data", "postgres", "maxStorageGiB"],
                  message: `must be at least ${least}, a tenth above storageGiB, which is ${storageGiB}: else RDS refuses it`,
                  related: [["data", "postgres", "storageGiB"]],
              },
          ];
});

/** In prod neither a zone nor a mistake takes the database. */
export const databaseOfProd: Check = ofAwsPostgres((postgres, { environment }) => {
    if (environment !== "prod") return [];
    const related = [["environment"]];
    const problems: Problem[] = [];
    if (!postgres.multiAz) {
        problems.push({
            path: ["data", "postgres", "multiAz"],
            message: "must be true in prod: without a standby the loss of a zone stops the application",
            related,
        });
    }
    if (postgres.backupRetentionDays === 0) {
        problems.push({
            path: ["data", "postgres", "backupRetentionDays"],
            message: "must be at least 1 in prod: without backups a mistake is final",
            related,
        });
    }
    return problems;
});

/** In prod no node takes the cache. */
export const cacheOfProd: Check = ofAwsRedis((redis, { environment }) =>
    environment === "prod" && redis.nodes < 2
        ? [
              {
                  path: ["data", "redis", "nodes"],
                  message: "must be at least 2 in prod: with one node nothing takes over when it fails",
                  related: [["environment"]],
              },
          ]
        : [],
);

/** The application can verify the instance. */
export const databaseVerified: Check = ofAwsPostgres((postgres, { aws, data }) =>
    aws && postgres.caCertificate === undefined && rdsRootCertificate(aws.region) === undefined
        ? [
              {
                  path: ["data", "postgres", "caCertificate"],
                  message: `is required in ${aws.region}, whose certificate authority is not known here: the root "RSA2048 G1" of the region's bundle (RDS User Guide, "Using SSL/TLS")`,
                  related: [kindPath(data, "postgres"), ["aws", "region"]],
              },
          ]
        : [],
);

/** A certificate authority is used. */
export const authorityVerifies: Check = ({ data }) => {
    const { postgres } = storesOf(data);
    return postgres.kind === "external" &&
        postgres.caCertificate !== undefined &&
        !postgres.sslMode.startsWith("verify-")
        ? [
              {
                  path: ["data", "postgres", "sslMode"],
                  message: "must be verify-full with caCertificate: no other mode looks at it",
                  related: [["data", "postgres", "caCertificate"]],
              },
          ]
        : [];
};

/** An instance under another name begins with the data of the former one. */
export const renamedFromSnapshot: Check = ofAwsPostgres((postgres) =>
    postgres.name !== "postgres" && postgres.snapshot === undefined
        ? [
              {
                  path: ["data", "postgres", "snapshot"],
                  message: `is required with another name than postgres, which is ${postgres.name}: the new instance would be empty`,
                  related: [["data", "postgres", "name"]],
              },
          ]
        : [],
);

/** The engine has that version. */
export const cacheVersion: Check = ofAwsRedis((redis) => {
    const versions: readonly string[] = cacheEngines[redis.engine];
    return versions.includes(redis.engineVersion ?? newestVersion(redis.engine))
        ? []
        : [
              {
                  path: ["data", "redis", "engineVersion"],
                  message: `must be one of ${versions.join(", ")} with engine ${redis.engine}`,
                  related: [["data", "redis", "engine"]],
              },
          ];
});

/** What AWS takes as a password and as an auth token (RDS and ElastiCache user guides). */
function awsPassword(
    key: "postgresPassword" | "redisPassword",
    kind: string[],
    { secrets }: Config,
): Problem[] {
    return secrets[key].length > 128
        ? [
              {
                  path: ["secrets", key],
                  message: `must have at most 128 characters with ${kind.join(".")} aws`,
                  related: [kind],
              },
          ]
        : [];
}

/** RDS takes the password. */
export const databasePassword: Check = ofAwsPostgres((_, config) =>
    awsPassword("postgresPassword", kindPath(config.data, "postgres"), config),
);

/** ElastiCache takes the token. */
export const redisToken: Check = ofAwsRedis((_, config) => {
    const kind = kindPath(config.data, "redis");
    const problems = awsPassword("redisPassword", kind, config);
    if (!/^[A-Za-z0-9-]+$/.test(config.secrets.redisPassword)) {
        problems.push({
            path: ["secrets", "redisPassword"],
            message: `must have only letters, digits and hyphens with ${kind.join(".")} aws: ElastiCache refuses . _ ~`,
            related: [kind],
        });
    }
    return problems;
});

/** Another role than the owner has a password of its own, and only that one. */
export const loginPassword: Check = ({ data, secrets }) => {
    const { postgres } = storesOf(data);
    const isOther = postgres.kind === "aws" && postgres.user !== database;
    if (isOther === (secrets.postgresUserPassword !== undefined)) return [];
    return [
        {
            path: ["secrets", "postgresUserPassword"],
            message: isOther
                ? `is required: data.postgres.user is ${postgres.user}, not ${database}`
                : `must be absent: only with data.kind aws and another data.postgres.user than ${database} it is used`,
            related: [kindPath(data, "postgres"), ["data", "postgres"]],
        },
    ];
};
