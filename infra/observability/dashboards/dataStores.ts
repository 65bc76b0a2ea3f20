import { postgresAlarms, redisAlarms } from "../../data/aws/alarms.ts";
import { cacheCpuAlarm } from "../../data/aws/sizes.ts";
import { recorded } from "../recordingRules.ts";
import { type ClassicDashboard, dashboard, type Section } from "./dashboard.ts";
import type { DashboardArgs, ShownCache, ShownPostgres, ShownStores } from "./dashboardArgs.ts";
import { graph, type Limit } from "./panels.ts";
import { cloudWatch, range } from "./targets.ts";

interface Shown {
    readonly title: string;
    readonly description: string;
    readonly unit: string;
    readonly limit?: Limit;
    /** Metric, statistic and, where there are several, what to call it. */
    readonly metrics: readonly (readonly [metric: string, statistic: string, legend: string])[];
}

/** Where the alarm of that name begins. */
function limitOf(alarms: ReturnType<typeof postgresAlarms>, name: string): Limit {
    const alarm = alarms[name];
    if (alarm === undefined || typeof alarm.threshold !== "number") throw new Error(`no alarm is ${name}`);
    return alarm.comparison === "<" ? { below: alarm.threshold } : { above: alarm.threshold };
}

function postgresSection(postgres: ShownPostgres): Section {
    const alarms = postgresAlarms(postgres);
    const shown: Shown[] = [
        {
            title: "CPU",
            description: "Busy for 15 minutes: look at Database Insights for the statements.",
            unit: "percent",
            limit: limitOf(alarms, "cpu"),
            metrics: [["CPUUtilization", "Average", "CPU"]],
        },
        {
            title: "Connections",
            description: "The alarm begins at 80 % of what the instance class takes.",
            unit: "none",
            limit: limitOf(alarms, "connections"),
            metrics: [["DatabaseConnections", "Maximum", "connections"]],
        },
        {
            title: "Free storage",
            description:
                "RDS adds storage below a tenth, up to its maximum. The alarm is for when it does not.",
            unit: "bytes",
            limit: limitOf(alarms, "storage"),
            metrics: [["FreeStorageSpace", "Minimum", "free"]],
        },
        {
            title: "Free memory",
            description: "Falls with the connections. Near 0 the instance swaps, and everything is slow.",
            unit: "bytes",
            metrics: [
                ["FreeableMemory", "Minimum", "free"],
                ["SwapUsage", "Maximum", "swap"],
            ],
        },
        {
            title: "Disk",
            description: "Seconds that each operation takes.",
            unit: "s",
            metrics: [
                ["ReadLatency", "Average", "read"],
                ["WriteLatency", "Average", "write"],
            ],
        },
        {
            title: "Transaction ids in use",
            description: "Rises while vacuum does not keep up; at 2 billion PostgreSQL stops writing.",
            unit: "short",
            limit: limitOf(alarms, "transaction-ids"),
            metrics: [["MaximumUsedTransactionIDs", "Maximum", "ids"]],
        },
    ];
    return {
        title: "PostgreSQL (RDS)",
        panels: shown.map(({ metrics, ...rest }) =>
            graph({
                ...rest,
                targets: metrics.map(([metric, statistic, legend]) =>
                    cloudWatch({
                        namespace: "AWS/RDS",
                        dimensions: { DBInstanceIdentifier: postgres.name },
                        metric,
                        statistic,
                        legend,
                    }),
                ),
            }),
        ),
    };
}

