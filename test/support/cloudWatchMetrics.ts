/** Dimensions by which a service publishes its metrics, with these metrics; as the services' user guides list them. */
export const cloudWatchMetrics: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    // Elastic Load Balancing, Application Load Balancers, CloudWatch metrics.
    "AWS/ApplicationELB": {
        LoadBalancer: [
            "ActiveConnectionCount",
            "ClientTLSNegotiationErrorCount",
            "ConsumedLCUs",
            "HTTPCode_ELB_4XX_Count",
            "HTTPCode_ELB_500_Count",
            "HTTPCode_ELB_502_Count",
            "HTTPCode_ELB_503_Count",
            "HTTPCode_ELB_504_Count",
            "HTTPCode_ELB_5XX_Count",
            "HTTPCode_Target_2XX_Count",
            "HTTPCode_Target_3XX_Count",
            "HTTPCode_Target_4XX_Count",
            "HTTPCode_Target_5XX_Count",
            "NewConnectionCount",
            "ProcessedBytes",
            "RejectedConnectionCount",
            "RequestCount",
            "TargetConnectionErrorCount",
            "TargetResponseTime",
        ],
        "LoadBalancer,TargetGroup": [
            "HealthyHostCount",
            "HTTPCode_Target_4XX_Count",
            "HTTPCode_Target_5XX_Count",
            "RequestCount",
            "RequestCountPerTarget",
            "TargetConnectionErrorCount",
            "TargetResponseTime",
            "UnHealthyHostCount",
        ],
    },
    // Amazon RDS, instance-level CloudWatch metrics.
    "AWS/RDS": {
        DBInstanceIdentifier: [
            "CPUCreditBalance",
            "CPUUtilization",
            "DatabaseConnections",
            "DiskQueueDepth",
            "EBSByteBalance%",
            "EBSIOBalance%",
            "FreeStorageSpace",
            "FreeableMemory",
            "MaximumUsedTransactionIDs",
            "ReadIOPS",
            "ReadLatency",
            "SwapUsage",
            "TransactionLogsDiskUsage",
            "WriteIOPS",
            "WriteLatency",
        ],
    },
    // Amazon ElastiCache, host-level metrics and metrics for Valkey and Redis OSS.
    "AWS/ElastiCache": {
        CacheClusterId: [
            "CPUUtilization",
            "CacheHitRate",
            "CacheHits",
            "CacheMisses",
            "CurrConnections",
            "CurrItems",
            "DatabaseMemoryUsagePercentage",
            "EngineCPUUtilization",
            "Evictions",
            "FreeableMemory",
            "NewConnections",
            "ReplicationLag",
            "SwapUsage",
        ],
    },
};

/** Statistics of CloudWatch; percentiles besides. */
export const statistics = /^(?:Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(?:\.\d+)?)$/;
