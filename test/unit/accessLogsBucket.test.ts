import assert from "node:assert/strict";

import { accessLogsPolicy } from "../../infra/edge/accessLogsBucket.ts";
import { bucketNameProblem } from "../../infra/edge/bucketName.ts";
import { object, planOf } from "../support/plans.ts";
import { byName } from "../support/resources.ts";

const bucket = "spywatcher-prod-access-logs-123456789012";

const settings: Record<string, unknown> = {
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls access-logs-ownership": {
        bucket,
        rule: { objectOwnership: "BucketOwnerEnforced" },
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration access-logs-encryption":
        {
            bucket,
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        },
    "aws:s3/bucketVersioning:BucketVersioning access-logs-versioning": {
        bucket,
        versioningConfiguration: { status: "Enabled" },
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration access-logs-lifecycle": {
        bucket,
        rules: [
            {
                id: "expire",
                status: "Enabled",
                filter: { prefix: "" },
                expiration: { days: 90 },
                noncurrentVersionExpiration: { noncurrentDays: 7 },
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
        ],
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock access-logs-public-access": {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    },
    "aws:s3/bucketPolicy:BucketPolicy access-logs-policy": {
        bucket,
        policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "LoadBalancerLogs",
                    Effect: "Allow",
                    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                    Action: "s3:PutObject",
                    Resource: `arn:aws:s3:::${bucket}/spywatcher/AWSLogs/123456789012/*`,
                },
                {
                    Sid: "TlsOnly",
                    Effect: "Deny",
                    Principal: "*",
                    Action: "s3:*",
                    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        }),
    },
};

describe("the bucket for access logs", () => {
    it("of prod is protected, and stays with its settings after a destroy", async () => {
        const plan = await planOf("prod");
        const made = byName(plan, "aws:s3/bucket:Bucket", "access-logs-bucket");
        assert.deepEqual(made.inputs, { bucket, forceDestroy: false, tags: { Name: bucket } });
        assert.equal(made.protect, true);
        const all = plan.resources.filter(({ type }) => type.startsWith("aws:s3/"));
        assert.deepEqual(
            all.filter(({ retainOnDelete }) => !retainOnDelete),
            [],
        );
    });

    it("is private, encrypted, versioned, emptied in time and written by load balancers alone", async () => {
        const { resources } = await planOf("prod");
        const made = resources.filter(({ type }) => /^aws:s3\/(?!bucket:)/.test(type));
        assert.deepEqual(
            Object.fromEntries(made.map(({ type, name, inputs }) => [`${type} ${name}`, inputs])),
            settings,
        );
    });

    it("outside prod goes with everything in it", async () => {
        const plan = await planOf("dev", { edge: { accessLogs: { retentionDays: 7 } } });
        const made = byName(plan, "aws:s3/bucket:Bucket", "access-logs-bucket");
        assert.equal(made.inputs["forceDestroy"], true);
        assert.equal(made.protect, false);
        assert.equal(made.retainOnDelete, false);
    });

    it("has a policy for logs without a prefix, in any partition", () => {
        const account = { accountId: "123456789012", region: "cn-north-1" };
        const args = {
            account,
            namePrefix: "x",
            prefix: "",
            retentionDays: 1,
            retain: false,
            protect: false,
        };
        const { Statement } = JSON.parse(accessLogsPolicy(args));
        assert.equal(
            Statement[0].Resource,
            "arn:aws-cn:s3:::x-access-logs-123456789012/AWSLogs/123456789012/*",
        );
    });

    it("can be one of yours", async () => {
        const plan = await planOf("prod", { edge: { accessLogs: { bucket: "our-logs" } } });
        assert.deepEqual(
            plan.resources.filter(({ type }) => type.startsWith("aws:s3/")),
            [],
        );
        const { annotations } = object(plan, "Ingress", "spywatcher-ingress").metadata;
        assert.match(
            annotations?.["alb.ingress.kubernetes.io/load-balancer-attributes"] ?? "",
            /,access_logs\.s3\.enabled=true,access_logs\.s3\.bucket=our-logs,access_logs\.s3\.prefix=spywatcher$/,
        );
    });
});

describe("a bucket's name", () => {
    const refused: Record<string, string> = {
        ab: "must be 3–63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit",
        Logs: "must be 3–63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit",
        our_logs:
            "must be 3–63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit",
        "our..logs": "must not have two dots in a row",
        "192.168.5.4": "must not look like an IP address",
        "xn--logs": "must not begin with xn--, which S3 keeps for itself",
        "sthree-logs": "must not begin with sthree-, which S3 keeps for itself",
        "amzn-s3-demo-logs": "must not begin with amzn-s3-demo-, which S3 keeps for itself",
        "logs-s3alias": "must not end with -s3alias, which S3 keeps for itself",
        "logs--ol-s3": "must not end with --ol-s3, which S3 keeps for itself",
    };
    for (const [name, problem] of Object.entries(refused)) {
        it(`is refused when it is ${name}`, () => assert.equal(bucketNameProblem(name), problem));
    }

    it("is taken as S3 takes it", () => {
        for (const name of ["abc", "our-logs.example.com", "9".repeat(63)]) {
            assert.equal(bucketNameProblem(name), undefined);
        }
    });
});
