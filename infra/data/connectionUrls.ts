/** Limits of one process's connection pool to PostgreSQL, as Prisma takes them in the URL. */
export interface PoolLimits {
    /** Connections each process may hold. Prisma's own default follows the node's CPU count, which no database survives. */
    connectionLimit: number;
    /** Seconds a query waits for a free connection. */
    poolTimeoutSeconds: number;
    /** Seconds to wait for a new connection. */
    connectTimeoutSeconds: number;
}

/** How TLS is used, in libpq's terms. Prisma always looks at the host's name when it verifies, as with `verify-full`. */
export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

export interface DatabaseUrlArgs extends PoolLimits {
    host: string;
    port: number;
    database: string;
    user: string;
    password: string;
    sslMode: SslMode;
    /** File with the one certificate that verifies the server's. Default: those the image trusts. */
    caFile?: string | undefined;
}

/** Prisma knows neither of libpq's modes that verify, and takes an unknown one for `prefer`. */
function tlsParameters({ sslMode, caFile }: DatabaseUrlArgs): Record<string, string> {
    if (sslMode !== "verify-ca" && sslMode !== "verify-full") return { sslmode: sslMode };
    return { sslmode: "require", sslaccept: "strict", ...(caFile !== undefined && { sslcert: caFile }) };
}

/** The PostgreSQL URL for Prisma. User, password and database name are percent-encoded. */
export function databaseUrl(args: DatabaseUrlArgs): string {
    const query = new URLSearchParams({
        ...tlsParameters(args),
        connection_limit: String(args.connectionLimit),
        pool_timeout: String(args.poolTimeoutSeconds),
        connect_timeout: String(args.connectTimeoutSeconds),
    });
    const [user, password, database] = [args.user, args.password, args.database].map(encodeURIComponent);
    return `postgresql://${user}:${password}@${args.host}:${args.port}/${database}?${query.toString()}`;
}

export interface RedisUrlArgs {
    host: string;
    port: number;
    password: string;
    /** TLS (`rediss://`). */
    tls: boolean;
}

/** The Redis URL; the password is percent-encoded. */
export function redisUrl(args: RedisUrlArgs): string {
    return `${args.tls ? "rediss" : "redis"}://:${encodeURIComponent(args.password)}@${args.host}:${args.port}`;
}
