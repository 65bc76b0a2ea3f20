import assert from "node:assert/strict";

import { planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

async function alarm(stack: string, name: string, change = {}): Promise<Record<string, unknown>> {
    const { alarmDescription, ...rest } = byName(await planOf(stack, change), alarmType, name).inputs;
    assert.match(String(alarmDescription), /^\S.{20,}[^.]\nSeverity: (critical|warning)\n/);
    return rest;
}

const toTopic = (stack: string) => {
    const topic = [`arn:aws:sns:us-east-1:123456789012:spywatcher-${stack}-alerts`];
    return { alarmActions: topic, okActions: topic };
};

describe("the alarm on the certificate", () => {
    const expiry = (stack: string, certificateArn: string) => ({
        name: `spywatcher-${stack}-certificate-expiry`,
        namespace: "AWS/CertificateManager",
        metricName: "DaysToExpiry",
        dimensions: { CertificateArn: certificateArn },
        statistic: "Minimum",
        comparisonOperator: "LessThanThreshold",
        threshold: 30,
        period: 86_400,
        evaluationPeriods: 1,
        treatMissingData: "ignore",
        ...toTopic(stack),
    });

    it("begins 30 days before its end, by a number that AWS writes twice a day, until the end", async () => {
        for (const stack of ["dev", "prod"]) {
            assert.deepEqual(
                await alarm(stack, "certificate-expiry"),
                expiry(stack, "arn:aws:acm:us-east-1:123456789012:certificate/certificate-certificate-id"),
            );
        }
    });

    it("watches one of yours as well", async () => {
        const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c";
        assert.deepEqual(
            await alarm("prod", "certificate-expiry", { edge: { certificateArn } }),
            expiry("prod", certificateArn),
        );
    });

    it("is none where there is no AWS", async () => {
        assert.deepEqual(ofType(await planOf("local"), alarmType), []);
    });
});

describe("the alarm on the web ACL", () => {
    it("begins with many refused requests, and none are good", async () => {
        assert.deepEqual(await alarm("prod", "waf-blocked-requests"), {
            name: "spywatcher-prod-waf-blocked-requests",
            namespace: "AWS/WAFV2",
            metricName: "BlockedRequests",
            dimensions: { WebACL: "spywatcher-prod", Region: "us-east-1", Rule: "ALL" },
            statistic: "Sum",
            comparisonOperator: "GreaterThanThreshold",
            threshold: 1000,
            period: 300,
            evaluationPeriods: 1,
            treatMissingData: "notBreaching",
            ...toTopic("prod"),
        });
    });

    it("begins where the configuration says", async () => {
        const { threshold } = await alarm("prod", "waf-blocked-requests", {
            edge: { waf: { blockedRequestsAlarm: 50 } },
        });
        assert.equal(threshold, 50);
    });
});
