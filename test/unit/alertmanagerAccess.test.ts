import assert from "node:assert/strict";

import { object, planOf } from "../support/plans.ts";
import { release, releaseValues } from "../support/releases.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";
import { everyone } from "../support/routing.ts";

const chart = "kube-prometheus-stack";
const alertmanager = async (stack: string) => releaseValues(await planOf(stack), chart).alertmanager;
const topicArn = "arn:aws:sns:us-east-1:123456789012:spywatcher-prod-alerts";

describe("Alertmanager's role", () => {
    it("may publish to the one topic, which its key encrypts", async () => {
        const plan = await planOf("prod");
        const [policy] = ofType(plan, "aws:iam/policy:Policy").filter(({ inputs }) =>
            String(inputs["name"]).startsWith("spywatcher-prod-alertmanager"),
        );
        assert.equal(policy?.inputs["name"], "spywatcher-prod-alertmanager-topic");
        assert.deepEqual(JSON.parse(String(policy.inputs["policy"])), {
            Version: "2012-10-17",
            Statement: [
                { Effect: "Allow", Action: "sns:Publish", Resource: topicArn },
                {
                    Effect: "Allow",
                    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                    Resource: "arn:aws:kms:us-east-1:123456789012:key/*",
                    Condition: {
                        "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/spywatcher-prod-alerts" },
                    },
                },
            ],
        });
    });

    it("is there before the pods, which are made anew with it", async () => {
        const plan = await planOf("prod");
        const association = byName(
            plan,
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "monitoring-alertmanager-identity-association",
        );
        const { namespace, serviceAccount } = association.inputs;
        assert.deepEqual([namespace, serviceAccount], ["monitoring", "alertmanager"]);
        assert.ok(comesAfter(plan, release(plan, chart), association));
        const { serviceAccount: account, alertmanagerSpec } = await alertmanager("prod");
        assert.deepEqual(account, { name: "alertmanager" });
        const role = byName(plan, "aws:iam/role:Role", "monitoring-alertmanager-identity-role");
        assert.equal(role.inputs["name"], "spywatcher-prod-alertmanager");
        assert.deepEqual(Object.keys(alertmanagerSpec.podMetadata.annotations as object), [
            "spywatcher/role",
        ]);
    });

    it("is made for a receiver of kind sns alone", async () => {
        const names = ofType(await planOf("dev"), "aws:iam/role:Role").map(({ inputs }) => inputs["name"]);
        assert.equal(names.includes("spywatcher-dev-alertmanager"), false);
        assert.equal("podMetadata" in (await alertmanager("dev")).alertmanagerSpec, false);
    });
});

describe("Alertmanager's way out", () => {
    const egress = async (stack: string, change = {}) =>
        object(await planOf(stack, change), "NetworkPolicy", "alertmanager").spec.egress.slice(2);
    const agent = {
        to: [{ ipBlock: { cidr: "169.254.170.23/32" } }],
        ports: [{ protocol: "TCP", port: 80 }],
    };

    it("leads to the agent with the role's credentials where there is a role", async () => {
        assert.deepEqual(await egress("prod"), [agent]);
        assert.deepEqual(await egress("dev"), []);
    });

    it("leads to mail servers, inside or outside, on their port", async () => {
        assert.deepEqual(await egress("prod", everyone), [
            {
                to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["127.0.0.0/8", "169.254.0.0/16"] } }],
                ports: [{ protocol: "TCP", port: 587 }],
            },
            agent,
        ]);
    });
});
