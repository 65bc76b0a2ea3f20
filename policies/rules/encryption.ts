import type { ResourceRule, RuleResource } from "../rule.ts";

type Props = RuleResource["props"];

const key = (property: string) => (props: Props) => Boolean(props[property]);

/** What must be true of each type that stores something, and how to say that it is not. */
const encrypted: Readonly<Record<string, readonly [string, (props: Props) => boolean][]>> = {
    "aws:rds/instance:Instance": [["storageEncrypted", (props) => props["storageEncrypted"] === true]],
    "aws:elasticache/replicationGroup:ReplicationGroup": [
        ["atRestEncryptionEnabled", (props) => String(props["atRestEncryptionEnabled"]) === "true"],
        ["transitEncryptionEnabled", (props) => props["transitEncryptionEnabled"] === true],
    ],
    "aws:cloudwatch/logGroup:LogGroup": [["kmsKeyId", key("kmsKeyId")]],
    "aws:secretsmanager/secret:Secret": [["kmsKeyId", key("kmsKeyId")]],
    "aws:sns/topic:Topic": [["kmsMasterKeyId", key("kmsMasterKeyId")]],
    "aws:sqs/queue:Queue": [
        [
            "sqsManagedSseEnabled or kmsMasterKeyId",
            (props) => props["sqsManagedSseEnabled"] === true || Boolean(props["kmsMasterKeyId"]),
        ],
    ],
    "aws:ebs/volume:Volume": [["encrypted", (props) => props["encrypted"] === true]],
    "aws:ec2/launchTemplate:LaunchTemplate": [
        [
            "ebs.encrypted of each device",
            ({ blockDeviceMappings = [] }) =>
                (blockDeviceMappings as { ebs?: { encrypted?: unknown } }[]).every(
                    ({ ebs }) => ebs === undefined || String(ebs.encrypted) === "true",
                ),
        ],
    ],
    "aws:kms/key:Key": [["enableKeyRotation", (props) => props["enableKeyRotation"] === true]],
    "kubernetes:storage.k8s.io/v1:StorageClass": [
        [
            "parameters.encrypted",
            ({ provisioner, parameters }) =>
                provisioner !== "ebs.csi.aws.com" || parameters?.encrypted === "true",
        ],
    ],
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": [
        [
            "ebs.encrypted of each device",
            ({ spec }) =>
                ((spec?.blockDeviceMappings ?? []) as { ebs?: { encrypted?: unknown } }[]).every(
                    ({ ebs }) => ebs?.encrypted === true,
                ),
        ],
    ],
};

/** Whatever is stored is encrypted. */
export const encryption: ResourceRule = {
    name: "storage-is-encrypted",
    description:
        "Databases, caches, disks, logs, queues and secrets are encrypted, and keys turn every year.",
    check: ({ type, props }) =>
        (encrypted[type] ?? []).flatMap(([what, holds]) => (holds(props) ? [] : [`is without ${what}`])),
};
