import assert from "node:assert/strict";

import { cacheCpuAlarm, expectedMaxConnections } from "../../infra/data/aws/sizes.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topicArn = "arn:aws:sns:us-east-1:123456789012:spywatcher-prod-alerts";

/** One line an alarm: name, metric, condition, how often, what without data. */
function lines(plan: Plan): string[] {
    return ofType(plan, alarmType)
        .filter(({ name }) => name.startsWith("data-"))
        .map(({ inputs }) => {
            const [dimension] = Object.entries(inputs["dimensions"] as Record<string, string>);
            return [
                inputs["name"],
                inputs["namespace"],
                dimension?.join("="),
                inputs["statistic"],
                inputs["metricName"],
                inputs["comparisonOperator"],
                inputs["threshold"],
                `${String(inputs["evaluationPeriods"])}x${String(inputs["period"])}`,
                inputs["treatMissingData"],
            ].join(" ");
        });
}

describe("alarms of the data stores", () => {
    it("of prod watch the database and each node of the cache", async () => {
        const cache = (node: string) =>
            [
                `cpu AWS/ElastiCache CacheClusterId=spywatcher-prod-redis-${node} Average CPUUtilization GreaterThanThreshold 45 3x300 missing`,
                `evictions AWS/ElastiCache CacheClusterId=spywatcher-prod-redis-${node} Sum Evictions GreaterThanThreshold 0 1x300 notBreaching`,
                `memory AWS/ElastiCache CacheClusterId=spywatcher-prod-redis-${node} Maximum DatabaseMemoryUsagePercentage GreaterThanThreshold 80 2x300 missing`,
                `replication-lag AWS/ElastiCache CacheClusterId=spywatcher-prod-redis-${node} Maximum ReplicationLag GreaterThanThreshold 10 1x300 notBreaching`,
            ].map((line) => `spywatcher-prod-redis-${node}-${line}`);
        const rds = "AWS/RDS DBInstanceIdentifier=spywatcher-prod-postgres";
        assert.deepEqual(lines(await planOf("prod")), [
            `spywatcher-prod-postgres-connections ${rds} Maximum DatabaseConnections GreaterThanThreshold 612 1x300 missing`,
            `spywatcher-prod-postgres-cpu ${rds} Average CPUUtilization GreaterThanThreshold 80 3x300 missing`,
            `spywatcher-prod-postgres-storage ${rds} Minimum FreeStorageSpace LessThanThreshold 10737418240 6x300 missing`,
            `spywatcher-prod-postgres-transaction-ids ${rds} Maximum MaximumUsedTransactionIDs GreaterThanThreshold 1000000000 1x300 missing`,
            ...cache("001"),
            ...cache("002"),
        ]);
    });

    it("of dev have no replica to wait for", async () => {
        const names = lines(await planOf("dev")).map((line) => line.split(" ")[0]);
        assert.deepEqual(names.slice(4), [
            "spywatcher-dev-redis-001-cpu",
            "spywatcher-dev-redis-001-evictions",
            "spywatcher-dev-redis-001-memory",
        ]);
    });

    it("tell the topic of their beginning and their end, when CloudWatch may publish there", async () => {
        const plan = await planOf("prod");
        const policy = byName(plan, "aws:sns/topicPolicy:TopicPolicy", "alerts-policy");
        for (const { inputs, dependsOn } of ofType(plan, alarmType)) {
            assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[topicArn], [topicArn]]);
            assert.ok(dependsOn.includes(policy.urn));
        }
    });
});

describe("severities of alarms", () => {
    it("stand in a line of the text, which the forwarding of alarms reads", async () => {
        const severities = new Map<string, string[]>();
        for (const { name, inputs } of ofType(await planOf("prod"), alarmType)) {
            const [, severity = "none"] =
                /\nSeverity: (\w+)\n/.exec(String(inputs["alarmDescription"])) ?? [];
            severities.set(severity, [...(severities.get(severity) ?? []), name]);
        }
        assert.deepEqual([...severities.keys()].sort(), ["critical", "warning"]);
        assert.deepEqual(severities.get("critical"), [
            "certificate-expiry",
            "data-postgres-storage",
            "data-postgres-transaction-ids",
            "load-balancer-alarms-errors",
            "load-balancer-alarms-no-healthy-target",
            "load-balancer-alarms-rejected-connections",
        ]);
    });
});

describe("the topic of alarms", () => {
    it("is encrypted by a key of its own that CloudWatch may use", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(byName(plan, "aws:sns/topic:Topic", "alerts").inputs, {
            name: "spywatcher-prod-alerts",
            kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/alerts-key-id",
        });
        const condition = {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" },
        };
        const statements = (type: string, name: string) =>
            (JSON.parse(String(byName(plan, type, name).inputs["policy"])) as { Statement: unknown[] })
                .Statement;
        assert.deepEqual(statements("aws:kms/key:Key", "alerts-key")[1], {
            Sid: "Alarms",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
            Condition: condition,
        });
        assert.deepEqual(statements("aws:sns/topicPolicy:TopicPolicy", "alerts-policy"), [
            {
                Sid: "Alarms",
                Effect: "Allow",
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Action: "sns:Publish",
                Resource: topicArn,
                Condition: condition,
            },
            {
                Sid: "DenyInsecureTransport",
                Effect: "Deny",
                Principal: "*",
                Action: "sns:Publish",
                Resource: topicArn,
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ]);
    });

    it("reaches the addresses that are configured, and none by default", async () => {
        const type = "aws:sns/topicSubscription:TopicSubscription";
        assert.deepEqual(ofType(await planOf("prod"), type), []);
        const plan = await planOf("prod", { alarms: { emails: ["on-call@example.com"] } });
        assert.deepEqual(
            ofType(plan, type).map(({ inputs }) => inputs),
            [{ topic: topicArn, protocol: "email", endpoint: "on-call@example.com" }],
        );
    });
});

describe("sizes of AWS", () => {
    it("take so many connections at least", () => {
        assert.deepEqual(
            (
                ["db.t4g.micro", "db.t4g.small", "db.t4g.medium", "db.m7g.large", "db.m7g.4xlarge"] as const
            ).map(expectedMaxConnections),
            [95, 191, 383, 766, 5000],
        );
    });

    it("show a busy cache by the host's CPU up to two, by the engine's from four", () => {
        assert.deepEqual(cacheCpuAlarm("cache.m7g.large"), { metric: "CPUUtilization", threshold: 45 });
        assert.deepEqual(cacheCpuAlarm("cache.m7g.xlarge"), {
            metric: "EngineCPUUtilization",
            threshold: 90,
        });
    });
});
