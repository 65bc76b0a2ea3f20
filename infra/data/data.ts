import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Folder that the certificate is mounted at, with `databaseCaKey` in it. */
export const databaseCaFolder = "/etc/spywatcher/database-ca";

/** Name of the file, and key of the ConfigMap. */
export const databaseCaKey = "ca.pem";

/** Path of the certificate that verifies PostgreSQL's. */
export const databaseCaFile = `${databaseCaFolder}/${databaseCaKey}`;

/** What the workloads need to know of PostgreSQL, whoever runs it. */
export interface Database {
    /** PostgreSQL URL with the application's pool limits. Secret. */
    readonly databaseUrl: pulumi.Output<string>;
    /** PEM of the certificate that verifies PostgreSQL's, which the URL expects in `databaseCaFile`. Default: none. */
    readonly databaseCa?: string | undefined;
    /** Network policy rule that lets a pod reach PostgreSQL. */
    readonly databaseEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    /** Resources that must be ready before anything connects. */
    readonly ready: pulumi.Resource[];
}

/** What the workloads need to know of Redis, whoever runs it. */
export interface Cache {
    /** Redis URL. Secret. */
    readonly redisUrl: pulumi.Output<string>;
    /** Network policy rule that lets a pod reach Redis. */
    readonly redisEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    /** Resources that must be ready before anything connects. */
    readonly ready: pulumi.Resource[];
}

/** What the workloads need to know of both data stores. */
export interface Data extends Database, Cache {}
