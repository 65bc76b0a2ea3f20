import assert from "node:assert/strict";

import type { OpType } from "@pulumi/pulumi/automation/index.js";

import { exitCodes } from "../../../ops/exitCodes.ts";
import { OperationError } from "../../../ops/errors.ts";
import type { PlannedStep } from "../../../ops/engine/events.ts";
import { assertAllowed } from "../../../ops/engine/guard.ts";
import { planOf } from "../../support/plans.ts";

function step(op: OpType, type: string, name: string, because: string[] = []): PlannedStep {
    return { op, type, because, urn: `urn:pulumi:prod::spywatcher::${type}::${name}` };
}

const database = "aws:rds/instance:Instance";
const deployment = "kubernetes:apps/v1:Deployment";

function refusal(steps: PlannedStep[], allowed: string[] = []): string {
    try {
        assertAllowed(steps, allowed);
    } catch (error) {
        assert.ok(error instanceof OperationError);
        assert.equal(error.exitCode, exitCodes.refused);
        return error.message;
    }
    return assert.fail("it is allowed");
}

describe("the guard of production", () => {
    it("lets pass what is created, updated or unchanged, and the deletion of what holds nothing", () => {
        assertAllowed(
            [
                step("create", database, "postgres"),
                step("update", deployment, "backend"),
                step("same", "aws:ec2/vpc:Vpc", "vpc"),
                step("delete", "kubernetes:core/v1:ConfigMap", "settings"),
                step("replace", "kubernetes:batch/v1:Job", "schema"),
            ],
            [],
        );
    });

    it("names each resource once, with what forces it, and the options that allow it", () => {
        const steps = [
            step("create-replacement", database, "postgres", ["identifier"]),
            step("replace", database, "postgres", ["identifier"]),
            step("delete-replaced", database, "postgres"),
            step("delete", deployment, "backend"),
        ];
        assert.equal(
            refusal(steps),
            [
                "Nothing was changed: this would replace or delete what holds data or serves traffic.",
                "  replace aws:rds/instance:Instance postgres because of identifier",
                "  delete kubernetes:apps/v1:Deployment backend",
                "If that is meant, allow it by name:",
                "  --allow-replace 'urn:pulumi:prod::spywatcher::aws:rds/instance:Instance::postgres'",
                "  --allow-replace 'urn:pulumi:prod::spywatcher::kubernetes:apps/v1:Deployment::backend'",
            ].join("\n"),
        );
    });

    it("lets pass exactly what is allowed by its URN", () => {
        const [first, second] = [
            step("delete", deployment, "backend"),
            step("delete", deployment, "frontend"),
        ];
        assertAllowed([first, second], [first.urn, second.urn]);
        assert.match(
            refusal([first, second], [first.urn]),
            /^ {2}delete kubernetes:apps\/v1:Deployment frontend$/m,
        );
        assert.doesNotMatch(refusal([first, second], [first.urn]), /backend/);
    });

    it("knows types that there are, but for the VPC and the cluster, which remote components make", async () => {
        const { resources } = await planOf("prod");
        const replaced = resources.map(({ urn, type }) => ({
            op: "replace" as const,
            urn,
            type,
            because: [],
        }));
        const types = [...refusal(replaced).matchAll(/^ {2}replace (\S+)/gm)].map(([, type]) => type);
        assert.deepEqual([...new Set(types)].sort(), [
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "aws:kms/key:Key",
            "aws:rds/instance:Instance",
            "aws:s3/bucket:Bucket",
            "kubernetes:apps/v1:Deployment",
            "kubernetes:core/v1:Namespace",
            "kubernetes:core/v1:Service",
            "kubernetes:networking.k8s.io/v1:Ingress",
        ]);
    });
});
