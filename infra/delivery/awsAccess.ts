import { type AwsAccount, iamArn, partition, regionalArn } from "../aws/account.ts";
import type { Statement } from "../aws/policyDocument.ts";

/** What the roles of delivery are limited to. */
export interface DeliveryScope {
    account: AwsAccount;
    /** Names of the clusters, with which the names of everything else begin. */
    clusters: readonly string[];
    /** Ids of the Route 53 zones in which records are made; empty without DNS by the program. */
    hostedZones: readonly string[];
}

interface Place {
    resources: (scope: DeliveryScope, cluster: string) => string[];
    condition?: (scope: DeliveryScope) => NonNullable<Statement["Condition"]>;
}

const inRegion = ({ account }: DeliveryScope) => ({
    StringEquals: { "aws:RequestedRegion": account.region },
});

function named(service: string, ...patterns: ((cluster: string) => string)[]): Place {
    return {
        resources: ({ account }, cluster) =>
            patterns.map((pattern) => regionalArn(account, service, pattern(cluster))),
    };
}

/** Roles of the program: its own begin with the cluster's name, that of the control plane is named by `@pulumi/eks`. */
export function programRoles(account: AwsAccount, clusters: readonly string[]): string[] {
    return [...clusters.map((cluster) => `${cluster}-*`), "cluster-control-plane-eksRole-role-*"].map(
        (name) => iamArn(account, `role/${name}`),
    );
}

/** Services to which the program hands roles. */
export const passedServices = [
    "ec2.amazonaws.com",
    "eks.amazonaws.com",
    "pods.eks.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
];

/** Services that make a role of their own in an account, the first time they are used. */
export const linkedServices = [
    "autoscaling.amazonaws.com",
    "eks.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "elasticache.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "rds.amazonaws.com",
    "spot.amazonaws.com",
    "wafv2.amazonaws.com",
];

/** AWS's own policies that the program attaches to roles. */
export const attachedPolicies = [
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSClusterPolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
];

