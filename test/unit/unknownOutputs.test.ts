import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { planOf, stacks } from "../support/plans.ts";

/** Paths of all values in the inputs of a resource. Secrets and unknowns are leaves. */
function paths(value: unknown, prefix = ""): string[] {
    if (typeof value !== "object" || value === null) return [prefix];
    return Object.entries(value).flatMap(([key, each]) => paths(each, `${prefix}.${key}`));
}

/** Inputs that one plan has, by resource, whose path or a part of it the other one lacks. */
function vanished(withUnknowns: Plan, withOutputs: Plan): string[] {
    const known = new Map(withOutputs.resources.map(({ urn, inputs }) => [urn, paths(inputs)]));
    return withUnknowns.resources.flatMap(({ urn, inputs }) => {
        const there = known.get(urn);
        if (!there) return [urn];
        return (
            paths(inputs)
                // An unknown object or list is one leaf; known, it has leaves below.
                .filter((path) => !there.some((each) => each === path || each.startsWith(`${path}.`)))
                .map((path) => `${urn}${path}`)
        );
    });
}

describe("a new environment, in whose first preview nothing of the cloud is known", () => {
    for (const stack of stacks) {
        it(`has the same resources in ${stack} as later`, async () => {
            const unknown = await planOf(stack, {}, { unknown: true });
            const known = await planOf(stack);
            const urns = (plan: Plan): string[] => plan.resources.map(({ urn }) => urn).sort();
            assert.deepEqual(urns(unknown), urns(known));
        });

        it(`loses no input in ${stack} once outputs are known`, async () => {
            const unknown = await planOf(stack, {}, { unknown: true });
            assert.deepEqual(vanished(unknown, await planOf(stack)), []);
        });
    }

    it("shows an input that an output without a value would take away", async () => {
        const unknown = await planOf("prod", {}, { unknown: true });
        const known = structuredClone(await planOf("prod"));
        const flowLog = known.resources.find(({ type }) => type === "aws:ec2/flowLog:FlowLog");
        assert.ok(flowLog);
        Reflect.deleteProperty(flowLog.inputs, "vpcId");
        assert.deepEqual(vanished(unknown, known), [`${flowLog.urn}.vpcId`]);
    });

    it("knows what belongs to the cloud in no preview", async () => {
        const unknown = await planOf("prod", {}, { unknown: true });
        const group = unknown.resources.find(({ type }) => type === "aws:eks/nodeGroup:NodeGroup");
        assert.equal(group?.inputs["nodeRoleArn"], "[unknown]");
        assert.equal(unknown.outputs["vpcId"], "[unknown]");
    });
});
