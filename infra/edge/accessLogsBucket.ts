import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, partition } from "../aws/account.ts";
import { policyDocument } from "../aws/policyDocument.ts";
import { accessLogsBucketName } from "./bucketName.ts";
import type { AccessLogs } from "./edge.ts";

/** Days in which a deleted log can still be saved. */
const deletedDays = 7;

/** Days after which the parts of an upload that was never finished go. */
const unfinishedDays = 7;

export interface AccessLogsBucketArgs {
    account: AwsAccount;
    /** Beginning of the bucket's name, which is one of a kind in the world by the account's id. */
    namePrefix: string;
    /** Prefix of the keys, without slashes at its ends; may be empty. */
    prefix: string;
    /** Days a log is kept. */
    retentionDays: number;
    /** Leave the bucket with its logs behind when the stack is destroyed. Else it goes with everything in it. */
    retain: boolean;
    /** Refuse to delete or replace the bucket. */
    protect: boolean;
}

/** The bucket's policy: the load balancers of the account write logs, and nobody comes without TLS. */
export function accessLogsPolicy({ account, namePrefix, prefix }: AccessLogsBucketArgs): string {
    const bucket = `arn:${partition(account.region)}:s3:::${accessLogsBucketName(namePrefix, account.accountId)}`;
    const logs = [bucket, ...(prefix === "" ? [] : [prefix]), "AWSLogs", account.accountId, "*"].join("/");
    return policyDocument([
        {
            Sid: "LoadBalancerLogs",
            Effect: "Allow",
            // Of all regions; AWS's accounts of each region are the older way.
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            // The account in the key is the load balancer's, so that no other account's may write here.
            Resource: logs,
        },
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucket, `${bucket}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ]);
}

/** A bucket for the access logs of the load balancer: private, encrypted, versioned, and emptied in time. */
export class AccessLogsBucket extends pulumi.ComponentResource {
    readonly accessLogs: AccessLogs;
    /** What the load balancer needs to write; without it the controller makes no load balancer at all. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: AccessLogsBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:edge:AccessLogsBucket", name, {}, opts);
        // What is left behind keeps its settings.
        const child = { parent: this, retainOnDelete: args.retain };
        const bucketName = accessLogsBucketName(args.namePrefix, args.account.accountId);
        const { bucket } = new aws.s3.Bucket(
            `${name}-bucket`,
            // Logs come for minutes after the load balancer is gone, so a bucket that is to go is never empty.
            { bucket: bucketName, forceDestroy: !args.retain, tags: { Name: bucketName } },
            { ...child, protect: args.protect },
        );
        new aws.s3.BucketOwnershipControls(
            `${name}-ownership`,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            child,
        );
        new aws.s3.BucketServerSideEncryptionConfiguration(
            `${name}-encryption`,
            // The only one that access logs can have: with KMS, ELB is denied (aws-cdk#21947).
            { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
            child,
        );
        const versioning = new aws.s3.BucketVersioning(
            `${name}-versioning`,
            { bucket, versioningConfiguration: { status: "Enabled" } },
            child,
        );
        new aws.s3.BucketLifecycleConfiguration(
            `${name}-lifecycle`,
            {
                bucket,
                rules: [
                    {
                        id: "expire",
                        status: "Enabled",
                        filter: { prefix: "" },
                        expiration: { days: args.retentionDays },
                        noncurrentVersionExpiration: { noncurrentDays: deletedDays },
                        abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedDays },
                    },
                ],
            },
            { ...child, dependsOn: [versioning] },
        );
        const privacy = new aws.s3.BucketPublicAccessBlock(
            `${name}-public-access`,
            {
                bucket,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
            child,
        );
        const policy = new aws.s3.BucketPolicy(
            `${name}-policy`,
            { bucket, policy: accessLogsPolicy(args) },
            // S3 refuses two changes of a bucket's access at a time.
            { ...child, dependsOn: [privacy] },
        );
        this.accessLogs = { bucket: bucketName, prefix: args.prefix };
        this.ready = [policy];
        this.registerOutputs({ bucket: bucketName });
    }
}
