import type { Config } from "./schema/index.ts";

type Data = Config["data"];

/** PostgreSQL and Redis, each with its kind. */
export type Stores = Pick<Extract<Data, { kind: "mixed" }>, "postgres" | "redis">;

/** Both data stores in one form, whether the configuration chooses their kinds together or one by one. */
export function storesOf(data: Data): Stores {
    if (data.kind === "mixed") return data;
    const { kind, postgres, redis } = data;
    // The types no longer know that both are of that kind.
    return { postgres: { kind, ...postgres }, redis: { kind, ...redis } } as Stores;
}

/** Path of the key that decides the kind of a store. */
export function kindPath(data: Data, store: keyof Stores): string[] {
    return data.kind === "mixed" ? ["data", store, "kind"] : ["data", "kind"];
}
