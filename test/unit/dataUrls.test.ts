import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { AwsData, type AwsDataArgs, type AwsPostgresArgs } from "../../infra/data/aws/awsData.ts";
import { existingVpc } from "../../infra/network/existingVpc.ts";
import { record } from "../../ops/plan/record.ts";

const postgres: AwsPostgresArgs = {
    name: "postgres",
    engineVersion: 17,
    instanceClass: "db.t4g.micro",
    storageGiB: 20,
    maxStorageGiB: 40,
    multiAz: false,
    backupRetentionDays: 1,
    deletionProtection: false,
    finalSnapshot: false,
    slowQueryMs: 1000,
    password: "not-a-real-password",
    databaseCa: "not-a-real-certificate",
};

const args: AwsDataArgs = {
    account: { accountId: "123456789012", region: "us-east-1" },
    namePrefix: "blue",
    network: existingVpc({
        vpcId: "vpc-0a",
        publicSubnetIds: [],
        privateSubnetIds: [],
        databaseSubnetIds: ["subnet-0a", "subnet-0b"],
        databaseCidrs: ["10.0.36.0/24"],
        loadBalancerCidrs: [],
    }),
    nodesSecurityGroupId: "sg-0a",
    logKeyArn: "arn:aws:kms:us-east-1:123456789012:key/log",
    logRetentionDays: 7,
    alertTopicArn: "arn:aws:sns:us-east-1:123456789012:blue",
    protect: false,
    postgres,
    redis: {
        engine: "valkey",
        engineVersion: "8.2",
        nodeType: "cache.t4g.micro",
        nodes: 1,
        snapshotRetentionDays: 0,
        finalSnapshot: false,
        authTokenUpdateStrategy: "SET",
        authToken: "not-a-real-token-",
    },
    pool: { connectionLimit: 5, poolTimeoutSeconds: 20, connectTimeoutSeconds: 10 },
};

async function outputs(change: Partial<AwsDataArgs>, reveal: boolean): Promise<Record<string, unknown>> {
    const plan = await record("spywatcher", "test", () => {
        const provider = new aws.Provider("aws", { region: "us-east-1" });
        const data = new AwsData("data", { ...args, ...change }, { providers: { aws: provider } });
        const show = (value: pulumi.Output<string> | undefined) =>
            reveal && value ? pulumi.unsecret(value) : value;
        return { database: show(data.database?.databaseUrl), redis: show(data.cache?.redisUrl) };
    });
    return plan.outputs;
}

describe("the URLs of the data stores in AWS", () => {
    it("are encrypted connections to the instance and the primary, within the pool's limits", async () => {
        assert.deepEqual(await outputs({}, true), {
            database:
                "postgresql://spywatcher:not-a-real-password@blue-postgres.rds.invalid:5432/spywatcher?sslmode=require&sslaccept=strict&sslcert=%2Fetc%2Fspywatcher%2Fdatabase-ca%2Fca.pem&connection_limit=5&pool_timeout=20&connect_timeout=10",
            redis: "rediss://:not-a-real-token-@master.blue-redis.cache.invalid:6379",
        });
    });

    it("name another role with its own password while a password is being rotated", async () => {
        const login = { user: "spywatcher_b", password: "not-a-real-password-b" };
        const { database } = await outputs({ postgres: { ...postgres, login } }, true);
        assert.match(
            String(database),
            /^postgresql:\/\/spywatcher_b:not-a-real-password-b@blue-postgres\.rds\.invalid:5432\/spywatcher\?/,
        );
    });

    it("are secret", async () => {
        assert.deepEqual(await outputs({}, false), { database: "[secret]", redis: "[secret]" });
    });
});
