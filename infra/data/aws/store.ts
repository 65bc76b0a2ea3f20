import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { jsonSecret } from "../../aws/jsonSecret.ts";

/** What both data stores need to know of the AWS they live in. */
export interface StoreArgs {
    /** Prefix of physical names: the cluster's name. */
    namePrefix: string;
    vpcId: pulumi.Input<string>;
    /** Subnets without a way out, in at least two zones. */
    subnetIds: pulumi.Input<string[]>;
    /** KMS key of the data, the backups and the password's copy. */
    keyArn: pulumi.Input<string>;
    /** KMS key of the log groups. */
    logKeyArn: pulumi.Input<string>;
    /** Days the logs are kept. */
    logRetentionDays: number;
    /** Refuse to delete or replace the store. */
    protect: boolean;
}

/** Time both stores' backups are taken, UTC. */
export const backupWindow = "03:00-04:00";

/**
 * A security group nobody may pass yet. It has no rules of its own, so the provider also takes away the one AWS adds that
 * lets everything out.
 */
export function storeSecurityGroup(
    name: string,
    args: { vpcId: pulumi.Input<string>; store: string },
    opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
        name,
        {
            vpcId: args.vpcId,
            description: "Data store of the application: open to the cluster's nodes alone",
            tags: { Name: args.store },
        },
        opts,
    );
}

/**
 * Lets the nodes in, by their security group. A resource of its own: the store need not wait for the cluster, and the rule
 * goes before the cluster's group, which AWS does not delete while a rule names it.
 */
export function fromNodes(
    name: string,
    args: {
        securityGroupId: pulumi.Input<string>;
        nodesSecurityGroupId: pulumi.Input<string>;
        port: number;
    },
    opts: pulumi.CustomResourceOptions,
): aws.vpc.SecurityGroupIngressRule {
    return new aws.vpc.SecurityGroupIngressRule(
        name,
        {
            securityGroupId: args.securityGroupId,
            referencedSecurityGroupId: args.nodesSecurityGroupId,
            ipProtocol: "tcp",
            fromPort: args.port,
            toPort: args.port,
            description: "Pods of the cluster",
        },
        opts,
    );
}

/**
 * Name of the snapshot that is taken when a store is deleted. A name that exists already would stop the deletion. The id
 * of the store's security group is one AWS never gives twice; a store that was restored keeps the group, so the snapshot
 * it began with tells it from the former one.
 */
export function finalSnapshotName(
    store: string,
    securityGroup: aws.ec2.SecurityGroup,
    restoredFrom?: string,
): pulumi.Output<string> {
    const suffix =
        restoredFrom === undefined
            ? ""
            : `-${createHash("sha256").update(restoredFrom).digest("hex").slice(0, 8)}`;
    return securityGroup.id.apply((id) => `${store}-final-${id.replace(/^sg-/, "")}${suffix}`);
}

/** A copy of how to reach a store, for people and tools. The configuration stays the source. */
export function connectionSecret(
    name: string,
    args: {
        store: string;
        keyArn: pulumi.Input<string>;
        content: Record<string, pulumi.Input<string | number>>;
    },
    opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.Secret {
    const { store, ...rest } = args;
    return jsonSecret(
        name,
        {
            ...rest,
            namePrefix: store,
            description: `How to reach ${store}; written by Pulumi from its configuration`,
        },
        opts,
    ).secret;
}
