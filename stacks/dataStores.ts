import type * as pulumi from "@pulumi/pulumi";

import { AwsData } from "../infra/data/aws/awsData.ts";
import { rdsRootCertificate } from "../infra/data/aws/certificateAuthority.ts";
import { newestVersion } from "../infra/data/aws/engines.ts";
import type { Data } from "../infra/data/data.ts";
import { ExternalData } from "../infra/data/externalData.ts";
import { InClusterData } from "../infra/data/inClusterData.ts";
import type { Foundation } from "./foundation.ts";
import type { Config } from "./schema/index.ts";

/** What the stack tells of the data stores it made in AWS. */
export interface DataOutputs {
    /** Secret in Secrets Manager with host, user and password of PostgreSQL. */
    postgresSecretArn: pulumi.Output<string>;
    /** Secret in Secrets Manager with host and auth token of the cache. */
    redisSecretArn: pulumi.Output<string>;
}

interface DataStores {
    data: Data;
    outputs: DataOutputs | Record<string, never>;
}

function rootCertificate(region: string): string {
    const root = rdsRootCertificate(region);
    if (root === undefined) throw new Error(`the certificate authority of RDS in ${region} is not known`);
    return root;
}

function awsData(
    config: Config,
    args: Extract<Config["data"], { kind: "aws" }>,
    { aws }: Foundation,
): DataStores {
    if (!aws) throw new Error("data in AWS needs a cluster there");
    const { provider, ...platform } = aws;
    const { secrets, protect } = config;
    const { user, caCertificate, ...postgres } = args.postgres;
    const { postgresUserPassword } = secrets;
    const data = new AwsData(
        "data",
        {
            ...platform,
            protect,
            logRetentionDays: args.logRetentionDays,
            postgres: { ...postgres, password: secrets.postgresPassword },
            redis: {
                ...args.redis,
                engineVersion: args.redis.engineVersion ?? newestVersion(args.redis.engine),
                authToken: secrets.redisPassword,
            },
            databaseCa: caCertificate ?? rootCertificate(platform.account.region),
            pool: args,
            login: postgresUserPassword === undefined ? undefined : { user, password: postgresUserPassword },
        },
        { providers: { aws: provider } },
    );
    const { postgresSecretArn, redisSecretArn } = data;
    return { data, outputs: { postgresSecretArn, redisSecretArn } };
}

/** The data stores, wherever they are. */
export function dataStores(
    config: Config,
    foundation: Foundation,
    inside: { namespace: pulumi.Output<string>; podsReady: pulumi.Resource[] },
): DataStores {
    const { data: args, secrets, protect } = config;
    const opts = { providers: { kubernetes: foundation.cluster.provider } };
    switch (args.kind) {
        case "aws":
            return awsData(config, args, foundation);
        case "in-cluster":
            return {
                data: new InClusterData(
                    "data",
                    {
                        ...inside,
                        postgresPassword: secrets.postgresPassword,
                        redisPassword: secrets.redisPassword,
                        postgres: args.postgres,
                        redis: args.redis,
                        pool: args,
                        protect,
                    },
                    opts,
                ),
                outputs: {},
            };
        case "external":
            return {
                data: new ExternalData(
                    "data",
                    {
                        postgres: { ...args.postgres, password: secrets.postgresPassword },
                        redis: { ...args.redis, password: secrets.redisPassword },
                        pool: args,
                    },
                    opts,
                ),
                outputs: {},
            };
    }
}
