import { type AwsAccount, iamArn, partition } from "../aws/account.ts";
import { policyDocument, type Statement } from "../aws/policyDocument.ts";
import type { DeliveryScope, PlaceName } from "./access/places.ts";
import { accessStatements, resourcesAt, statementId } from "./awsAccess.ts";
import { githubProviderArn } from "./githubSubjects.ts";

/** Where the state is kept and what encrypts its secrets. */
export interface StateAccess {
    /** Name of the bucket. */
    bucket: string;
    /** ARN of the key. */
    keyArn: string;
}

/** Names of the roles of delivery. */
export interface RoleNames {
    preview: string;
    deploy: string;
    upgrade: string;
}

function stateArns(account: AwsAccount, bucket: string): { bucket: string; objects: string } {
    const arn = `arn:${partition(account.region)}:s3:::${bucket}`;
    return { bucket: arn, objects: `${arn}/.pulumi/*` };
}

function stateStatements(
    account: AwsAccount,
    { bucket, keyArn }: StateAccess,
    access: { objects: readonly string[]; key: readonly string[] },
): Statement[] {
    const arns = stateArns(account, bucket);
    return [
        {
            Sid: "StateBucket",
            Effect: "Allow",
            Action: ["s3:GetBucketLocation", "s3:ListBucket"],
            Resource: arns.bucket,
        },
        { Sid: "State", Effect: "Allow", Action: access.objects, Resource: arns.objects },
        { Sid: "StateKey", Effect: "Allow", Action: access.key, Resource: keyArn },
    ];
}

/** Places whose statements make up one policy: AWS limits the length of each. */
const areas: Readonly<Record<string, readonly PlaceName[]>> = {
    network: ["region", "anywhere"],
    cluster: ["eks", "roles", "rolesWithPolicies", "passedRoles", "policies", "linkedRoles"],
    data: ["rds", "elasticache", "secrets", "newKeys", "keys", "keyAliases"],
    edge: [
        "logGroups",
        "alarms",
        "eventRules",
        "functions",
        "topics",
        "queues",
        "webAcls",
        "certificates",
        "accessLogs",
        "accessLogObjects",
        "hostedZones",
    ],
};

function accessDocuments(scope: DeliveryScope, kinds: readonly ("read" | "write")[]): Record<string, string> {
    const statements = accessStatements(scope, kinds);
    return Object.fromEntries(
        Object.entries(areas).map(([area, names]) => [
            area,
            policyDocument(
                statements.filter(({ Sid = "" }) => names.some((name) => statementId(name) === Sid)),
            ),
        ]),
    );
}

/** What no statement of the role that deploys may lead to: that it frees itself of its limits, or ends the state. */
function deployDenials(scope: DeliveryScope, state: StateAccess, roles: RoleNames): Statement[] {
    const { account } = scope;
    const verbs = [
        "Add",
        "Attach",
        "Create",
        "Delete",
        "Detach",
        "Put",
        "Remove",
        "Set",
        "Tag",
        "Untag",
        "Update",
    ];
    return [
        {
            Sid: "NotItself",
            Effect: "Deny",
            Action: [...verbs.map((verb) => `iam:${verb}*`), "iam:PassRole"],
            Resource: [
                ...Object.values(roles).flatMap((name) => [
                    iamArn(account, `role/${name}`),
                    iamArn(account, `policy/${name}-*`),
                ]),
                githubProviderArn(account),
            ],
        },
        {
            Sid: "NotTheStatesBucket",
            Effect: "Deny",
            Action: [
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:DeleteObjectVersion",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ],
            Resource: Object.values(stateArns(account, state.bucket)),
        },
        {
            Sid: "NotTheStatesKey",
            Effect: "Deny",
            Action: [
                "kms:Delete*",
                "kms:Disable*",
                "kms:Put*",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:Update*",
            ],
            Resource: state.keyArn,
        },
    ];
}

/** Policies of the role that deploys, by the ends of their names. */
export function deployPolicyDocuments(
    scope: DeliveryScope,
    state: StateAccess,
    roles: RoleNames,
): Record<string, string> {
    return {
        state: policyDocument([
            ...stateStatements(scope.account, state, {
                objects: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                key: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            }),
            {
                // Its trust policy names the account, which only leaves the decision to this one.
                Sid: "Itself",
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Resource: iamArn(scope.account, `role/${roles.deploy}`),
            },
            {
                // What a destroy has left behind.
                Sid: "Leftovers",
                Effect: "Allow",
                Action: "tag:GetResources",
                Resource: "*",
                Condition: { StringEquals: { "aws:RequestedRegion": scope.account.region } },
            },
            ...deployDenials(scope, state, roles),
        ]),
        ...accessDocuments(scope, ["read", "write"]),
    };
}

/** Policies of the role that previews and looks for drift: it reads what the program has made, and the state. */
export function previewPolicyDocuments(scope: DeliveryScope, state: StateAccess): Record<string, string> {
    const { account } = scope;
    return {
        state: policyDocument([
            ...stateStatements(account, state, { objects: ["s3:GetObject"], key: ["kms:Decrypt"] }),
            // Whatever else may come to be attached to the role, or allowed to the whole account.
            {
                Sid: "NoOtherSecrets",
                Effect: "Deny",
                Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
                NotResource: resourcesAt("secrets", scope),
            },
            {
                Sid: "NoOtherObjects",
                Effect: "Deny",
                Action: ["s3:GetObject", "s3:GetObjectVersion"],
                NotResource: stateArns(account, state.bucket).objects,
            },
            {
                Sid: "NoParametersAndNoOtherRoles",
                Effect: "Deny",
                Action: ["ssm:GetParameter*", "sts:AssumeRole"],
                Resource: "*",
            },
        ]),
        ...accessDocuments(scope, ["read"]),
    };
}

/** Policy of the role that looks up versions of EKS add-ons; they are the same for every account. */
export function upgradePolicyDocument(): string {
    return policyDocument([
        { Sid: "AddonVersions", Effect: "Allow", Action: "eks:DescribeAddonVersions", Resource: "*" },
    ]);
}
