import * as pulumi from "@pulumi/pulumi";

import { databaseUrl, type PoolLimits, redisUrl, type SslMode } from "./connectionUrls.ts";
import { type Cache, type Database, databaseCaFile } from "./data.ts";
import { egressTo } from "./egress.ts";

export interface ExternalPostgresArgs {
    /** Host name or address. */
    host: string;
    /** TCP port. */
    port: number;
    /** Database name. */
    database: string;
    /** Role the application connects as. */
    user: string;
    /** Password of that role. Treated as a secret. */
    password: pulumi.Input<string>;
    /** How TLS is used. */
    sslMode: SslMode;
    /** PEM of the certificate that verifies the server's. Default: those the image trusts. */
    caCertificate?: string | undefined;
    /** CIDR blocks that hold the server; pods may reach it there. */
    cidrs: string[];
}

export interface ExternalRedisArgs {
    /** Host name or address. */
    host: string;
    /** TCP port. */
    port: number;
    /** Password or auth token. Treated as a secret. */
    password: pulumi.Input<string>;
    /** TLS (`rediss://`). */
    tls: boolean;
    /** CIDR blocks that hold the server; pods may reach it there. */
    cidrs: string[];
}

export interface ExternalDataArgs {
    /** Default: PostgreSQL is of another kind. */
    postgres?: ExternalPostgresArgs | undefined;
    /** Default: Redis is of another kind. */
    redis?: ExternalRedisArgs | undefined;
    pool: PoolLimits;
}

/** PostgreSQL, Redis or both that exist already. */
export class ExternalData extends pulumi.ComponentResource {
    readonly database: Database | undefined;
    readonly cache: Cache | undefined;

    constructor(name: string, args: ExternalDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:ExternalData", name, {}, opts);
        this.database = args.postgres && externalDatabase(args.postgres, args.pool);
        this.cache = args.redis && externalCache(args.redis);
        this.registerOutputs({});
    }
}

function externalDatabase(args: ExternalPostgresArgs, pool: PoolLimits): Database {
    const { caCertificate } = args;
    const caFile = caCertificate === undefined ? undefined : databaseCaFile;
    return {
        databaseUrl: pulumi
            .secret(args.password)
            .apply((password) => databaseUrl({ ...args, ...pool, password, caFile })),
        databaseCa: caCertificate,
        databaseEgress: egressTo(args.cidrs, args.port),
        ready: [],
    };
}

function externalCache(args: ExternalRedisArgs): Cache {
    return {
        redisUrl: pulumi.secret(args.password).apply((password) => redisUrl({ ...args, password })),
        redisEgress: egressTo(args.cidrs, args.port),
        ready: [],
    };
}
