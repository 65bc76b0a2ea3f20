import { expectedMaxConnections } from "../infra/data/aws/sizes.ts";
import type { Config } from "./schema/index.ts";
import { storesOf } from "./stores.ts";

interface MaxConnections {
    /** `max_connections` of the server. */
    limit: number;
    /** Connections of these the application does not get. */
    reserved: number;
    reservedFor: string;
    /** Key below `data` that decides. */
    key: string[];
}

/** How many connections the PostgreSQL server takes. */
export function maxConnections(data: Config["data"]): MaxConnections {
    const { postgres } = storesOf(data);
    if (postgres.kind === "aws") {
        return {
            limit: expectedMaxConnections(postgres.instanceClass),
            // Three for superusers, a few for RDS itself, one for whoever looks why the rest is gone.
            reserved: 10,
            reservedFor: "superusers and RDS",
            key: ["postgres", "instanceClass"],
        };
    }
    if (data.kind === "aws") throw new Error("its PostgreSQL is in AWS");
    return {
        limit: data.maxConnections,
        // PostgreSQL's default of superuser_reserved_connections.
        reserved: 3,
        reservedFor: "superusers",
        key: ["maxConnections"],
    };
}
