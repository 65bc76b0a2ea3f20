import { deliverLogs, type Grant, linkedRole, tagged, useKey } from "./grants.ts";

/** Actions that types of the data stores: RDS, ElastiCache, Secrets Manager need. */
export const dataAccess: Readonly<Record<string, readonly Grant[]>> = {
    "aws:elasticache/parameterGroup:ParameterGroup": [
        {
            at: "elasticache",
            read: [
                "elasticache:DescribeCacheParameterGroups",
                "elasticache:DescribeCacheParameters",
                "elasticache:ListTagsForResource",
            ],
            write: [
                "elasticache:AddTagsToResource",
                "elasticache:CreateCacheParameterGroup",
                "elasticache:DeleteCacheParameterGroup",
                "elasticache:ModifyCacheParameterGroup",
                "elasticache:RemoveTagsFromResource",
                "elasticache:ResetCacheParameterGroup",
            ],
        },
    ],
    "aws:elasticache/replicationGroup:ReplicationGroup": [
        {
            at: "elasticache",
            read: [
                "elasticache:DescribeCacheClusters",
                "elasticache:DescribeReplicationGroups",
                "elasticache:ListTagsForResource",
            ],
            write: [
                "elasticache:AddTagsToResource",
                "elasticache:CreateReplicationGroup",
                "elasticache:CreateSnapshot",
                "elasticache:DecreaseReplicaCount",
                "elasticache:DeleteReplicationGroup",
                "elasticache:IncreaseReplicaCount",
                "elasticache:ModifyReplicationGroup",
                "elasticache:RemoveTagsFromResource",
            ],
        },
        deliverLogs,
        linkedRole,
        useKey,
    ],
    "aws:elasticache/subnetGroup:SubnetGroup": [
        {
            at: "elasticache",
            read: ["elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"],
            write: [
                "elasticache:AddTagsToResource",
                "elasticache:CreateCacheSubnetGroup",
                "elasticache:DeleteCacheSubnetGroup",
                "elasticache:ModifyCacheSubnetGroup",
                "elasticache:RemoveTagsFromResource",
            ],
        },
    ],
    "aws:rds/instance:Instance": [
        {
            at: "rds",
            read: ["rds:DescribeDBInstances", "rds:ListTagsForResource"],
            write: [
                "rds:AddTagsToResource",
                "rds:CreateDBInstance",
                "rds:CreateDBSnapshot",
                "rds:DeleteDBInstance",
                "rds:ModifyDBInstance",
                "rds:RebootDBInstance",
                "rds:RemoveTagsFromResource",
                "rds:RestoreDBInstanceFromDBSnapshot",
            ],
        },
        linkedRole,
        useKey,
    ],
    "aws:rds/parameterGroup:ParameterGroup": [
        {
            at: "rds",
            read: ["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"],
            write: [
                "rds:AddTagsToResource",
                "rds:CreateDBParameterGroup",
                "rds:DeleteDBParameterGroup",
                "rds:ModifyDBParameterGroup",
                "rds:RemoveTagsFromResource",
                "rds:ResetDBParameterGroup",
            ],
        },
    ],
    "aws:rds/subnetGroup:SubnetGroup": [
        {
            at: "rds",
            read: ["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
            write: [
                "rds:AddTagsToResource",
                "rds:CreateDBSubnetGroup",
                "rds:DeleteDBSubnetGroup",
                "rds:ModifyDBSubnetGroup",
                "rds:RemoveTagsFromResource",
            ],
        },
    ],
    "aws:secretsmanager/secret:Secret": [
        {
            at: "secrets",
            read: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
            write: [
                "secretsmanager:CreateSecret",
                "secretsmanager:DeleteSecret",
                "secretsmanager:RestoreSecret",
                "secretsmanager:UpdateSecret",
                ...tagged("secretsmanager"),
            ],
        },
        useKey,
    ],
    "aws:secretsmanager/secretVersion:SecretVersion": [
        {
            at: "secrets",
            // A refresh compares the value; the state holds it too.
            read: ["secretsmanager:GetSecretValue"],
            write: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
        },
        { at: "keys", read: ["kms:Decrypt"] },
        useKey,
    ],
};