/** Where actions may be used. Ids are unknown before something exists, so where AWS names by ids the region is the limit. */
const places = {
    region: { resources: () => ["*"], condition: inRegion },
    anywhere: { resources: () => ["*"] },
    eks: named(
        "eks",
        (cluster) => `cluster/${cluster}`,
        (cluster) => `addon/${cluster}/*`,
        (cluster) => `nodegroup/${cluster}/*`,
        (cluster) => `access-entry/${cluster}/*`,
        (cluster) => `podidentityassociation/${cluster}/*`,
    ),
    rds: named(
        "rds",
        (cluster) => `db:${cluster}-*`,
        (cluster) => `snapshot:${cluster}-*`,
        () => "pg:data-postgres-*",
        () => "subgrp:data-postgres-*",
        () => "og:default*",
    ),
    elasticache: named(
        "elasticache",
        (cluster) => `replicationgroup:${cluster}-*`,
        (cluster) => `cluster:${cluster}-*`,
        (cluster) => `snapshot:${cluster}-*`,
        () => "parametergroup:data-redis-*",
        () => "subnetgroup:data-redis-*",
    ),
    secrets: named("secretsmanager", (cluster) => `secret:${cluster}-*`),
    logGroups: named(
        "logs",
        (cluster) => `log-group:/aws/eks/${cluster}/*`,
        (cluster) => `log-group:/aws/vpc/${cluster}/*`,
        (cluster) => `log-group:/aws/rds/instance/${cluster}-*`,
        (cluster) => `log-group:/aws/vendedlogs/elasticache/${cluster}-*`,
        (cluster) => `log-group:aws-waf-logs-${cluster}*`,
    ),
    alarms: named("cloudwatch", (cluster) => `alarm:${cluster}-*`),
    eventRules: named("events", (cluster) => `rule/${cluster}-*`),
    topics: named("sns", (cluster) => `${cluster}-*`),
    queues: named("sqs", (cluster) => `${cluster}-*`),
    webAcls: named(
        "wafv2",
        (cluster) => `regional/webacl/${cluster}*/*`,
        () => "regional/managedruleset/*/*",
    ),
    certificates: named("acm", () => "certificate/*"),
    // Made with the tag, so that keys of others are left alone.
    newKeys: {
        resources: () => ["*"],
        condition: (scope: DeliveryScope) => ({
            StringEquals: { ...inRegion(scope).StringEquals, "aws:RequestTag/Project": "spywatcher" },
        }),
    },
    keys: {
        resources: ({ account }: DeliveryScope) => [regionalArn(account, "kms", "key/*")],
        condition: () => ({ StringEquals: { "aws:ResourceTag/Project": "spywatcher" } }),
    },
    keyAliases: named("kms", (cluster) => `alias/${cluster}-*`),
    accessLogs: {
        resources: ({ account }: DeliveryScope, cluster: string) => [
            `arn:${partition(account.region)}:s3:::${cluster}-access-logs-${account.accountId}`,
        ],
    },
    accessLogObjects: {
        resources: ({ account }: DeliveryScope, cluster: string) => [
            `arn:${partition(account.region)}:s3:::${cluster}-access-logs-${account.accountId}/*`,
        ],
    },
    hostedZones: {
        resources: ({ account, hostedZones }: DeliveryScope) =>
            hostedZones.map((id) => `arn:${partition(account.region)}:route53:::hostedzone/${id}`),
    },
    roles: { resources: ({ account }: DeliveryScope, cluster: string) => programRoles(account, [cluster]) },
    rolesWithPolicies: {
        resources: ({ account }: DeliveryScope, cluster: string) => programRoles(account, [cluster]),
        condition: ({ account, clusters }: DeliveryScope) => ({
            ArnLike: {
                "iam:PolicyARN": [
                    ...clusters.map((cluster) => iamArn(account, `policy/${cluster}-*`)),
                    ...attachedPolicies.map(
                        (name) => `arn:${partition(account.region)}:iam::aws:policy/${name}`,
                    ),
                ],
            },
        }),
    },
    passedRoles: {
        resources: ({ account }: DeliveryScope, cluster: string) => programRoles(account, [cluster]),
        condition: () => ({ StringEquals: { "iam:PassedToService": passedServices } }),
    },
    policies: {
        resources: ({ account }: DeliveryScope, cluster: string) => [iamArn(account, `policy/${cluster}-*`)],
    },
    linkedRoles: {
        resources: ({ account }: DeliveryScope) => [iamArn(account, "role/aws-service-role/*")],
        condition: () => ({ StringEquals: { "iam:AWSServiceName": linkedServices } }),
    },
} as const satisfies Record<string, Place>;

/** Name of a place where actions may be used. */
export type PlaceName = keyof typeof places;

/** Actions at one place. */
export interface Grant {
    at: PlaceName;
    /** Actions by which it is looked at. */
    read?: readonly string[];
    /** Actions by which it is made, changed and deleted. */
    write?: readonly string[];
}

const ec2Tags = ["ec2:CreateTags", "ec2:DeleteTags"];
const passRole: Grant = { at: "passedRoles", write: ["iam:PassRole"] };
const linkedRole: Grant = { at: "linkedRoles", write: ["iam:CreateServiceLinkedRole"] };
/** What a service asks of the caller to encrypt with the caller's key. */
const useKey: Grant = {
    at: "keys",
    write: ["kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"],
};
const tagged = (service: string) => [`${service}:TagResource`, `${service}:UntagResource`];

function ec2(read: readonly string[], write: readonly string[]): Grant[] {
    const prefixed = (actions: readonly string[]) => actions.map((action) => `ec2:${action}`);
    return [{ at: "region", read: prefixed(read), write: [...prefixed(write), ...ec2Tags] }];
}

function bucket(read: string, write: string): Grant[] {
    return [{ at: "accessLogs", read: [`s3:${read}`], write: [`s3:${write}`] }];
}

/**
 * The actions that each resource type needs: those which the AWS provider calls to make, read, change and delete it, and
 * which the services check at its caller. A type that the program registers and that is missing here fails a test.
 */
