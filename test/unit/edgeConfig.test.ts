import assert from "node:assert/strict";

import { rdsRootCertificate } from "../../infra/data/aws/certificateAuthority.ts";
import { ConfigError } from "../../stacks/problems.ts";
import { configOf } from "../support/plans.ts";

function problems(stack: string, change: unknown): readonly string[] {
    try {
        configOf(stack, change as Parameters<typeof configOf>[1]);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}

const certificate = (region: string, account = "123456789012"): string =>
    `arn:aws:acm:${region}:${account}:certificate/1b2c`;
const acl = (scope: string, region = "us-east-1"): string =>
    `arn:aws:wafv2:${region}:123456789012:${scope}/webacl/x/1b2c`;

const cases: { name: string; change: unknown; expected: string[]; stack?: string }[] = [
    {
        name: "a certificate of another region",
        change: { edge: { certificateArn: certificate("eu-west-1") } },
        expected: [
            `spywatcher:edge.certificateArn: must be in aws.region, us-east-1 (is "${certificate("eu-west-1")}")`,
        ],
    },
    {
        name: "a certificate of another partition",
        change: { edge: { certificateArn: "arn:aws-cn:acm:us-east-1:123456789012:certificate/1b2c" } },
        expected: [
            'spywatcher:edge.certificateArn: must be in aws.region, us-east-1 (is "arn:aws-cn:acm:us-east-1:123456789012:certificate/1b2c")',
        ],
    },
    {
        name: "a certificate of another account",
        change: { edge: { certificateArn: certificate("us-east-1", "210987654321") } },
        expected: [
            `spywatcher:edge.certificateArn: must be in the account aws.accountId, 123456789012 (is "${certificate("us-east-1", "210987654321")}")`,
        ],
    },
    {
        name: "a web ACL of another region",
        change: { edge: { wafAclArn: acl("regional", "eu-west-1") } },
        expected: [
            `spywatcher:edge.wafAclArn: must be in aws.region, us-east-1 (is "${acl("regional", "eu-west-1")}")`,
        ],
    },
    {
        name: "a web ACL for CloudFront",
        change: { edge: { wafAclArn: acl("global") } },
        expected: [
            `spywatcher:edge.wafAclArn: must be a regional web ACL, …:regional/webacl/…: load balancers take no other (is "${acl("global")}")`,
        ],
    },
    {
        name: "two web ACLs",
        stack: "prod",
        change: { edge: { wafAclArn: acl("regional") } },
        expected: [
            `spywatcher:edge.wafAclArn: must not be given together with edge.waf: a load balancer has one web ACL (is "${acl("regional")}")`,
        ],
    },
    {
        name: "a zone that does not hold the hosts",
        change: { edge: { hostedZone: { name: "api.dev.spywatcher.example.com" } } },
        expected: [
            'spywatcher:app.hosts.frontend: must be in the hosted zone api.dev.spywatcher.example.com: its records and certificate go there (is "dev.spywatcher.example.com")',
        ],
    },
    {
        name: "a zone's id as the API gives it",
        change: { edge: { hostedZone: { id: "/hostedzone/Z0123456789EXAMPLE" } } },
        expected: [
            'spywatcher:edge.hostedZone.id: must be the id of a hosted zone without /hostedzone/, such as Z0123456789EXAMPLE (is "/hostedzone/Z0123456789EXAMPLE")',
        ],
    },
    {
        name: "records without an address",
        change: { app: { ingress: { waitForAddress: false } } },
        expected: [
            "spywatcher:app.ingress.waitForAddress: must be true with edge.hostedZone: the records point to the address (is false)",
        ],
    },
    {
        name: "a region whose load balancers' zone is not known",
        change: {
            aws: { region: "xx-nowhere-1" },
            network: { kind: "create", availabilityZones: ["xx-nowhere-1a", "xx-nowhere-1b"] },
            data: { kind: "aws", postgres: { caCertificate: rdsRootCertificate("us-east-1") } },
        },
        expected: [
            'spywatcher:aws.region: is not a region whose load balancers\' hosted zone is known; leave out edge.hostedZone (is "xx-nowhere-1")',
        ],
    },
    {
        name: "a bucket name AWS refuses",
        change: { edge: { accessLogs: { bucket: "logs-s3alias" } } },
        expected: [
            'spywatcher:edge.accessLogs.bucket: must not end with -s3alias, which S3 keeps for itself (is "logs-s3alias")',
        ],
    },
    {
        name: "a cluster's name that makes such a one",
        change: { cluster: { kind: "eks", name: "sthree-dev" }, edge: { accessLogs: {} } },
        expected: [
            'spywatcher:cluster.name: the bucket for access logs `sthree-dev-access-logs-123456789012` must not begin with sthree-, which S3 keeps for itself (is "sthree-dev")',
        ],
    },
    {
        name: "a prefix that ELB refuses",
        change: { edge: { accessLogs: { prefix: "x/AWSLogs" } } },
        expected: [
            'spywatcher:edge.accessLogs.prefix: must be letters, digits and ! _ . ( ) / -, without / at either end and without AWSLogs (is "x/AWSLogs")',
        ],
    },
    {
        name: "a prefix that would be more attributes of the load balancer",
        change: { edge: { accessLogs: { prefix: "a,access_logs.s3.enabled=false" } } },
        expected: [
            'spywatcher:edge.accessLogs.prefix: must be letters, digits and ! _ . ( ) / -, without / at either end and without AWSLogs (is "a,access_logs.s3.enabled=false")',
        ],
    },
    {
        name: "a host too long to be a certificate's name",
        change: { app: { hosts: { frontend: `${"a".repeat(43)}.spywatcher.example.com` } } },
        expected: [
            `spywatcher:app.hosts.frontend: must have at most 64 characters: the certificate is called after it; or give edge.certificateArn (is "${"a".repeat(43)}.spywatcher.example.com")`,
        ],
    },
    {
        name: "a limit below WAF's least",
        change: { edge: { waf: { requestsPerMinute: 9 } } },
        expected: ["spywatcher:edge.waf.requestsPerMinute: must be from 10 to 2000000000 (is 9)"],
    },
    {
        name: "things to make for a cluster that exists",
        stack: "local",
        change: {
            edge: {
                hostedZone: { id: "Z0123456789EXAMPLE", name: "spywatcher.localhost.example" },
                waf: {},
                accessLogs: {},
                loadBalancerAlarms: true,
            },
            app: { ingress: { waitForAddress: true } },
        },
        expected: [
            "spywatcher:edge.hostedZone: needs cluster.kind eks: only there the program makes things in AWS",
            "spywatcher:edge.loadBalancerAlarms: needs cluster.kind eks: only there the program makes things in AWS (is true)",
            "spywatcher:edge.waf: needs cluster.kind eks: only there the program makes things in AWS",
            "spywatcher:edge.accessLogs.bucket: is required unless cluster.kind is eks: only there a bucket is made",
        ],
    },
];

describe("the configuration of the edge", () => {
    for (const { name, change, expected, stack } of cases) {
        it(`refuses ${name}`, () => assert.deepEqual(problems(stack ?? "dev", change), expected));
    }

    it("takes things of yours on a cluster that exists", () => {
        const edge = {
            certificateArn: certificate("eu-west-1"),
            wafAclArn: acl("regional", "eu-west-1"),
            accessLogs: { bucket: "our-logs", prefix: "" },
        };
        assert.deepEqual(problems("local", { edge }), []);
    });

    it("has the manifests' limit by default, over WAF's shortest time", () => {
        assert.deepEqual(configOf("dev", { edge: { waf: {} } }).edge.waf, {
            enabled: true,
            mode: "block",
            requestsPerMinute: 100 * 60,
            blockedRequestsAlarm: 1000,
            logRetentionDays: 30,
        });
    });
});
