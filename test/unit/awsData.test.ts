import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";

import { Postgres } from "../../infra/data/aws/postgres.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { record } from "../../ops/plan/record.ts";
import { planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";

const kms = (key: string) => `arn:aws:kms:us-east-1:123456789012:key/${key}-id`;
const instanceType = "aws:rds/instance:Instance";
const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";

const instance = (plan: Plan) => byName(plan, instanceType, "data-postgres");
const group = (plan: Plan) => byName(plan, groupType, "data-redis");

/** What dev and prod have in common. */
const postgres = {
    engine: "postgres",
    engineVersion: "17",
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: true,
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    storageType: "gp3",
    storageEncrypted: true,
    kmsKeyId: kms("data-key"),
    dbName: "spywatcher",
    username: "spywatcher",
    password: "[secret]",
    port: 5432,
    dbSubnetGroupName: "data-postgres-subnets",
    vpcSecurityGroupIds: ["data-postgres-id"],
    publiclyAccessible: false,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    parameterGroupName: "data-postgres-parameters",
    backupWindow: "03:00-04:00",
    maintenanceWindow: "sun:04:30-sun:05:30",
    copyTagsToSnapshot: true,
    applyImmediately: true,
    databaseInsightsMode: "standard",
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: kms("data-key"),
    performanceInsightsRetentionPeriod: 7,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
};

describe("PostgreSQL on RDS", () => {
    it("is in prod in two zones, backed up and kept from deletion by Pulumi and by AWS", async () => {
        const { inputs, protect, customTimeouts, ignoreChanges, retainOnDelete } = instance(
            await planOf("prod"),
        );
        assert.deepEqual(inputs, {
            ...postgres,
            identifier: "spywatcher-prod-postgres",
            instanceClass: "db.m7g.large",
            allocatedStorage: 100,
            maxAllocatedStorage: 500,
            multiAz: true,
            backupRetentionPeriod: 14,
            deleteAutomatedBackups: false,
            skipFinalSnapshot: false,
            finalSnapshotIdentifier: "spywatcher-prod-postgres-final-data-postgres-id",
            deletionProtection: true,
            tags: { Name: "spywatcher-prod-postgres" },
        });
        assert.equal(protect, true);
        assert.equal(retainOnDelete, false);
        assert.deepEqual(ignoreChanges, []);
        assert.deepEqual(customTimeouts, { create: "90m", update: "180m", delete: "90m" });
    });

    it("is in dev small, in one zone, and gone with the stack", async () => {
        const { inputs, protect } = instance(await planOf("dev"));
        assert.deepEqual(inputs, {
            ...postgres,
            identifier: "spywatcher-dev-postgres",
            instanceClass: "db.t4g.micro",
            allocatedStorage: 20,
            maxAllocatedStorage: 50,
            multiAz: false,
            backupRetentionPeriod: 1,
            deleteAutomatedBackups: true,
            skipFinalSnapshot: true,
            deletionProtection: false,
            tags: { Name: "spywatcher-dev-postgres" },
        });
        assert.equal(protect, false);
    });

    it("refuses plain text, logs slow statements and ends idle transactions", async () => {
        const plan = await planOf("prod");
        const { inputs } = byName(plan, "aws:rds/parameterGroup:ParameterGroup", "data-postgres-parameters");
        assert.deepEqual(inputs, {
            family: "postgres17",
            description: "Parameters of spywatcher-prod-postgres",
            parameters: [
                { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
                { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
                { name: "idle_in_transaction_session_timeout", value: "60000", applyMethod: "immediate" },
            ],
        });
    });

    it("gets the parameter group of a new major, whose name AWS may give beside the old one's", async () => {
        const plan = await planOf("prod", { data: { kind: "aws", postgres: { engineVersion: 18 } } });
        assert.equal(instance(plan).inputs["engineVersion"], "18");
        const parameters = byName(
            plan,
            "aws:rds/parameterGroup:ParameterGroup",
            "data-postgres-parameters",
        ).inputs;
        assert.equal(parameters["family"], "postgres18");
        assert.equal("name" in parameters, false);
    });

    it("is another one under another name, for the provider would rename it", async () => {
        const found: unknown[] = [];
        const note: pulumi.ResourceTransformation = ({ type, opts }) => {
            if (type === instanceType) found.push(opts.replaceOnChanges);
            return undefined;
        };
        await record("spywatcher", "test", () => {
            new Postgres(
                "data",
                {
                    namePrefix: "spywatcher",
                    name: "postgres",
                    vpcId: "vpc-1",
                    subnetIds: ["subnet-1", "subnet-2"],
                    keyArn: kms("data-key"),
                    logKeyArn: kms("log-key"),
                    logRetentionDays: 7,
                    protect: false,
                    engineVersion: 17,
                    instanceClass: "db.t4g.micro",
                    storageGiB: 20,
                    maxStorageGiB: 50,
                    multiAz: false,
                    backupRetentionDays: 1,
                    deletionProtection: false,
                    finalSnapshot: false,
                    slowQueryMs: 1000,
                    password: "not-a-real-password",
                },
                { transformations: [note] },
            );
            return Promise.resolve({});
        });
        assert.deepEqual(found, [["identifier"]]);
    });

    it("comes back from a snapshot under another name", async () => {
        const snapshot = "rds:spywatcher-prod-postgres-2026-11-25-03-10";
        const plan = await planOf("prod", {
            data: { kind: "aws", postgres: { name: "postgres-2", snapshot } },
        });
        const { inputs } = instance(plan);
        assert.equal(inputs["identifier"], "spywatcher-prod-postgres-2");
        assert.equal(inputs["snapshotIdentifier"], snapshot);
        // Not the name of the snapshot that the former instance with this security group has left.
        assert.equal(
            inputs["finalSnapshotIdentifier"],
            "spywatcher-prod-postgres-2-final-data-postgres-id-a1cb25d3",
        );
        assert.deepEqual(
            ["postgresql", "upgrade"].map(
                (log) =>
                    byName(plan, "aws:cloudwatch/logGroup:LogGroup", `data-postgres-${log}`).inputs["name"],
            ),
            [
                "/aws/rds/instance/spywatcher-prod-postgres-2/postgresql",
                "/aws/rds/instance/spywatcher-prod-postgres-2/upgrade",
            ],
        );
    });
});

/** What dev and prod have in common. */
const redis = {
    engine: "valkey",
    engineVersion: "8.2",
    autoMinorVersionUpgrade: false,
    port: 6379,
    parameterGroupName: "data-redis-parameters",
    subnetGroupName: "data-redis-subnets",
    securityGroupIds: ["data-redis-id"],
    atRestEncryptionEnabled: true,
    kmsKeyId: kms("data-key"),
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: "[secret]",
    authTokenUpdateStrategy: "SET",
    snapshotWindow: "03:00-04:00",
    maintenanceWindow: "sun:05:30-sun:06:30",
    applyImmediately: true,
};
const logDelivery = (stack: string) =>
    ["slow-log", "engine-log"].map((logType) => ({
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: `/aws/vendedlogs/elasticache/spywatcher-${stack}-redis/${logType}`,
    }));

describe("the cache on ElastiCache", () => {
    it("has in prod a replica in another zone that takes over, and snapshots", async () => {
        const { inputs, protect, customTimeouts } = group(await planOf("prod"));
        assert.deepEqual(inputs, {
            ...redis,
            replicationGroupId: "spywatcher-prod-redis",
            description: "Cache, rate limits and WebSocket messages of spywatcher-prod",
            nodeType: "cache.t4g.medium",
            numCacheClusters: 2,
            automaticFailoverEnabled: true,
            multiAzEnabled: true,
            logDeliveryConfigurations: logDelivery("prod"),
            snapshotRetentionLimit: 7,
            finalSnapshotIdentifier: "spywatcher-prod-redis-final-data-redis-id",
            tags: { Name: "spywatcher-prod-redis" },
        });
        assert.equal(protect, true);
        assert.deepEqual(customTimeouts, { create: "60m", update: "120m", delete: "60m" });
    });

    it("is in dev one node, and gone with the stack", async () => {
        const { inputs, protect } = group(await planOf("dev"));
        assert.deepEqual(inputs, {
            ...redis,
            replicationGroupId: "spywatcher-dev-redis",
            description: "Cache, rate limits and WebSocket messages of spywatcher-dev",
            nodeType: "cache.t4g.micro",
            numCacheClusters: 1,
            automaticFailoverEnabled: false,
            multiAzEnabled: false,
            logDeliveryConfigurations: logDelivery("dev"),
            snapshotRetentionLimit: 0,
            tags: { Name: "spywatcher-dev-redis" },
        });
        assert.equal(protect, false);
    });

    it("keeps idle subscribers, and drops only what expires", async () => {
        const type = "aws:elasticache/parameterGroup:ParameterGroup";
        assert.deepEqual(byName(await planOf("prod"), type, "data-redis-parameters").inputs, {
            family: "valkey8",
            description: "Parameters of spywatcher-prod-redis",
            parameters: [
                { name: "timeout", value: "0" },
                { name: "maxmemory-policy", value: "volatile-lru" },
            ],
        });
    });

    it("can be Redis, whose token is being rotated", async () => {
        const plan = await planOf("prod", {
            data: {
                kind: "aws",
                redis: { engine: "redis", engineVersion: "7.1", authTokenUpdateStrategy: "ROTATE" },
            },
        });
        const { inputs } = group(plan);
        assert.equal(inputs["engine"], "redis");
        assert.equal(inputs["engineVersion"], "7.1");
        assert.equal(inputs["authTokenUpdateStrategy"], "ROTATE");
        const type = "aws:elasticache/parameterGroup:ParameterGroup";
        assert.equal(byName(plan, type, "data-redis-parameters").inputs["family"], "redis7");
    });
});

describe("copies of the passwords", () => {
    it("are in Secrets Manager, encrypted by the data's key, under names that never collide", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(
            ofType(plan, "aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs),
            ["postgres", "redis"].map((store) => ({
                namePrefix: `spywatcher-prod-${store}-`,
                description: `How to reach spywatcher-prod-${store}; written by Pulumi from its configuration`,
                kmsKeyId: kms("data-key"),
                recoveryWindowInDays: 7,
            })),
        );
        assert.deepEqual(
            ofType(plan, "aws:secretsmanager/secretVersion:SecretVersion").map(({ inputs }) => inputs),
            ["postgres", "redis"].map((store) => ({
                secretId: `data-${store}-connection-id`,
                secretString: "[secret]",
            })),
        );
    });
});

describe("the key of the data", () => {
    it("stays as long as there may be a final snapshot to read, its alias does not", async () => {
        for (const [stack, kept] of [
            ["prod", true],
            ["dev", false],
        ] as const) {
            const plan = await planOf(stack);
            assert.equal(byName(plan, "aws:kms/key:Key", "data-key").retainOnDelete, kept);
            assert.equal(byName(plan, "aws:kms/alias:Alias", "data-key-alias").retainOnDelete, false);
        }
    });
});

describe("log groups of the data stores", () => {
    it("are encrypted by a key that lets CloudWatch Logs use it for them, and end", async () => {
        const plan = await planOf("prod");
        const groups = ofType(plan, "aws:cloudwatch/logGroup:LogGroup").filter(({ name }) =>
            name.startsWith("data-"),
        );
        assert.deepEqual(
            groups.map(({ inputs }) => inputs),
            [
                "/aws/rds/instance/spywatcher-prod-postgres/postgresql",
                "/aws/rds/instance/spywatcher-prod-postgres/upgrade",
                "/aws/vendedlogs/elasticache/spywatcher-prod-redis/engine-log",
                "/aws/vendedlogs/elasticache/spywatcher-prod-redis/slow-log",
            ].map((name) => ({ name, retentionInDays: 90, kmsKeyId: kms("log-key") })),
        );
        const policy = JSON.parse(String(byName(plan, "aws:kms/key:Key", "log-key").inputs["policy"])) as {
            Statement: { Sid: string; Condition: { ArnLike: Record<string, string[]> } }[];
        };
        const allowed = policy.Statement.find(({ Sid }) => Sid === "LogGroups")?.Condition.ArnLike[
            "kms:EncryptionContext:aws:logs:arn"
        ];
        for (const { inputs } of groups) {
            const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${String(inputs["name"])}`;
            assert.ok(
                allowed?.some((pattern) => arn.startsWith(pattern.replace(/\*$/, ""))),
                arn,
            );
        }
    });
});
