import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, regionalArn } from "../aws/account.ts";
import {
    managedPolicyLimit,
    policyDocument,
    type Statement,
    trustPolicyLimit,
} from "../aws/policyDocument.ts";

export interface PodIdentityArgs {
    /** Account and region of the cluster. */
    account: AwsAccount;
    /** Name of the cluster, as it stands in the trust policy. */
    clusterName: string;
    /** The same name, known when the control plane exists: the association is made in that cluster. */
    cluster: pulumi.Input<string>;
    /** Name of the role, at most 64 characters; also the beginning of its policies' names. */
    roleName: string;
    /** Namespace of the pods. */
    namespace: string;
    /** Service account of the pods; need not exist yet. */
    serviceAccount: string;
    /** What the pods may do: one managed policy for each key, which ends the policy's name. */
    policies: Readonly<Record<string, pulumi.Input<readonly Statement[]>>>;
    /** Policies that AWS manages, by ARN. Default: none. */
    managedPolicyArns?: readonly string[];
}

/** Characters AWS allows in the name of a role. */
const roleNameLimit = 64;

/** A role for the pods of one service account in one cluster, which get its credentials from the EKS Pod Identity agent. */
export class PodIdentity extends pulumi.ComponentResource {
    /** ARN of the role, known as soon as the role exists. */
    readonly roleArn: pulumi.Output<string>;
    /** ARN of the role, known when pods of the service account get it with all that it allows. */
    readonly ready: pulumi.Output<string>;
    /** The association and the policies' attachments, for what has to be created after and deleted before them. */
    readonly resources: pulumi.Resource[];

    constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:cluster:PodIdentity", name, {}, opts);
        const { roleName } = args;
        refuseOver(roleNameLimit, roleName, "name", roleName);
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: roleName,
                assumeRolePolicy: refuseOver(
                    trustPolicyLimit,
                    podIdentityTrust(args),
                    "trust policy",
                    roleName,
                ),
            },
            { parent: this },
        );
        const own = Object.entries(args.policies).map(([suffix, statements]) => {
            const document = (known: readonly Statement[]): string =>
                refuseOver(managedPolicyLimit, policyDocument(known), `policy ${suffix}`, roleName);
            const policy = new aws.iam.Policy(
                `${name}-${suffix}`,
                {
                    name: `${roleName}-${suffix}`,
                    // What is known is refused at once, and not by a rejected promise.
                    policy: Array.isArray(statements)
                        ? document(statements as readonly Statement[])
                        : pulumi.output(statements).apply(document),
                },
                { parent: this },
            );
            return [suffix, policy.arn] as const;
        });
        const managed = (args.managedPolicyArns ?? []).map(
            (arn) => [arn.slice(arn.lastIndexOf("/") + 1), arn] as const,
        );
        const attachments = [...own, ...managed].map(
            ([suffix, policyArn]) =>
                new aws.iam.RolePolicyAttachment(
                    `${name}-${suffix}`,
                    { role: role.name, policyArn },
                    { parent: this },
                ),
        );
        const association = new aws.eks.PodIdentityAssociation(
            `${name}-association`,
            {
                clusterName: args.cluster,
                namespace: args.namespace,
                serviceAccount: args.serviceAccount,
                roleArn: role.arn,
            },
            // A pod gets credentials as soon as it is associated, and may give up at the first call they do not allow.
            { parent: this, dependsOn: attachments },
        );
        this.roleArn = role.arn;
        this.resources = [association, ...attachments];
        this.ready = pulumi
            .all([role.arn, pulumi.all(this.resources.map(({ urn }) => urn))])
            .apply(([arn]) => arn);
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * Lets EKS assume the role for pods of one service account of one cluster; without conditions every cluster of the
 * account could. The source is the cluster, not the association (awslabs/mountpoint-s3-csi-driver#781). EKS sends
 * namespace and service account as session tags, unless an association turns these off.
 */
function podIdentityTrust({ account, clusterName, namespace, serviceAccount }: PodIdentityArgs): string {
    return policyDocument([
        {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:SourceAccount": account.accountId,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": serviceAccount,
                },
                ArnEquals: { "aws:SourceArn": regionalArn(account, "eks", `cluster/${clusterName}`) },
            },
        },
    ]);
}

/** The text itself, or an error where AWS would refuse it in the middle of a deployment. */
function refuseOver(limit: number, text: string, what: string, roleName: string): string {
    if (text.length > limit) {
        throw new Error(
            `The ${what} of role ${roleName} has ${text.length} characters; AWS allows ${limit}.`,
        );
    }
    return text;
}
