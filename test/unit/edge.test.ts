import assert from "node:assert/strict";

import { zoneHolds } from "../../infra/edge/hostedZone.ts";
import { loadBalancerZoneId } from "../../infra/edge/loadBalancerZones.ts";
import { planOf, resource } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const recordType = "aws:route53/record:Record";
const certificateType = "aws:acm/certificate:Certificate";

describe("the certificate", () => {
    it("is for both hosts and validated by DNS", async () => {
        const { inputs } = byName(await planOf("prod"), certificateType, "certificate-certificate");
        assert.deepEqual(inputs, {
            domainName: "spywatcher.example.com",
            subjectAlternativeNames: ["api.spywatcher.example.com"],
            validationMethod: "DNS",
            tags: { Name: "spywatcher.example.com" },
        });
    });

    it("has a validation record of each host, whatever the order in which ACM names them", async () => {
        const plan = await planOf("prod");
        for (const host of ["spywatcher.example.com", "api.spywatcher.example.com"]) {
            assert.deepEqual(byName(plan, recordType, `certificate-validation-${host}`).inputs, {
                zoneId: "Z0123456789EXAMPLE",
                name: `_certificate-certificate.${host}.`,
                type: "CNAME",
                records: ["_certificate-certificate.acm-validations.aws."],
                ttl: 60,
            });
        }
    });

    it("is given to the load balancer once it is issued", async () => {
        const plan = await planOf("prod");
        const validation = byName(
            plan,
            "aws:acm/certificateValidation:CertificateValidation",
            "certificate-validation",
        );
        assert.deepEqual(validation.inputs, {
            certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/certificate-certificate-id",
            validationRecordFqdns: [
                "_certificate-certificate.spywatcher.example.com",
                "_certificate-certificate.api.spywatcher.example.com",
            ],
        });
        assert.deepEqual(validation.customTimeouts, { create: "30m" });
        assert.ok(comesAfter(plan, resource(plan, "Ingress", "spywatcher-ingress"), validation));
    });

    it("can be one of yours: then none is made", async () => {
        const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c";
        const plan = await planOf("prod", { edge: { certificateArn } });
        assert.deepEqual(ofType(plan, certificateType), []);
        assert.deepEqual(
            ofType(plan, recordType).map(({ name }) => name),
            ["dns-api.spywatcher.example.com", "dns-spywatcher.example.com"],
        );
    });
});

describe("the DNS records", () => {
    it("point both hosts to the load balancer by its zone", async () => {
        const plan = await planOf("prod");
        for (const host of ["spywatcher.example.com", "api.spywatcher.example.com"]) {
            const record = byName(plan, recordType, `dns-${host}`);
            assert.deepEqual(record.inputs, {
                zoneId: "Z0123456789EXAMPLE",
                name: host,
                type: "A",
                aliases: [{ name: "[unknown]", zoneId: "Z35SXDOTRQ7X7K", evaluateTargetHealth: true }],
            });
            assert.ok(comesAfter(plan, record, resource(plan, "Ingress", "spywatcher-ingress")));
        }
        assert.equal("dnsRecordsToCreate" in plan.outputs, false);
    });

    it("are told of where there is no zone", async () => {
        const plan = await planOf("local");
        assert.deepEqual(ofType(plan, recordType), []);
        assert.deepEqual(plan.outputs["dnsRecordsToCreate"], [
            { name: "spywatcher.localhost.example", type: "CNAME", value: "[unknown]" },
            { name: "api.spywatcher.localhost.example", type: "CNAME", value: "[unknown]" },
        ]);
    });

    it("belong into a zone of the host's name or above", () => {
        assert.equal(zoneHolds("example.com", "example.com"), true);
        assert.equal(zoneHolds("example.com", "api.example.com"), true);
        assert.equal(zoneHolds("example.com", "badexample.com"), false);
        assert.equal(zoneHolds("api.example.com", "example.com"), false);
    });

    it("know the load balancers' zone in the regions of all partitions, and no others", () => {
        assert.equal(loadBalancerZoneId("eu-central-1"), "Z215JYRZR1TBD5");
        assert.equal(loadBalancerZoneId("cn-north-1"), "Z1GDH35T77C1KE");
        assert.equal(loadBalancerZoneId("us-gov-west-1"), "Z33AYJ8TM3BH4J");
        assert.equal(loadBalancerZoneId("xx-nowhere-1"), undefined);
    });
});

describe("the edge", () => {
    const slow = [
        ["aws:acm/certificateValidation:CertificateValidation", "certificate-validation"],
        ["aws:wafv2/webAcl:WebAcl", "waf-acl"],
        ["aws:s3/bucketPolicy:BucketPolicy", "access-logs-policy"],
    ] as const;

    it("waits for neither network nor cluster, and only the Ingress waits for it", async () => {
        const plan = await planOf("prod");
        const cluster = byName(plan, "eks:index:Cluster", "cluster-control-plane");
        const vpc = byName(plan, "awsx:ec2:Vpc", "network-vpc");
        const ingress = resource(plan, "Ingress", "spywatcher-ingress");
        const namespace = resource(plan, "Namespace", "spywatcher");
        for (const [type, name] of slow) {
            const each = byName(plan, type, name);
            assert.equal(comesAfter(plan, each, cluster), false, name);
            assert.equal(comesAfter(plan, each, vpc), false, name);
            assert.equal(comesAfter(plan, namespace, each), false, name);
            assert.ok(comesAfter(plan, ingress, each), name);
        }
    });

    it("of dev has a certificate and records only", async () => {
        const plan = await planOf("dev");
        const types = plan.resources.map(({ type }) => type);
        assert.equal(types.includes(certificateType), true);
        assert.equal(ofType(plan, recordType).length, 4);
        assert.deepEqual(
            types.filter((type) => /^aws:(wafv2|s3)\//.test(type)),
            [],
        );
    });

    it("of local has nothing", async () => {
        const { resources } = await planOf("local");
        assert.deepEqual(
            resources.filter(({ type }) => type.startsWith("aws:")),
            [],
        );
    });
});
