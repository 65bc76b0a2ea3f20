import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, partition } from "../aws/account.ts";
import { encryptionKey } from "../aws/encryptionKey.ts";
import { policyDocument } from "../aws/policyDocument.ts";

/** Days after which the parts of an upload that was never finished go. */
const unfinishedDays = 7;

export interface StateStoreArgs {
    account: AwsAccount;
    /** Name of the bucket, one of a kind in the world. */
    bucket: string;
    /** Name in the key's alias, without `alias/`. */
    keyAlias: string;
    /** Days that replaced and deleted versions, and the engine's own backups, are kept. */
    oldVersionDays: number;
    /** Refuse to delete the bucket and the key: without them nobody can change the stacks any more. */
    protect: boolean;
}

/** The bucket's policy: nobody comes without TLS. */
export function stateBucketPolicy({ account, bucket }: StateStoreArgs): string {
    const arn = `arn:${partition(account.region)}:s3:::${bucket}`;
    return policyDocument([
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ]);
}

/** Where Pulumi keeps the state of stacks: a private, encrypted, versioned bucket, and the key of their secrets. */
export class StateStore extends pulumi.ComponentResource {
    readonly bucket: string;
    readonly keyArn: pulumi.Output<string>;

    constructor(name: string, args: StateStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:delivery:StateStore", name, {}, opts);
        const { protect } = args;
        // What is left behind keeps its settings. All of it is protected: a destroy deletes what is not before it refuses.
        const child = { parent: this, retainOnDelete: true, protect };
        const key = encryptionKey(
            `${name}-key`,
            {
                account: args.account,
                alias: args.keyAlias,
                description: "State of Pulumi's stacks and the secrets in it",
                protect,
                retain: true,
            },
            child,
        );
        const { bucket } = new aws.s3.Bucket(
            `${name}-bucket`,
            { bucket: args.bucket, tags: { Name: args.bucket } },
            child,
        );
        new aws.s3.BucketOwnershipControls(
            `${name}-ownership`,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            child,
        );
        new aws.s3.BucketServerSideEncryptionConfiguration(
            `${name}-encryption`,
            {
                bucket,
                rules: [
                    {
                        applyServerSideEncryptionByDefault: {
                            sseAlgorithm: "aws:kms",
                            kmsMasterKeyId: key.arn,
                        },
                        // Fewer calls of KMS: the engine writes the whole state after every step.
                        bucketKeyEnabled: true,
                    },
                ],
            },
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
                        id: "old-versions",
                        status: "Enabled",
                        filter: { prefix: "" },
                        noncurrentVersionExpiration: { noncurrentDays: args.oldVersionDays },
                        abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedDays },
                    },
                    {
                        // The engine makes one for every step and deletes none. The history stays: rollback reads it.
                        id: "backups",
                        status: "Enabled",
                        filter: { prefix: ".pulumi/backups/" },
                        expiration: { days: args.oldVersionDays },
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
        new aws.s3.BucketPolicy(
            `${name}-policy`,
            { bucket, policy: stateBucketPolicy(args) },
            // S3 refuses two changes of a bucket's access at a time.
            { ...child, dependsOn: [privacy] },
        );
        this.bucket = args.bucket;
        this.keyArn = key.arn;
        this.registerOutputs({ bucket: args.bucket, keyArn: key.arn });
    }
}
