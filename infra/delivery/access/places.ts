import { type AwsAccount, iamArn, partition, regionalArn } from "../../aws/account.ts";
import type { Statement } from "../../aws/policyDocument.ts";

/** What the roles of delivery are limited to. */
export interface DeliveryScope {
    account: AwsAccount;
    /** Names of the clusters, with which the names of everything else begin. */
    clusters: readonly string[];
    /** Ids of the Route 53 zones in which records are made; empty without DNS by the program. */
    hostedZones: readonly string[];
}

export interface Place {
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
    "lambda.amazonaws.com",
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
export const places = {
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
        // Those that RDS makes each day.
        (cluster) => `snapshot:rds:${cluster}-*`,
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
        (cluster) => `log-group:/aws/lambda/${cluster}-*`,
        (cluster) => `log-group:/aws/rds/instance/${cluster}-*`,
        (cluster) => `log-group:/aws/vendedlogs/elasticache/${cluster}-*`,
        (cluster) => `log-group:aws-waf-logs-${cluster}*`,
    ),
    alarms: named("cloudwatch", (cluster) => `alarm:${cluster}-*`),
    eventRules: named("events", (cluster) => `rule/${cluster}-*`),
    functions: named("lambda", (cluster) => `function:${cluster}-*`),
    topics: named("sns", (cluster) => `${cluster}-*`),
    queues: named("sqs", (cluster) => `${cluster}-*`),
    webAcls: named(
        "wafv2",
        (cluster) => `regional/webacl/${cluster}*/*`,
        () => "regional/managedruleset/*/*",
    ),
    certificates: named("acm", () => "certificate/*"),
    // Made with the tag. A key that is being made has neither tags nor aliases; one of others that has either is left alone.
    newKeys: {
        resources: () => ["*"],
        condition: (scope: DeliveryScope) => ({
            StringEquals: { ...inRegion(scope).StringEquals, "aws:RequestTag/Project": "spywatcher" },
            Null: { "aws:ResourceTag/Project": "true", "kms:ResourceAliases": "true" },
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
