import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { problems } from "../support/configProblems.ts";
import { object, objects, planOf } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const mixed = (postgres: object, redis: object, more: object = {}) => ({
    data: { kind: "mixed", postgres, redis, ...more },
});
const rds = { kind: "aws", multiAz: true };
const elastiCache = { kind: "aws", nodes: 2 };
const inCluster = { kind: "in-cluster" };
const external = { kind: "external", host: "data.example.com", cidrs: ["10.9.0.0/16"] };

const planMixed = (...args: Parameters<typeof mixed>): Promise<Plan> =>
    planOf("prod", mixed(...args) as Parameters<typeof planOf>[1]);

const instanceType = "aws:rds/instance:Instance";
const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
const made = (plan: Plan): string[] => [
    ...ofType(plan, instanceType).map(({ name }) => name),
    ...ofType(plan, groupType).map(({ name }) => name),
    ...objects(plan, "StatefulSet").map(({ metadata }) => metadata.name),
];

describe("data stores of different kinds", () => {
    it("are made each in its place", async () => {
        assert.deepEqual(made(await planMixed(rds, inCluster)), ["data-postgres", "redis"]);
        assert.deepEqual(made(await planMixed(inCluster, elastiCache)), ["data-redis", "postgres"]);
        assert.deepEqual(made(await planMixed(external, elastiCache)), ["data-redis"]);
        assert.deepEqual(made(await planMixed(rds, external)), ["data-postgres"]);
        assert.deepEqual(made(await planMixed(rds, elastiCache)), ["data-postgres", "data-redis"]);
    });

    it("have the rules, alarms and outputs of what is in AWS only", async () => {
        const plan = await planMixed(rds, inCluster);
        const names = (type: string) =>
            ofType(plan, type)
                .map(({ name }) => name)
                .filter((name) => name.startsWith("data-"));
        assert.deepEqual(names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), [
            "data-postgres-from-nodes",
        ]);
        assert.deepEqual(
            names("aws:cloudwatch/metricAlarm:MetricAlarm"),
            ["connections", "cpu", "storage", "transaction-ids"].map((what) => `data-postgres-${what}`),
        );
        assert.ok("postgresSecretArn" in plan.outputs);
        assert.equal("redisSecretArn" in plan.outputs, false);
    });

    it("are both waited for, and both reached", async () => {
        const plan = await planMixed(rds, inCluster);
        const backend = byName(plan, "kubernetes:apps/v1:Deployment", "app-backend-deployment");
        const [redis] = ofType(plan, "kubernetes:apps/v1:StatefulSet");
        assert.ok(redis);
        for (const store of [byName(plan, instanceType, "data-postgres"), redis]) {
            assert.ok(comesAfter(plan, backend, store));
        }
        const { egress } = object(plan, "NetworkPolicy", "spywatcher-backend").spec;
        assert.deepEqual(
            egress.slice(1, 3).map(({ to, ports }: any) => [Object.keys(to[0])[0], ports[0].port]),
            [
                ["ipBlock", 5432],
                ["podSelector", 6379],
            ],
        );
    });

    it("are the same resources as with one kind for both, so that a store can move by itself", async () => {
        const urns = (plan: Plan): (string | undefined)[] => [
            ofType(plan, instanceType)[0]?.urn,
            ofType(plan, groupType)[0]?.urn,
        ];
        assert.deepEqual(urns(await planMixed(rds, elastiCache)), urns(await planOf("prod")));
    });
});

describe("the configuration of data stores of different kinds", () => {
    it("takes each kind for each", () => {
        for (const postgres of [rds, inCluster, external]) {
            for (const redis of [elastiCache, inCluster, external]) {
                assert.deepEqual(problems(mixed(postgres, redis)), []);
            }
        }
    });

    it("refuses an unknown kind, keys of another, and mixing in what is mixed", () => {
        const kinds = 'must be "in-cluster", "external" or "aws"';
        assert.deepEqual(problems(mixed({ kind: "rds" }, { kind: "mixed" })), [
            `spywatcher:data.postgres.kind: ${kinds} (is "rds")`,
            `spywatcher:data.redis.kind: ${kinds} (is "mixed")`,
        ]);
        assert.deepEqual(problems(mixed({ ...inCluster, multiAz: true }, elastiCache)), [
            "spywatcher:data.postgres.multiAz: unknown key; allowed here: kind, storage, storageClassName",
        ]);
    });

    it("checks of each what is checked of it alone", () => {
        assert.deepEqual(problems(mixed({ kind: "aws" }, inCluster)), [
            "spywatcher:data.postgres.multiAz: must be true in prod: without a standby the loss of a zone stops the application",
        ]);
        assert.deepEqual(problems(mixed(inCluster, { kind: "aws" })), [
            "spywatcher:data.redis.nodes: must be at least 2 in prod: with one node nothing takes over when it fails",
        ]);
        assert.deepEqual(
            problems({ ...mixed(inCluster, elastiCache), secrets: { redisPassword: "not~a~real~password" } }),
            [
                "spywatcher:secrets.redisPassword: must have only letters, digits and hyphens with data.redis.kind aws: ElastiCache refuses . _ ~ (is a secret of 19 characters)",
            ],
        );
    });

    it("counts the connections of the PostgreSQL that is used", () => {
        assert.deepEqual(problems(mixed(external, elastiCache, { maxConnections: 50 })), [
            "spywatcher:data.connectionLimit: 16 processes at most (replicas, surge, pods that drain, bot, schema job) need 80 connections, but PostgreSQL gives 47 (maxConnections 50 less 3 for superusers); at most 2 is allowed",
        ]);
        assert.deepEqual(problems(mixed(rds, external, { maxConnections: 50 })), []);
    });

    it("has nothing in AWS with a cluster that exists already", () => {
        assert.deepEqual(problems(mixed(inCluster, elastiCache, { maxConnections: 200 }), "local"), [
            'spywatcher:data.redis.kind: must be in-cluster or external with a cluster that exists already (is "aws")',
        ]);
    });
});
