/** Memory of RDS instance classes in GiB (RDS user guide, hardware specifications). */
const instanceMemoryGiB = {
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.t4g.xlarge": 16,
    "db.m7g.large": 8,
    "db.m7g.xlarge": 16,
    "db.m7g.2xlarge": 32,
    "db.m7g.4xlarge": 64,
    "db.r7g.large": 16,
    "db.r7g.xlarge": 32,
    "db.r7g.2xlarge": 64,
} as const;

export type InstanceClass = keyof typeof instanceMemoryGiB;

export const instanceClasses = Object.keys(instanceMemoryGiB) as [InstanceClass, ...InstanceClass[]];

/** RDS allows one connection for each so many bytes of memory (`max_connections`, RDS user guide, quotas). */
const bytesPerConnection = 9_531_392;

/** The most connections RDS allows by default. */
const connectionsLimit = 5000;

/** Share of a class's memory that PostgreSQL counts at least; on small classes 88–92 % has been seen. */
const usableMemory = 0.85;

/** Connections an instance takes at least: `max_connections` as RDS sets it by memory. */
export function expectedMaxConnections(instanceClass: InstanceClass): number {
    const bytes = instanceMemoryGiB[instanceClass] * 2 ** 30 * usableMemory;
    return Math.min(Math.floor(bytes / bytesPerConnection), connectionsLimit);
}

/** Virtual CPUs of ElastiCache node types (ElastiCache user guide, supported node types). */
const nodeCpus = {
    "cache.t4g.micro": 2,
    "cache.t4g.small": 2,
    "cache.t4g.medium": 2,
    "cache.m7g.large": 2,
    "cache.m7g.xlarge": 4,
    "cache.m7g.2xlarge": 8,
    "cache.r7g.large": 2,
    "cache.r7g.xlarge": 4,
    "cache.r7g.2xlarge": 8,
} as const;

export type CacheNodeType = keyof typeof nodeCpus;

export const cacheNodeTypes = Object.keys(nodeCpus) as [CacheNodeType, ...CacheNodeType[]];

/**
 * The metric that shows a busy cache, and its threshold in percent. The engine has one thread: on two CPUs the host is at
 * 45 % when it is at 90 %; from four on its own metric is the one to watch (ElastiCache user guide, which metrics).
 */
export function cacheCpuAlarm(nodeType: CacheNodeType): { metric: string; threshold: number } {
    const cpus = nodeCpus[nodeType];
    return cpus >= 4
        ? { metric: "EngineCPUUtilization", threshold: 90 }
        : { metric: "CPUUtilization", threshold: 90 / cpus };
}
