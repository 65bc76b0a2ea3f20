/** PostgreSQL majors in RDS's standard support until 2028 and later, newest first (endoflife.date, August 2026). */
export const postgresMajors = [18, 17, 16, 15] as const;

/** Major of a new database: the newest but one, which Prisma 6 and every extension of RDS know. */
export const postgresMajor = 17 satisfies (typeof postgresMajors)[number];

export type PostgresMajor = (typeof postgresMajors)[number];

/** The database, and the role that owns it. */
export const database = "spywatcher";

/** Engines of the cache with the versions ElastiCache offers, newest first (ElastiCache, supported engines). */
export const cacheEngines = {
    /** Speaks the protocol of Redis 7.2 and costs a fifth less. */
    valkey: ["8.2", "8.1", "8.0", "7.2"],
    /** The last one before the change of licence. */
    redis: ["7.1"],
} as const;

export type CacheEngine = keyof typeof cacheEngines;

/** The newest version of an engine. */
export function newestVersion(engine: CacheEngine): string {
    return cacheEngines[engine][0];
}

/** Family of an engine's parameter group: `valkey8`, `redis7`. */
export function cacheFamily(engine: CacheEngine, version: string): string {
    return `${engine}${version.split(".")[0] ?? ""}`;
}