export const accessByType: Readonly<Record<string, readonly Grant[]>> = {
    "aws:acm/certificate:Certificate": [
        { at: "region", write: ["acm:RequestCertificate"] },
        {
            at: "certificates",
            read: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
            write: [
                "acm:AddTagsToCertificate",
                "acm:DeleteCertificate",
                "acm:RemoveTagsFromCertificate",
                "acm:UpdateCertificateOptions",
            ],
        },
    ],
    "aws:acm/certificateValidation:CertificateValidation": [
        { at: "certificates", read: ["acm:DescribeCertificate"] },
    ],
    "aws:cloudwatch/eventRule:EventRule": [
        {
            at: "eventRules",
            read: ["events:DescribeRule", "events:ListTagsForResource"],
            write: ["events:DeleteRule", "events:PutRule", ...tagged("events")],
        },
    ],
    "aws:cloudwatch/eventTarget:EventTarget": [
        {
            at: "eventRules",
            read: ["events:ListTargetsByRule"],
            write: ["events:PutTargets", "events:RemoveTargets"],
        },
    ],
    "aws:cloudwatch/logGroup:LogGroup": [
        { at: "region", read: ["logs:DescribeLogGroups"] },
        {
            at: "logGroups",
            read: ["logs:ListTagsForResource"],
            write: [
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                ...tagged("logs"),
            ],
        },
    ],
    "aws:cloudwatch/metricAlarm:MetricAlarm": [
        {
            at: "alarms",
            read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
            write: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", ...tagged("cloudwatch")],
        },
    ],
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2(
        ["DescribeSecurityGroups", "DescribeSecurityGroupRules"],
        ["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
    ),
    "aws:ec2/eip:Eip": ec2(
        ["DescribeAddresses", "DescribeAddressesAttribute"],
        ["AllocateAddress", "DisassociateAddress", "ReleaseAddress"],
    ),
    "aws:ec2/flowLog:FlowLog": [
        ...ec2(["DescribeFlowLogs"], ["CreateFlowLogs", "DeleteFlowLogs"]),
        { at: "region", write: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"] },
        passRole,
    ],
    "aws:ec2/internetGateway:InternetGateway": ec2(
        ["DescribeInternetGateways"],
        ["AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": ec2(
        ["DescribeLaunchTemplateVersions", "DescribeLaunchTemplates"],
        [
            "CreateLaunchTemplate",
            "CreateLaunchTemplateVersion",
            "DeleteLaunchTemplate",
            "ModifyLaunchTemplate",
        ],
    ),
    "aws:ec2/natGateway:NatGateway": ec2(
        ["DescribeNatGateways", "DescribeAddresses"],
        ["CreateNatGateway", "DeleteNatGateway", "DisassociateAddress"],
    ),
    "aws:ec2/route:Route": ec2(["DescribeRouteTables"], ["CreateRoute", "DeleteRoute", "ReplaceRoute"]),
    "aws:ec2/routeTable:RouteTable": ec2(
        ["DescribeRouteTables"],
        [
            "CreateRoute",
            "CreateRouteTable",
            "DeleteRoute",
            "DeleteRouteTable",
            "DisassociateRouteTable",
            "ReplaceRoute",
        ],
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2(
        ["DescribeRouteTables"],
        ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
    ),
    "aws:ec2/securityGroup:SecurityGroup": ec2(
        ["DescribeNetworkInterfaces", "DescribeSecurityGroupRules", "DescribeSecurityGroups"],
        [
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "UpdateSecurityGroupRuleDescriptionsEgress",
            "UpdateSecurityGroupRuleDescriptionsIngress",
        ],
    ),
    "aws:ec2/subnet:Subnet": ec2(
        ["DescribeAvailabilityZones", "DescribeNetworkInterfaces", "DescribeSubnets"],
        ["CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute"],
    ),
    "aws:ec2/vpc:Vpc": ec2(
        [
            "DescribeAccountAttributes",
            "DescribeAvailabilityZones",
            "DescribeNetworkAcls",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeVpcAttribute",
            "DescribeVpcs",
        ],
        ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute"],
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2(
        ["DescribePrefixLists", "DescribeVpcEndpoints"],
        ["CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"],
    ),
    "aws:eks/accessEntry:AccessEntry": [
        {
            at: "eks",
            read: ["eks:DescribeAccessEntry"],
            write: [
                "eks:CreateAccessEntry",
                "eks:DeleteAccessEntry",
                "eks:UpdateAccessEntry",
                ...tagged("eks"),
            ],
        },
    ],
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": [
        {
            at: "eks",
            read: ["eks:ListAssociatedAccessPolicies"],
            write: ["eks:AssociateAccessPolicy", "eks:DisassociateAccessPolicy"],
        },
    ],
    "aws:eks/addon:Addon": [
        { at: "region", read: ["eks:DescribeAddonVersions"] },
        {
            at: "eks",
            read: ["eks:DescribeAddon", "eks:DescribeUpdate"],
            write: ["eks:CreateAddon", "eks:DeleteAddon", "eks:UpdateAddon", ...tagged("eks")],
        },
    ],
    "aws:eks/cluster:Cluster": [
        // Has no resource: whatever the cluster is called.
        { at: "region", write: ["eks:CreateCluster"] },
        {
            at: "eks",
            read: ["eks:DescribeCluster", "eks:DescribeUpdate", "eks:ListTagsForResource"],
            write: [
                "eks:AssociateEncryptionConfig",
                "eks:DeleteCluster",
                "eks:UpdateClusterConfig",
                "eks:UpdateClusterVersion",
                ...tagged("eks"),
            ],
        },
        passRole,
        linkedRole,
        useKey,
    ],
    "aws:eks/nodeGroup:NodeGroup": [
        {
            at: "eks",
            read: ["eks:DescribeNodegroup", "eks:DescribeUpdate"],
            write: [
                "eks:CreateNodegroup",
                "eks:DeleteNodegroup",
                "eks:UpdateNodegroupConfig",
                "eks:UpdateNodegroupVersion",
                ...tagged("eks"),
            ],
        },
        // EKS tries the launch template in the caller's name.
        { at: "region", write: ["ec2:RunInstances", "ec2:CreateTags"] },
        passRole,
        linkedRole,
    ],
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": [
        {
            at: "eks",
            read: ["eks:DescribePodIdentityAssociation"],
            write: [
                "eks:CreatePodIdentityAssociation",
                "eks:DeletePodIdentityAssociation",
                "eks:UpdatePodIdentityAssociation",
                ...tagged("eks"),
            ],
        },
        passRole,
    ],
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
    "aws:iam/policy:Policy": [
        {
            at: "policies",
            read: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"],
            write: [
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:TagPolicy",
                "iam:UntagPolicy",
            ],
        },
    ],
    "aws:iam/role:Role": [
        {
            at: "roles",
            read: [
                "iam:GetRole",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
            ],
            write: [
                "iam:CreateRole",
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
            ],
        },
    ],
    "aws:iam/rolePolicy:RolePolicy": [
        {
            at: "roles",
            read: ["iam:GetRolePolicy"],
            write: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
        },
    ],
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
        { at: "roles", read: ["iam:ListAttachedRolePolicies"] },
        { at: "rolesWithPolicies", write: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"] },
    ],
    "aws:kms/alias:Alias": [
        { at: "region", read: ["kms:ListAliases"] },
        { at: "keyAliases", write: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"] },
        { at: "keys", write: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"] },
    ],
    "aws:kms/key:Key": [
        { at: "newKeys", write: ["kms:CreateKey"] },
        {
            at: "keys",
            read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
            write: [
                "kms:DisableKey",
                "kms:EnableKey",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ],
        },
        // The tags of a key that is being made.
        { at: "newKeys", write: ["kms:TagResource"] },
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
    "aws:route53/record:Record": [
        { at: "anywhere", read: ["route53:GetChange"] },
        {
            at: "hostedZones",
            read: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
            write: ["route53:ChangeResourceRecordSets"],
        },
    ],
    "aws:s3/bucket:Bucket": [
        {
            at: "accessLogs",
            read: [
                "s3:GetAccelerateConfiguration",
                "s3:GetBucketAcl",
                "s3:GetBucketCORS",
                "s3:GetBucketLogging",
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketPolicy",
                "s3:GetBucketRequestPayment",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetBucketWebsite",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:GetReplicationConfiguration",
                "s3:ListBucket",
            ],
            write: ["s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucketVersions", "s3:PutBucketTagging"],
        },
        { at: "accessLogObjects", write: ["s3:DeleteObject", "s3:DeleteObjectVersion"] },
    ],
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket(
        "GetLifecycleConfiguration",
        "PutLifecycleConfiguration",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket(
        "GetBucketOwnershipControls",
        "PutBucketOwnershipControls",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": [
        ...bucket("GetBucketPolicy", "PutBucketPolicy"),
        { at: "accessLogs", write: ["s3:DeleteBucketPolicy"] },
    ],
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket(
        "GetBucketPublicAccessBlock",
        "PutBucketPublicAccessBlock",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket(
        "GetEncryptionConfiguration",
        "PutEncryptionConfiguration",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucket("GetBucketVersioning", "PutBucketVersioning"),
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
    "aws:sns/topic:Topic": [
        {
            at: "topics",
            read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
            write: ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", ...tagged("sns")],
        },
    ],
    "aws:sns/topicPolicy:TopicPolicy": [
        { at: "topics", read: ["sns:GetTopicAttributes"], write: ["sns:SetTopicAttributes"] },
    ],
    "aws:sns/topicSubscription:TopicSubscription": [
        {
            at: "topics",
            read: ["sns:GetSubscriptionAttributes", "sns:ListSubscriptionsByTopic"],
            write: ["sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
        },
    ],
    "aws:sqs/queue:Queue": [
        {
            at: "queues",
            read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
            write: [
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:SetQueueAttributes",
                "sqs:TagQueue",
                "sqs:UntagQueue",
            ],
        },
    ],
    "aws:sqs/queuePolicy:QueuePolicy": [
        { at: "queues", read: ["sqs:GetQueueAttributes"], write: ["sqs:SetQueueAttributes"] },
    ],
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2(
        ["DescribeSecurityGroupRules"],
        ["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "RevokeSecurityGroupIngress"],
    ),
    "aws:wafv2/webAcl:WebAcl": [
        {
            at: "webAcls",
            read: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
            write: ["wafv2:CreateWebACL", "wafv2:DeleteWebACL", "wafv2:UpdateWebACL", ...tagged("wafv2")],
        },
    ],
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
        {
            at: "webAcls",
            read: ["wafv2:GetLoggingConfiguration"],
            write: ["wafv2:DeleteLoggingConfiguration", "wafv2:PutLoggingConfiguration"],
        },
        {
            at: "region",
            write: [
                "logs:CreateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:DescribeLogGroups",
                "logs:DescribeResourcePolicies",
                "logs:PutResourcePolicy",
            ],
        },
        linkedRole,
    ],
};

/** The ARNs of a place, or "*". */
export function resourcesAt(place: PlaceName, scope: DeliveryScope): string[] {
    const { resources }: Place = places[place];
    return [...new Set(scope.clusters.flatMap((cluster) => resources(scope, cluster)))];
}

/** Id of the statement about a place. */
export function statementId(place: PlaceName): string {
    return place.charAt(0).toUpperCase() + place.slice(1);
}

/** One statement for each place, with the actions of the given kinds that all types need there. */
export function accessStatements(scope: DeliveryScope, kinds: readonly ("read" | "write")[]): Statement[] {
    const grants = Object.values(accessByType).flat();
    return (Object.keys(places) as PlaceName[]).flatMap((place): Statement[] => {
        const actions = new Set(
            grants
                .filter(({ at }) => at === place)
                .flatMap((grant) => kinds.flatMap((kind) => grant[kind] ?? [])),
        );
        const resources = resourcesAt(place, scope);
        if (actions.size === 0 || resources.length === 0) return [];
        const { condition }: Place = places[place];
        return [
            {
                Sid: statementId(place),
                Effect: "Allow",
                Action: [...actions].sort(),
                Resource: resources,
                ...(condition && { Condition: condition(scope) }),
            },
        ];
    });
}
