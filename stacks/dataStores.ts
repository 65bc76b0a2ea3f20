import type * as pulumi from "@pulumi/pulumi";

import { AwsData, type AwsPostgresArgs } from "../infra/data/aws/awsData.ts";
import { rdsRootCertificate } from "../infra/data/aws/certificateAuthority.ts";
import { newestVersion } from "../infra/data/aws/engines.ts";
import type { Cache, Data, Database } from "../infra/data/data.ts";
import { ExternalData } from "../infra/data/externalData.ts";
import { InClusterData, type InClusterDataArgs } from "../infra/data/inClusterData.ts";
import { maxConnections } from "./maxConnections.ts";
import type { AwsPlatform, Foundation } from "./foundation.ts";
import type { Config } from "./schema/index.ts";
import { type Stores, storesOf } from "./stores.ts";

/** What the stack tells of the data stores it made in AWS. */
export interface DataOutputs {
    /** Secret in Secrets Manager with host, user and password of PostgreSQL. */
    postgresSecretArn: pulumi.Output<string>;
    /** Secret in Secrets Manager with host and auth token of the cache. */
    redisSecretArn: pulumi.Output<string>;
}

type AwsPostgres = Extract<Stores["postgres"], { kind: "aws" }>;

function awsPostgres(
    { user, caCertificate, ...postgres }: AwsPostgres,
    { secrets }: Config,
    region: string,
): AwsPostgresArgs {
    const databaseCa = caCertificate ?? rdsRootCertificate(region);
    if (databaseCa === undefined)
        throw new Error(`the certificate authority of RDS in ${region} is not known`);
    const { postgresUserPassword } = secrets;
    return {
        ...postgres,
        password: secrets.postgresPassword,
        databaseCa,
        login: postgresUserPassword === undefined ? undefined : { user, password: postgresUserPassword },
    };
}

function awsData(config: Config, { postgres, redis }: Stores, aws: AwsPlatform | undefined): AwsData {
    if (!aws) throw new Error("data in AWS needs a cluster there");
    const { provider, ...platform } = aws;
    const { data, secrets, protect } = config;
    if (data.kind !== "aws" && data.kind !== "mixed") throw new Error("no data is in AWS");
    return new AwsData(
        "data",
        {
            ...platform,
            protect,
            logRetentionDays: data.logRetentionDays,
            postgres:
                postgres.kind === "aws" ? awsPostgres(postgres, config, platform.account.region) : undefined,
            redis:
                redis.kind === "aws"
                    ? {
                          ...redis,
                          engineVersion: redis.engineVersion ?? newestVersion(redis.engine),
                          authToken: secrets.redisPassword,
                      }
                    : undefined,
            pool: data,
        },
        { providers: { aws: provider } },
    );
}

/** The data stores, wherever they are: one component for each kind, which makes what is of that kind. */
export function dataStores(
    config: Config,
    foundation: Foundation,
    inside: Pick<InClusterDataArgs, "namespace" | "podsReady" | "priorityClassName">,
): { data: Data; outputs: Partial<DataOutputs> } {
    const { data, secrets, protect } = config;
    const stores = storesOf(data);
    const { postgres, redis } = stores;
    const uses = (kind: Stores["postgres"]["kind"]): boolean => postgres.kind === kind || redis.kind === kind;
    const opts = { providers: { kubernetes: foundation.cluster.provider } };
    const inAws = uses("aws") ? awsData(config, stores, foundation.aws) : undefined;
    const inCluster = uses("in-cluster")
        ? new InClusterData(
              "data",
              {
                  ...inside,
                  postgres:
                      postgres.kind === "in-cluster"
                          ? {
                                ...postgres,
                                maxConnections: maxConnections(data).limit,
                                password: secrets.postgresPassword,
                            }
                          : undefined,
                  redis:
                      redis.kind === "in-cluster" ? { ...redis, password: secrets.redisPassword } : undefined,
                  pool: data,
                  protect,
              },
              opts,
          )
        : undefined;
    const external = uses("external")
        ? new ExternalData(
              "data",
              {
                  postgres:
                      postgres.kind === "external"
                          ? { ...postgres, password: secrets.postgresPassword }
                          : undefined,
                  redis:
                      redis.kind === "external" ? { ...redis, password: secrets.redisPassword } : undefined,
                  pool: data,
              },
              opts,
          )
        : undefined;
    const database: Database | undefined = inAws?.database ?? inCluster?.database ?? external?.database;
    const cache: Cache | undefined = inAws?.cache ?? inCluster?.cache ?? external?.cache;
    if (!database || !cache) throw new Error("each of the two stores is of one of the kinds");
    const outputs: Partial<DataOutputs> = {
        ...(inAws?.database && { postgresSecretArn: inAws.database.secretArn }),
        ...(inAws?.cache && { redisSecretArn: inAws.cache.secretArn }),
    };
    return { data: { ...database, ...cache, ready: [...database.ready, ...cache.ready] }, outputs };
}
