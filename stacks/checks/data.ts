import { rdsRootCertificate } from "../../infra/data/aws/certificateAuthority.ts";
import { cacheEngines, newestVersion } from "../../infra/data/aws/engines.ts";
import { database } from "../../infra/data/aws/postgres.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";

type Check = (config: Config) => Problem[];

type AwsData = Extract<Config["data"], { kind: "aws" }>;

function ofAws(check: (data: AwsData, config: Config) => Problem[]): Check {
    return (config) => (config.data.kind === "aws" ? check(config.data, config) : []);
}

/** Data in AWS lives in the VPC of a cluster that the program makes. */
export const dataNeedsCluster: Check = ofAws((_, { cluster }) =>
    cluster.kind === "eks"
        ? []
        : [
              {
                  path: ["data", "kind"],
                  message: "must be in-cluster or external with a cluster that exists already",
                  related: [["cluster", "kind"]],
              },
          ],
);

/** The network policies know where the data stores are. */
export const databaseNetworks: Check = ofAws((_, { network }) =>
    network.kind === "existing" && network.databaseCidrs.length === 0
        ? [
              {
                  path: ["network", "databaseCidrs"],
                  message:
                      "is required with data.kind aws: the network policies let pods reach the database subnets alone",
                  related: [["data", "kind"]],
              },
          ]
        : [],
);

/** RDS and ElastiCache refuse names with two hyphens in a row. */
export const storeNames: Check = ofAws((_, { cluster }) =>
    cluster.kind === "eks" && cluster.name.includes("--")
        ? [
              {
                  path: ["cluster", "name"],
                  message: "must have no two hyphens in a row: the data stores are called after it",
                  related: [["data", "kind"]],
              },
          ]
        : [],
);

/** RDS asks for a tenth above the storage there is. */
export const storageGrows: Check = ofAws(({ postgres }) => {
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

/** In prod neither a zone nor a mistake takes the data. */
export const dataOfProd: Check = ofAws(({ postgres, redis }, { environment }) => {
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
    if (redis.nodes < 2) {
        problems.push({
            path: ["data", "redis", "nodes"],
            message: "must be at least 2 in prod: with one node nothing takes over when it fails",
            related,
        });
    }
    return problems;
});

/** The application can verify the instance. */
export const databaseVerified: Check = ofAws(({ postgres }, { aws }) =>
    aws && postgres.caCertificate === undefined && rdsRootCertificate(aws.region) === undefined
        ? [
              {
                  path: ["data", "postgres", "caCertificate"],
                  message: `is required in ${aws.region}, whose certificate authority is not known here: the root "RSA2048 G1" of the region's bundle (RDS User Guide, "Using SSL/TLS")`,
                  related: [
                      ["data", "kind"],
                      ["aws", "region"],
                  ],
              },
          ]
        : [],
);

/** A certificate authority is used. */
export const authorityVerifies: Check = ({ data }) =>
    data.kind === "external" &&
    data.postgres.caCertificate !== undefined &&
    !data.postgres.sslMode.startsWith("verify-")
        ? [
              {
                  path: ["data", "postgres", "sslMode"],
                  message: "must be verify-full with caCertificate: no other mode looks at it",
                  related: [["data", "postgres", "caCertificate"]],
              },
          ]
        : [];

/** An instance under another name begins with the data of the former one. */
export const renamedFromSnapshot: Check = ofAws(({ postgres }) =>
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
export const cacheVersion: Check = ofAws(({ redis }) => {
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
export const awsPasswords: Check = ofAws((_, { secrets }) => {
    const problems: Problem[] = [];
    for (const key of ["postgresPassword", "redisPassword"] as const) {
        if (secrets[key].length > 128) {
            problems.push({
                path: ["secrets", key],
                message: "must have at most 128 characters with data.kind aws",
                related: [["data", "kind"]],
            });
        }
    }
    if (!/^[A-Za-z0-9-]+$/.test(secrets.redisPassword)) {
        problems.push({
            path: ["secrets", "redisPassword"],
            message:
                "must have only letters, digits and hyphens with data.kind aws: ElastiCache refuses . _ ~",
            related: [["data", "kind"]],
        });
    }
    return problems;
});

/** Another role than the owner has a password of its own, and only that one. */
export const loginPassword: Check = ({ data, secrets }) => {
    const isOther = data.kind === "aws" && data.postgres.user !== database;
    if (isOther === (secrets.postgresUserPassword !== undefined)) return [];
    return [
        {
            path: ["secrets", "postgresUserPassword"],
            message: isOther
                ? `is required: data.postgres.user is ${data.postgres.user}, not ${database}`
                : `must be absent: only with data.kind aws and another data.postgres.user than ${database} it is used`,
            related: [
                ["data", "kind"],
                ["data", "postgres"],
            ],
        },
    ];
};
