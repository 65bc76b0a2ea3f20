import assert from "node:assert/strict";

import { object, planOf, resource } from "../support/plans.ts";
import { release, releaseValues } from "../support/releases.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

const stack = "kube-prometheus-stack";
const identity = "monitoring-grafana-identity";
const off = { monitoring: { grafana: { enabled: false } } } as const;

function json(text: unknown): any {
    return JSON.parse(String(text));
}

describe("Grafana's role", () => {
    it("reads metrics of the region and finds the load balancer, and nothing else", async () => {
        const policy = byName(await planOf("prod"), "aws:iam/policy:Policy", `${identity}-metrics`);
        assert.equal(policy.inputs["name"], "spywatcher-prod-grafana-metrics");
        assert.deepEqual(json(policy.inputs["policy"]), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ReadMetrics",
                    Effect: "Allow",
                    Action: ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"],
                    Resource: "*",
                    Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
                },
            ],
        });
    });

    it("has that one policy, and is Grafana's service account's of this cluster alone", async () => {
        const plan = await planOf("prod");
        const attached = ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(
            ({ name }) => name.startsWith(identity),
        );
        assert.deepEqual(
            attached.map(({ name }) => name),
            [`${identity}-metrics`],
        );
        const role = byName(plan, "aws:iam/role:Role", `${identity}-role`).inputs;
        assert.equal(role["name"], "spywatcher-prod-grafana");
        assert.deepEqual(json(role["assumeRolePolicy"]).Statement, [
            {
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:SourceAccount": "123456789012",
                        "aws:RequestTag/kubernetes-namespace": "monitoring",
                        "aws:RequestTag/kubernetes-service-account": "kube-prometheus-stack-grafana",
                    },
                    ArnEquals: {
                        "aws:SourceArn": "arn:aws:eks:us-east-1:123456789012:cluster/spywatcher-prod",
                    },
                },
            },
        ]);
        const { namespace, serviceAccount } = byName(
            plan,
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            `${identity}-association`,
        ).inputs;
        assert.deepEqual([namespace, serviceAccount], ["monitoring", "kube-prometheus-stack-grafana"]);
    });

    it("is the pod's before the pod starts", async () => {
        for (const name of ["dev", "prod"]) {
            const plan = await planOf(name);
            for (const earlier of [
                byName(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", `${identity}-metrics`),
                byName(
                    plan,
                    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                    `${identity}-association`,
                ),
            ])
                assert.ok(comesAfter(plan, release(plan, stack), earlier), earlier.name);
        }
    });

    it("is there where there is a Grafana in AWS", async () => {
        const local = {
            monitoring: { enabled: true, existingDefinitions: false },
            secrets: { grafanaAdminPassword: "a-password-of-20-chr" },
        } as const;
        for (const [name, change] of [
            ["prod", off],
            ["local", local],
        ] as const) {
            const plan = await planOf(name, change);
            assert.deepEqual(
                plan.resources.filter((each) => each.name.startsWith(identity)),
                [],
            );
            assert.equal(releaseValues(plan, stack).grafana.additionalDataSources, undefined);
            assert.doesNotMatch(
                JSON.stringify(object(plan, "NetworkPolicy", "grafana").spec.egress),
                /169\.254|0\.0\.0\.0/,
            );
        }
    });
});

describe("Grafana's data source of CloudWatch", () => {
    it("asks in the stack's region", async () => {
        const plan = await planOf("prod", {
            aws: { region: "eu-west-1" },
            network: { availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
        });
        const [{ jsonData }] = releaseValues(plan, stack).grafana.additionalDataSources;
        assert.deepEqual(jsonData, { authType: "default", defaultRegion: "eu-west-1" });
        const { policy } = byName(plan, "aws:iam/policy:Policy", `${identity}-metrics`).inputs;
        assert.deepEqual(json(policy).Statement[0].Condition, {
            StringEquals: { "aws:RequestedRegion": "eu-west-1" },
        });
    });

    it("is in the namespace of monitoring, whatever its name", async () => {
        const plan = await planOf("prod", { monitoring: { namespace: "watch" } });
        assert.equal(
            byName(plan, "aws:eks/podIdentityAssociation:PodIdentityAssociation", `${identity}-association`)
                .inputs["namespace"],
            "watch",
        );
        assert.ok(comesAfter(plan, release(plan, stack), resource(plan, "Namespace", "watch")));
    });
});
