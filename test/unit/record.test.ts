import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { record } from "../../ops/plan/record.ts";

class Thing extends pulumi.CustomResource {
    declare readonly size: pulumi.Output<number>;

    constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
        super("test:index:Thing", name, inputs, opts);
    }
}

class Group extends pulumi.ComponentResource {
    constructor(name: string) {
        super("test:index:Group", name);
        new Thing(`${name}-inner`, {}, { parent: this });
        this.registerOutputs();
    }
}

const urn = (name: string, type = "test:index:Thing") => `urn:pulumi:test::project::${type}::${name}`;

describe("record", () => {
    it("shows what mocks alone cannot: dependencies and options", async () => {
        const plan = await record("project", "test", () => {
            const first = new Thing("first", { size: 1 });
            const second = new Thing("second", {});
            new Thing(
                "third",
                { size: first.size },
                {
                    dependsOn: second,
                    protect: true,
                    ignoreChanges: ["size"],
                    retainOnDelete: true,
                    deletedWith: second,
                    aliases: [{ name: "old" }],
                    customTimeouts: { create: "20m" },
                },
            );
            return { size: first.size };
        });
        assert.deepEqual(plan.resources.at(-1), {
            urn: urn("third"),
            type: "test:index:Thing",
            name: "third",
            custom: true,
            parent: "urn:pulumi:test::project::pulumi:pulumi:Stack::project-test",
            provider: null,
            inputs: { size: 1 },
            dependsOn: [urn("first"), urn("second")],
            protect: true,
            ignoreChanges: ["size"],
            aliases: ["old"],
            retainOnDelete: true,
            deletedWith: urn("second"),
            customTimeouts: { create: "20m" },
        });
        assert.deepEqual(plan.outputs, { size: 1 });
    });

    it("names resources by the types of all their parents", async () => {
        const plan = await record("project", "test", () => {
            new Group("group");
        });
        assert.deepEqual(
            plan.resources.map((each) => each.urn),
            [
                "urn:pulumi:test::project::pulumi:pulumi:Stack::project-test",
                urn("group", "test:index:Group"),
                urn("group-inner", "test:index:Group$test:index:Thing"),
            ],
        );
    });

    it("conceals secrets, keeping the keys of a secret object", async () => {
        const plan = await record("project", "test", () => {
            new Thing("thing", {
                plain: "seen",
                password: pulumi.secret("canary"),
                map: pulumi.secret({ a: "canary", b: ["canary"] }),
                derived: pulumi.secret("canary").apply((value) => `${value}!`),
            });
            return { password: pulumi.secret("canary") };
        });
        assert.deepEqual(plan.resources.at(-1)?.inputs, {
            plain: "seen",
            password: "[secret]",
            map: { a: "[secret]", b: "[secret]" },
            derived: "[secret]",
        });
        assert.deepEqual(plan.outputs, { password: "[secret]" });
    });

    it("fails when two resources have one name", async () => {
        await assert.rejects(
            record("project", "test", () => {
                new Thing("thing", {});
                new Thing("thing", {});
            }),
            new RegExp(`the program registers ${RegExp.escape(urn("thing"))} twice`),
        );
    });

    it("fails when the program asks the cloud", async () => {
        await assert.rejects(
            record("project", "test", () => pulumi.runtime.invoke("aws:index/getRegion:getRegion", {})),
            /the program asks the cloud \(aws:index\/getRegion:getRegion\); a plan has none to ask/,
        );
    });

    it("fails when an input fails", async () => {
        await assert.rejects(
            record("project", "test", () => {
                new Thing("thing", { size: pulumi.output(Promise.reject(new Error("no size"))) });
            }),
            /no size/,
        );
    });
});
