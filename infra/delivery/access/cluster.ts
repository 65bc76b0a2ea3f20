import { type Grant, linkedRole, passRole, tagged, useKey } from "./grants.ts";

/** Actions that types of the cluster and its identities: EKS, IAM, KMS need. */
export const clusterAccess: Readonly<Record<string, readonly Grant[]>> = {
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
};
