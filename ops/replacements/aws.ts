import type { Replacements } from "./model.ts";

/**
 * `source` is a file of hashicorp/terraform-provider-aws below `internal/service`, whose schema marks the properties
 * with `ForceNew` or `RequiresReplace`.
 */
function type(source: string, ...properties: string[]): Replacements {
    // Every regional resource has a region of its own since version 6 of that provider.
    return { source, properties: ["region", ...properties] };
}

/** What needs a new name when it gets one. */
const named = ["name", "namePrefix"];

/**
 * What the AWS provider replaces resources for, by type. Left out is what depends on old and new value, such as a downgrade
 * of a cache's engine; the engine's preview tells of it.
 */
export const awsReplacements: Readonly<Record<string, Replacements>> = {
    "aws:acm/certificate:Certificate": type(
        "acm/certificate.go",
        "certificateAuthorityArn",
        "domainName",
        "keyAlgorithm",
        "subjectAlternativeNames",
        "validationMethod",
        "validationOptions",
    ),
    "aws:acm/certificateValidation:CertificateValidation": type(
        "acm/certificate_validation.go",
        "certificateArn",
        "validationRecordFqdns",
    ),
    "aws:cloudwatch/eventRule:EventRule": type("events/rule.go", ...named, "eventBusName"),
    "aws:cloudwatch/eventTarget:EventTarget": type("events/target.go", "eventBusName", "rule", "targetId"),
    "aws:cloudwatch/logGroup:LogGroup": type("logs/group.go", ...named, "logGroupClass"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": type("cloudwatch/metric_alarm.go", "name"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": type("ec2/vpc_default_security_group.go", "vpcId"),
    "aws:ec2/eip:Eip": type(
        "ec2/ec2_eip.go",
        "address",
        "domain",
        "ipamPoolId",
        "networkBorderGroup",
        "publicIpv4Pool",
    ),
    "aws:ec2/flowLog:FlowLog": type(
        "ec2/vpc_flow_log.go",
        "deliverCrossAccountRole",
        "destinationOptions",
        "eniId",
        "iamRoleArn",
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "subnetId",
        "trafficType",
        "transitGatewayAttachmentId",
        "transitGatewayId",
        "vpcId",
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": type("ec2/ec2_launch_template.go", ...named),
    "aws:ec2/natGateway:NatGateway": type(
        "ec2/vpc_nat_gateway.go",
        "allocationId",
        "connectivityType",
        "privateIp",
        "subnetId",
    ),
    "aws:ec2/route:Route": type(
        "ec2/vpc_route.go",
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
        "routeTableId",
    ),
    "aws:ec2/securityGroup:SecurityGroup": type(
        "ec2/vpc_security_group.go",
        ...named,
        "description",
        "vpcId",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": type(
        "ec2/vpc_endpoint.go",
        "resourceConfigurationArn",
        "serviceName",
        "serviceNetworkArn",
        "serviceRegion",
        "vpcEndpointType",
        "vpcId",
    ),
    "aws:eks/accessEntry:AccessEntry": type("eks/access_entry.go", "clusterName", "principalArn", "type"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": type(
        "eks/access_policy_association.go",
        "accessScope",
        "clusterName",
        "policyArn",
        "principalArn",
    ),
    "aws:eks/addon:Addon": type("eks/addon.go", "addonName", "clusterName"),
    "aws:eks/nodeGroup:NodeGroup": type(
        "eks/node_group.go",
        "amiType",
        "capacityType",
        "clusterName",
        "diskSize",
        "instanceTypes",
        "launchTemplate.id",
        "launchTemplate.name",
        "nodeGroupName",
        "nodeGroupNamePrefix",
        "nodeRoleArn",
        "remoteAccess",
        "subnetIds",
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": type(
        "eks/pod_identity_association.go",
        "clusterName",
        "namespace",
        "serviceAccount",
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": type(
        "elasticache/parameter_group.go",
        "description",
        "family",
        "name",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": type(
        "elasticache/replication_group.go",
        "atRestEncryptionEnabled",
        "dataTieringEnabled",
        "globalReplicationGroupId",
        "kmsKeyId",
        "networkType",
        "port",
        "replicationGroupId",
        "securityGroupNames",
        "snapshotArns",
        "snapshotName",
        "subnetGroupName",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": type("elasticache/subnet_group.go", "name"),
    "aws:iam/policy:Policy": type("iam/policy.go", ...named, "description", "path"),
    "aws:iam/role:Role": type("iam/role.go", ...named, "path"),
    "aws:iam/rolePolicy:RolePolicy": type("iam/role_policy.go", ...named, "role"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": type(
        "iam/role_policy_attachment.go",
        "policyArn",
        "role",
    ),
    "aws:kms/alias:Alias": type("kms/alias.go", ...named),
    "aws:kms/key:Key": type(
        "kms/key.go",
        "customKeyStoreId",
        "customerMasterKeySpec",
        "keyUsage",
        "multiRegion",
        "xksKeyId",
    ),
    "aws:rds/instance:Instance": type(
        "rds/instance.go",
        "availabilityZone",
        "characterSetName",
        "dbName",
        "engine",
        "identifierPrefix",
        "kmsKeyId",
        "ncharCharacterSetName",
        "restoreToPointInTime",
        "snapshotIdentifier",
        "storageEncrypted",
        "timezone",
        "username",
    ),
    "aws:rds/parameterGroup:ParameterGroup": type(
        "rds/parameter_group.go",
        ...named,
        "description",
        "family",
    ),
    "aws:rds/subnetGroup:SubnetGroup": type("rds/subnet_group.go", ...named),
    "aws:route53/record:Record": type("route53/record.go", "name", "setIdentifier", "zoneId"),
    "aws:s3/bucket:Bucket": type("s3/bucket.go", "bucket", "bucketPrefix", "objectLockEnabled"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": type(
        "s3/bucket_lifecycle_configuration.go",
        "bucket",
        "expectedBucketOwner",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": type(
        "s3/bucket_ownership_controls.go",
        "bucket",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": type("s3/bucket_policy.go", "bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": type(
        "s3/bucket_public_access_block.go",
        "bucket",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": type(
        "s3/bucket_server_side_encryption_configuration.go",
        "bucket",
        "expectedBucketOwner",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": type(
        "s3/bucket_versioning.go",
        "bucket",
        "expectedBucketOwner",
    ),
    "aws:secretsmanager/secret:Secret": type("secretsmanager/secret.go", ...named),
    "aws:secretsmanager/secretVersion:SecretVersion": type(
        "secretsmanager/secret_version.go",
        "secretBinary",
        "secretId",
        "secretString",
    ),
    "aws:sns/topic:Topic": type("sns/topic.go", ...named, "fifoTopic"),
    "aws:sns/topicPolicy:TopicPolicy": type("sns/topic_policy.go", "arn"),
    "aws:sqs/queue:Queue": type("sqs/queue.go", ...named, "fifoQueue"),
    "aws:sqs/queuePolicy:QueuePolicy": type("sqs/queue_policy.go", "queueUrl"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": type(
        "ec2/vpc_security_group_ingress_rule.go",
        "securityGroupId",
    ),
    "aws:wafv2/webAcl:WebAcl": type("wafv2/web_acl.go", ...named, "scope"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": type(
        "wafv2/web_acl_logging_configuration.go",
        "logDestinationConfigs",
        "resourceArn",
    ),
    // The remote components: what replaces the resource inside that everything stands on.
    "awsx:ec2:Vpc": type("ec2/vpc_.go", "cidrBlock"),
    "eks:index:Cluster": type(
        "eks/cluster.go",
        "bootstrapSelfManagedAddons",
        "ipFamily",
        "kubernetesServiceIpAddressRange",
        "name",
        "serviceRole",
    ),
    "pulumi:providers:aws": {
        source: "the bridge, DiffConfig: a changed provider is updated",
        properties: [],
    },
};
