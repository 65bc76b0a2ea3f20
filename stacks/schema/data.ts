import { z } from "zod";

import { awsDataKeys } from "./awsData.ts";
import { bytes, certificate, cidr, integer, kubernetesName, port, serverHost } from "./primitives.ts";

const pool = {
    connectionLimit: integer(1, 100)
        .default(5)
        .describe("Connections each process holds to PostgreSQL at most."),
    poolTimeoutSeconds: integer(1, 300).default(20).describe("Seconds a query waits for a free connection."),
    connectTimeoutSeconds: integer(1, 300).default(10).describe("Seconds to wait for a new connection."),
};

const maxConnections = {
    maxConnections: integer(1, 100_000)
        .default(100)
        .describe("`max_connections` of the PostgreSQL server. Replicas × `connectionLimit` must fit."),
};

const volume = (storage: string) =>
    z
        .strictObject({
            storage: bytes().default(storage).describe("Size of the volume."),
            storageClassName: kubernetesName()
                .optional()
                .describe("Class of the volume. Default: the cluster's default class."),
        })
        .prefault({});

const cidrs = () =>
    z
        .array(cidr())
        .min(1, "must name at least one network")
        .meta({ examples: [["10.0.0.0/16"]] })
        .describe("Networks that hold the server; the network policies open just these.");

export const dataSchema = z
    .discriminatedUnion(
        "kind",
        [
            z
                .strictObject({
                    kind: z.literal("in-cluster"),
                    ...pool,
                    ...maxConnections,
                    postgres: volume("20Gi"),
                    redis: volume("10Gi"),
                })
                .describe("PostgreSQL and Redis as StatefulSets in the application's namespace."),
            z
                .strictObject({
                    kind: z.literal("external"),
                    ...pool,
                    ...maxConnections,
                    postgres: z.strictObject({
                        host: serverHost()
                            .meta({ examples: ["data.example.com"] })
                            .describe("Host of the server."),
                        port: port().default(5432).describe("Port of the server."),
                        database: z
                            .string()
                            .regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a PostgreSQL name in lower case")
                            .default("spywatcher")
                            .describe("Database."),
                        user: z
                            .string()
                            .regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a PostgreSQL name in lower case")
                            .default("spywatcher")
                            .describe("Role the application connects as."),
                        sslMode: z
                            .enum(["disable", "prefer", "require", "verify-ca", "verify-full"])
                            .default("require")
                            .describe(
                                "How TLS is used. Both `verify` modes verify the certificate and the host's name.",
                            ),
                        caCertificate: certificate()
                            .optional()
                            .describe(
                                "Certificate authority, as PEM, that a `verify` mode verifies the server by. Default: those the image trusts.",
                            ),
                        cidrs: cidrs(),
                    }),
                    redis: z.strictObject({
                        host: serverHost()
                            .meta({ examples: ["data.example.com"] })
                            .describe("Host of the server."),
                        port: port().default(6379).describe("Port of the server."),
                        tls: z.boolean().default(true).describe("Use TLS."),
                        cidrs: cidrs(),
                    }),
                })
                .describe("PostgreSQL and Redis that exist already."),
            z
                .strictObject({ kind: z.literal("aws"), ...pool, ...awsDataKeys })
                .describe("PostgreSQL on RDS and Valkey or Redis on ElastiCache, made by the program."),
        ],
        'must be "in-cluster", "external" or "aws"',
    )
    .describe("The data stores.");
