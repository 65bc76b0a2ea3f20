import { bucket, deliverLogs, type Grant, linkedRole, tagged } from "./grants.ts";

/** Actions that types of the edge: certificates, DNS, buckets, web ACL need. */
export const edgeAccess: Readonly<Record<string, readonly Grant[]>> = {
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
        deliverLogs,
        linkedRole,
    ],
};
