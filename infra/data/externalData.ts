import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { databaseUrl, type PoolLimits, redisUrl, type SslMode } from "./connectionUrls.ts";
import { type Data, databaseCaFile } from "./data.ts";
import { egressTo } from "./egress.ts";

export interface ExternalDataArgs {
    postgres: {
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
    };
    redis: {
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
    };
    pool: PoolLimits;
}

/** PostgreSQL and Redis that exist already. */
export class ExternalData extends pulumi.ComponentResource implements Data {
    readonly databaseUrl: pulumi.Output<string>;
    readonly databaseCa: string | undefined;
    readonly redisUrl: pulumi.Output<string>;
    readonly databaseEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    readonly redisEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    readonly ready: pulumi.Resource[] = [];

    constructor(name: string, args: ExternalDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:ExternalData", name, {}, opts);
        const { postgres, redis, pool } = args;
        this.databaseCa = postgres.caCertificate;
        const caFile = this.databaseCa === undefined ? undefined : databaseCaFile;
        this.databaseUrl = pulumi
            .secret(postgres.password)
            .apply((password) => databaseUrl({ ...postgres, ...pool, password, caFile }));
        this.redisUrl = pulumi.secret(redis.password).apply((password) => redisUrl({ ...redis, password }));
        this.databaseEgress = egressTo(postgres.cidrs, postgres.port);
        this.redisEgress = egressTo(redis.cidrs, redis.port);
        this.registerOutputs({});
    }
}
