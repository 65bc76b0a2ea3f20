import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, iamArn, regionalArn } from "./account.ts";
import { policyDocument, type Statement } from "./policyDocument.ts";

/** Days between the request to delete a key and its end, in which it can still be saved; 30 is AWS's longest. */
const deletionWindowInDays = 30;

export interface EncryptionKeyArgs {
    account: AwsAccount;
    /** Name in the key's alias, without `alias/`. */
    alias: string;
    /** What it encrypts. */
    description: string;
    /** Statements beside the one that lets the account's IAM policies rule. */
    statements?: readonly Statement[];
    /** Refuse to delete the key: with it goes whatever it encrypts. */
    protect: boolean;
    /** Leave the key, without its alias, when the stack goes: what it encrypts stays. Default: false. */
    retain?: boolean;
}

/** Lets CloudWatch Logs of the region encrypt the log groups whose names begin with a prefix. */
export function logGroupsStatement(account: AwsAccount, prefixes: readonly string[]): Statement {
    return {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: `logs.${account.region}.amazonaws.com` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        Condition: {
            ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": prefixes.map((prefix) =>
                    regionalArn(account, "logs", `log-group:${prefix}*`),
                ),
            },
        },
    };
}

/** A symmetric KMS key that rotates each year, with an alias. */
export function encryptionKey(
    name: string,
    args: EncryptionKeyArgs,
    opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
    const key = new aws.kms.Key(
        name,
        {
            description: args.description,
            enableKeyRotation: true,
            deletionWindowInDays,
            policy: policyDocument([
                {
                    // Without it nobody could ever change the key again (AWS KMS, default key policy).
                    Sid: "Account",
                    Effect: "Allow",
                    Principal: { AWS: iamArn(args.account, "root") },
                    Action: "kms:*",
                    Resource: "*",
                },
                ...(args.statements ?? []),
            ]),
        },
        { ...opts, protect: args.protect, retainOnDelete: args.retain ?? false },
    );
    new aws.kms.Alias(`${name}-alias`, { name: `alias/${args.alias}`, targetKeyId: key.keyId }, opts);
    return key;
}