function redisSection(redis: ShownCache): Section {
    const alarms = redisAlarms(redis);
    const shown: Shown[] = [
        {
            title: "CPU",
            description: "The engine has one thread; at the line it is busy: look at the slow log.",
            unit: "percent",
            limit: limitOf(alarms, "cpu"),
            metrics: [[cacheCpuAlarm(redis.nodeType).metric, "Average", "CPU"]],
        },
        {
            title: "Memory in use",
            description: "Of what the node has for data. A full cache drops keys.",
            unit: "percent",
            limit: limitOf(alarms, "memory"),
            metrics: [["DatabaseMemoryUsagePercentage", "Maximum", "memory"]],
        },
        {
            title: "Keys dropped",
            description: "Keys that went before they expired, because the cache was full.",
            unit: "short",
            metrics: [["Evictions", "Sum", "evictions"]],
        },
        {
            title: "Connections",
            description: "A few for each pod. A steady rise means connections that nobody closes.",
            unit: "none",
            metrics: [["CurrConnections", "Maximum", "connections"]],
        },
        {
            title: "Hits",
            description: "Share of reads that find their key.",
            unit: "percent",
            metrics: [["CacheHitRate", "Average", "hits"]],
        },
        {
            title: "Replication lag",
            description: "Seconds the replica is behind; so much a failover would lose. Only with a replica.",
            unit: "s",
            ...(redis.nodes > 1 && { limit: limitOf(alarms, "replication-lag") }),
            metrics: [["ReplicationLag", "Maximum", "lag"]],
        },
    ];
    const nodes = Array.from({ length: redis.nodes }, (_, index) => String(index + 1).padStart(3, "0"));
    return {
        title: "Cache (ElastiCache)",
        panels: shown.map(({ metrics, ...rest }) =>
            graph({
                ...rest,
                targets: nodes.flatMap((node) =>
                    metrics.map(([metric, statistic, legend]) =>
                        cloudWatch({
                            namespace: "AWS/ElastiCache",
                            dimensions: { CacheClusterId: `${redis.name}-${node}` },
                            metric,
                            statistic,
                            legend: `${node} ${legend}`,
                        }),
                    ),
                ),
            }),
        ),
    };
}

function inClusterSection({ rules }: DashboardArgs): Section {
    const own = `namespace="${rules.namespace}"`;
    const containers = `${own}, container=~"postgres|redis"`;
    const cadvisor = `job="kubelet", metrics_path="/metrics/cadvisor", ${containers}`;
    return {
        title: "PostgreSQL and Redis in the cluster",
        panels: [
            graph({
                title: "Ready",
                description: "1 when the server answers its probe. At 0 the API answers errors.",
                unit: "none",
                limit: { below: 1 },
                targets: [
                    range(
                        `max by (statefulset) (kube_statefulset_status_replicas_ready{${own}, statefulset=~"postgres|redis"})`,
                        "{{statefulset}}",
                    ),
                ],
            }),
            graph({
                title: "CPU",
                description: "Cores in use.",
                unit: "short",
                targets: [
                    range(
                        `max by (container) (rate(container_cpu_usage_seconds_total{${cadvisor}}[5m]))`,
                        "{{container}}",
                    ),
                ],
            }),
            graph({
                title: "Memory",
                description: "In use, and the limit at which the container is killed.",
                unit: "bytes",
                targets: [
                    range(
                        `max by (container) (container_memory_working_set_bytes{${cadvisor}})`,
                        "{{container}}",
                    ),
                    range(
                        `max by (container) (kube_pod_container_resource_limits{${containers}, resource="memory"})`,
                        "{{container}} limit",
                    ),
                ],
            }),
            graph({
                title: "Free space of the volumes",
                description: "Share of each volume that is free. At the line VolumeFillingUp begins.",
                unit: "percentunit",
                width: 12,
                max: 1,
                limit: { below: rules.thresholds.volumeFree },
                targets: [range(`${recorded.volumeFree}{${own}}`, "{{persistentvolumeclaim}}")],
            }),
            graph({
                title: "Restarts",
                description: "Restarts of the servers in 10 minutes.",
                unit: "none",
                bars: true,
                width: 12,
                targets: [
                    range(
                        `sum by (container) (${recorded.restarts}{${own}, container=~"postgres|redis"})`,
                        "{{container}}",
                    ),
                ],
            }),
        ],
    };
}

/** PostgreSQL and the cache, wherever this stack runs them. */
export function dataStores(args: DashboardArgs, stores: ShownStores): ClassicDashboard {
    const { postgres, redis, inCluster } = stores;
    return dashboard(args, {
        slug: "data-stores",
        title: "Data stores",
        description:
            "PostgreSQL and the cache: whether they have room left, and whether they are what is slow.",
        refresh: postgres || redis ? "5m" : "1m",
        sections: [
            ...(postgres ? [postgresSection(postgres)] : []),
            ...(redis ? [redisSection(redis)] : []),
            ...(inCluster ? [inClusterSection(args)] : []),
        ],
    });
}
