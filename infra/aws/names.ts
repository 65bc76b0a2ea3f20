interface Suffix {
    readonly suffix: string;
    /** What bears the name, for messages. */
    readonly what: string;
    /** Characters AWS allows in the name. */
    readonly limit: number;
}

/** What is put after the cluster's name, with AWS's limit (service quotas of IAM, SQS, ElastiCache, RDS and S3). */
const suffixes: readonly Suffix[] = [
    { suffix: "-load-balancer-controller", what: "IAM role", limit: 64 },
    { suffix: "-karpenter-node", what: "IAM role", limit: 64 },
    { suffix: "-karpenter", what: "SQS queue", limit: 80 },
    { suffix: "-postgres", what: "RDS instance", limit: 63 },
    { suffix: "-access-logs-123456789012", what: "S3 bucket", limit: 63 },
    { suffix: "-redis", what: "ElastiCache replication group", limit: 40 },
];

/** The suffix that leaves the cluster's name the fewest characters. */
export const longestSuffix = suffixes.reduce((tightest, each) =>
    each.limit - each.suffix.length < tightest.limit - tightest.suffix.length ? each : tightest,
);
