import assert from "node:assert/strict";

import { problems } from "../support/configProblems.ts";

const postgres = (keys: object) => ({ data: { kind: "aws", postgres: keys } });
const redis = (keys: object) => ({ data: { kind: "aws", redis: keys } });

const cases: { name: string; change: unknown; expected: string[]; stack?: string }[] = [
    {
        name: "one zone for the database of prod",
        change: postgres({ multiAz: false }),
        expected: [
            "spywatcher:data.postgres.multiAz: must be true in prod: without a standby the loss of a zone stops the application (is false)",
        ],
    },
    {
        name: "no backups in prod",
        change: postgres({ backupRetentionDays: 0 }),
        expected: [
            "spywatcher:data.postgres.backupRetentionDays: must be at least 1 in prod: without backups a mistake is final (is 0)",
        ],
    },
    {
        name: "one node for the cache of prod",
        change: redis({ nodes: 1 }),
        expected: [
            "spywatcher:data.redis.nodes: must be at least 2 in prod: with one node nothing takes over when it fails (is 1)",
        ],
    },
    {
        name: "storage that cannot grow by a tenth",
        change: postgres({ storageGiB: 100, maxStorageGiB: 109 }),
        expected: [
            "spywatcher:data.postgres.maxStorageGiB: must be at least 110, a tenth above storageGiB, which is 100: else RDS refuses it (is 109)",
        ],
    },
    {
        name: "less storage than gp3 has",
        change: postgres({ storageGiB: 10 }),
        expected: ["spywatcher:data.postgres.storageGiB: must be from 20 to 65536 (is 10)"],
    },
    {
        name: "a minor version of PostgreSQL",
        change: postgres({ engineVersion: 17.4 }),
        expected: ["spywatcher:data.postgres.engineVersion: must be one of 18, 17, 16, 15 (is 17.4)"],
    },
    {
        name: "an instance class whose connections are unknown",
        change: postgres({ instanceClass: "db.t2.micro" }),
        expected: [
            'spywatcher:data.postgres.instanceClass: must be one of db.t4g.micro, db.t4g.small, db.t4g.medium, db.t4g.large, db.t4g.xlarge, db.m7g.large, db.m7g.xlarge, db.m7g.2xlarge, db.m7g.4xlarge, db.r7g.large, db.r7g.xlarge, db.r7g.2xlarge (is "db.t2.micro")',
        ],
    },
    {
        name: "more connections than the instance takes",
        change: {
            data: { kind: "aws", connectionLimit: 8, postgres: { instanceClass: "db.t4g.micro" } },
        },
        expected: [
            "spywatcher:data.connectionLimit: 16 processes at most (replicas, surge, pods that drain, bot, schema job) need 128 connections, but PostgreSQL gives 85 (maxConnections 95 less 10 for superusers and RDS); at most 5 is allowed (is 8)",
        ],
    },
    {
        name: "a number of connections that RDS decides",
        change: { data: { kind: "aws", maxConnections: 500 } },
        expected: [
            "spywatcher:data.maxConnections: unknown key; allowed here: kind, connectionLimit, poolTimeoutSeconds, connectTimeoutSeconds, logRetentionDays, postgres, redis",
        ],
    },
    {
        name: "an empty instance under another name",
        change: postgres({ name: "postgres-2" }),
        expected: [
            "spywatcher:data.postgres.snapshot: is required with another name than postgres, which is postgres-2: the new instance would be empty",
        ],
    },
    {
        name: "a name RDS refuses",
        change: postgres({ name: "postgres--2", snapshot: "s" }),
        expected: [
            'spywatcher:data.postgres.name: must be 1–20 lower-case letters, digits and single hyphens, beginning with a letter (is "postgres--2")',
        ],
    },
    {
        name: "a cluster's name that RDS refuses",
        change: { cluster: { kind: "eks", name: "spywatcher--prod" } },
        expected: [
            'spywatcher:cluster.name: must have no two hyphens in a row: the data stores are called after it (is "spywatcher--prod")',
        ],
    },
    {
        name: "a version of the other engine",
        change: redis({ engineVersion: "7.1" }),
        expected: [
            'spywatcher:data.redis.engineVersion: must be one of 8.2, 8.1, 8.0, 7.2 with engine valkey (is "7.1")',
        ],
    },
    {
        name: "an auth token that ElastiCache refuses",
        change: { secrets: { redisPassword: "not_a_real_token" } },
        expected: [
            "spywatcher:secrets.redisPassword: must have only letters, digits and hyphens with data.kind aws: ElastiCache refuses . _ ~ (is a secret of 16 characters)",
        ],
    },
    {
        name: "passwords that are too long",
        change: { secrets: { postgresPassword: "x".repeat(129), redisPassword: "x".repeat(129) } },
        expected: ["postgresPassword", "redisPassword"].map(
            (key) =>
                `spywatcher:secrets.${key}: must have at most 128 characters with data.kind aws (is a secret of 129 characters)`,
        ),
    },
    {
        name: "another role without its password",
        change: postgres({ user: "spywatcher_b" }),
        expected: [
            "spywatcher:secrets.postgresUserPassword: is required: data.postgres.user is spywatcher_b, not spywatcher",
        ],
    },
    {
        name: "a password without its role",
        change: { secrets: { postgresUserPassword: "not-a-real-password" } },
        expected: [
            "spywatcher:secrets.postgresUserPassword: must be absent: only with data.kind aws and another data.postgres.user than spywatcher it is used (is a secret of 19 characters)",
        ],
    },
    {
        name: "database subnets whose networks are unknown",
        change: {
            network: {
                kind: "existing",
                vpcId: "vpc-0123456789abcdef0",
                publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
                privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
                databaseSubnetIds: ["subnet-00000005", "subnet-00000006"],
                loadBalancerCidrs: ["10.9.0.0/24"],
            },
        },
        expected: [
            "spywatcher:network.databaseCidrs: is required with data.kind aws: the network policies let pods reach the database subnets alone",
        ],
    },
    {
        name: "an address that is none",
        change: { alarms: { emails: ["on-call"] } },
        expected: ['spywatcher:alarms.emails[0]: must be an e-mail address (is "on-call")'],
    },
];

describe("the configuration of data in AWS", () => {
    for (const { name, change, expected, stack } of cases) {
        it(`refuses ${name}`, () => {
            assert.deepEqual(problems(change, stack), expected);
        });
    }

    it("takes one zone, one node and no backups in dev", () => {
        assert.deepEqual(problems(postgres({ multiAz: false, backupRetentionDays: 0 }), "dev"), []);
        assert.deepEqual(problems(redis({ nodes: 1 }), "dev"), []);
    });

    it("takes data in the cluster, and data that exists, with a cluster in AWS", () => {
        assert.deepEqual(problems({ data: { kind: "in-cluster" } }, "dev"), []);
        const at = (host: string) => ({ host, cidrs: ["10.9.0.0/24"] });
        assert.deepEqual(
            problems({
                data: { kind: "external", postgres: at("db.example.com"), redis: at("cache.example.com") },
            }),
            [],
        );
    });
});
