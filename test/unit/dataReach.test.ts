import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { ancestors, planOf, resource } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const ruleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const instance = (plan: Plan) => byName(plan, "aws:rds/instance:Instance", "data-postgres");
const group = (plan: Plan) => byName(plan, "aws:elasticache/replicationGroup:ReplicationGroup", "data-redis");

describe("the way to the data stores", () => {
    for (const stack of ["dev", "prod"]) {
        it(`in ${stack} is open to the nodes' security group alone`, async () => {
            const plan = await planOf(stack);
            assert.deepEqual(
                ofType(plan, ruleType).map(({ inputs }) => inputs),
                [
                    ["data-postgres-id", 5432],
                    ["data-redis-id", 6379],
                ].map(([securityGroupId, port]) => ({
                    securityGroupId,
                    referencedSecurityGroupId: "sg-clustercontrolplane",
                    ipProtocol: "tcp",
                    fromPort: port,
                    toPort: port,
                    description: "Pods of the cluster",
                })),
            );
            for (const name of ["data-postgres", "data-redis"]) {
                const { inputs } = byName(plan, "aws:ec2/securityGroup:SecurityGroup", name);
                assert.deepEqual(Object.keys(inputs).sort(), ["description", "tags", "vpcId"]);
                assert.equal(inputs["vpcId"], "vpc-networkvpc");
            }
            const others = plan.resources.filter(
                ({ type }) =>
                    /SecurityGroup\w*Rule$/i.test(type) && type !== ruleType && type.startsWith("aws:"),
            );
            assert.deepEqual(others, []);
        });
    }

    it("leads into the subnets without a way out", async () => {
        const plan = await planOf("prod");
        const subnetIds = [1, 2, 3].map((zone) => `subnet-networkvpcdatabase${zone}`);
        for (const [type, name] of [
            ["aws:rds/subnetGroup:SubnetGroup", "data-postgres-subnets"],
            ["aws:elasticache/subnetGroup:SubnetGroup", "data-redis-subnets"],
        ] as const) {
            assert.deepEqual(byName(plan, type, name).inputs["subnetIds"], subnetIds);
        }
    });
});

describe("the order of the data stores", () => {
    for (const stack of ["dev", "prod"]) {
        it(`in ${stack} keeps neither waiting for the cluster`, async () => {
            const plan = await planOf(stack);
            const cluster = byName(plan, "eks:index:Cluster", "cluster-control-plane");
            for (const store of [instance(plan), group(plan)]) {
                assert.equal(comesAfter(plan, store, cluster), false, store.urn);
                assert.ok(comesAfter(plan, store, byName(plan, "awsx:ec2:Vpc", "network-vpc")), store.urn);
            }
        });

        it(`in ${stack} makes log groups, keys and parameters first`, async () => {
            const plan = await planOf(stack);
            const key = byName(plan, "aws:kms/key:Key", "data-key");
            for (const [store, kind] of [
                [instance(plan), "postgres"],
                [group(plan), "redis"],
            ] as const) {
                const earlier = plan.resources.filter(
                    ({ name, type }) =>
                        name.startsWith(`data-${kind}-`) &&
                        /(LogGroup|ParameterGroup|SubnetGroup)$/.test(type),
                );
                assert.equal(earlier.length, 4);
                for (const each of [...earlier, key]) assert.ok(comesAfter(plan, store, each), each.urn);
            }
        });

        it(`in ${stack} starts schema job and backend when both can be reached`, async () => {
            const plan = await planOf(stack);
            for (const later of [
                byName(plan, "kubernetes:batch/v1:Job", "app-schema-job"),
                resource(plan, "Deployment", "spywatcher-backend"),
            ]) {
                const before = ancestors(plan, later);
                for (const each of [instance(plan), group(plan), ...ofType(plan, ruleType)]) {
                    assert.ok(before.has(each.urn), `${later.urn} after ${each.urn}`);
                }
            }
            const frontend = ancestors(plan, resource(plan, "Deployment", "spywatcher-frontend"));
            assert.equal(frontend.has(instance(plan).urn), false);
        });

        it(`in ${stack} takes the rules away before the cluster's security group`, async () => {
            const plan = await planOf(stack);
            const cluster = byName(plan, "eks:index:Cluster", "cluster-control-plane");
            for (const rule of ofType(plan, ruleType)) assert.ok(comesAfter(plan, rule, cluster));
        });
    }
});
