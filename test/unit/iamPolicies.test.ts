import assert from "node:assert/strict";

import { managedPolicyLimit, type Statement, trustPolicyLimit } from "../../infra/aws/policyDocument.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { planOf } from "../support/plans.ts";

interface Document {
    /** Name of the resource and of the input. */
    where: string;
    kind: "identity" | "trust" | "resource";
    text: string;
    statements: Statement[];
}

const inputs: Record<string, Record<string, Document["kind"]>> = {
    "aws:iam/role:Role": { assumeRolePolicy: "trust" },
    "aws:iam/policy:Policy": { policy: "identity" },
    "aws:iam/rolePolicy:RolePolicy": { policy: "identity" },
    "aws:kms/key:Key": { policy: "resource" },
    "aws:s3/bucketPolicy:BucketPolicy": { policy: "resource" },
    "aws:sqs/queuePolicy:QueuePolicy": { policy: "resource" },
};

/** Every policy document of a plan. */
function documents(plan: Plan): Document[] {
    return plan.resources.flatMap((resource) =>
        Object.entries(inputs[resource.type] ?? {}).map(([input, kind]) => {
            const text = String(resource.inputs[input]);
            const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
            return { where: `${resource.name} ${input}`, kind, text, statements };
        }),
    );
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
    value === undefined ? [] : typeof value === "string" ? [value] : value;

/** Statements that may have `*` as resource without a condition, by what they allow, and why. */
const withoutResource: Record<string, string> = {
    "pricing:GetProducts": "the price list has no resources",
    "iam:ListInstanceProfiles": "a list has no resource, and names no secrets",
    "iam:ListServerCertificates": "a list has no resource, and names no secrets",
};

/** Statements that may have a `*` action. */
const wholeService: Record<string, string> = Object.fromEntries(
    ["log-key", "secrets-key", "alerts-key", "data-key"].map((key) => [
        `${key} policy Account`,
        "a key that no policy of the account can change is lost for ever (AWS KMS)",
    ]),
);

function tooWide(document: Document): string[] {
    return document.statements.flatMap((statement) => {
        // What a Deny covers cannot be too much.
        if (statement.Effect === "Deny") return [];
        const where = `${document.where} ${statement.Sid ?? ""}`.trimEnd();
        const actions = list(statement.Action);
        const problems = actions
            .filter((action) => /^\*$|:\*$/.test(action) && !(where in wholeService))
            .map((action) => `${where}: ${action}`);
        const everything = list(statement.Resource).includes("*") && statement.Condition === undefined;
        // In a key policy * is the key.
        if (document.kind === "identity" && everything) {
            const unexplained = actions.filter((action) => !(action in withoutResource));
            problems.push(...unexplained.map((action) => `${where}: ${action} on *`));
        }
        return problems;
    });
}

describe("IAM policy documents", () => {
    for (const stack of ["dev", "prod"]) {
        it(`of ${stack} allow no whole service, and nothing on everything`, async () => {
            const all = documents(await planOf(stack));
            assert.deepEqual(all.flatMap(tooWide), []);
        });

        it(`of ${stack} are within AWS's limits`, async () => {
            for (const { where, kind, text } of documents(await planOf(stack))) {
                const limit = kind === "trust" ? trustPolicyLimit : managedPolicyLimit;
                assert.ok(text.length <= limit, `${where}: ${text.length}`);
            }
        });

        it(`of ${stack} trust services of AWS alone`, async () => {
            const trusts = documents(await planOf(stack)).filter(({ kind }) => kind === "trust");
            assert.ok(trusts.length >= 4);
            for (const { where, statements } of trusts) {
                for (const { Principal } of statements) {
                    assert.ok(typeof Principal === "object", where);
                    assert.deepEqual(Object.keys(Principal), ["Service"], where);
                }
            }
        });
    }

    it("of prod let nobody but services of AWS use a queue or a bucket", async () => {
        const ofResources = documents(await planOf("prod")).filter(
            ({ kind, where }) => kind === "resource" && !where.includes("-key "),
        );
        assert.deepEqual(
            ofResources.map(({ where }) => where),
            ["access-logs-policy policy", "karpenter-interruption-queue policy"],
        );
        for (const { where, statements } of ofResources) {
            for (const { Effect, Principal } of statements) {
                if (Effect === "Deny") continue;
                assert.ok(typeof Principal === "object", where);
                assert.deepEqual(Object.keys(Principal), ["Service"], where);
            }
        }
    });

    it("are refused when they are too wide", () => {
        const document = (statement: Statement): Document => ({
            where: "x policy",
            kind: "identity",
            text: "",
            statements: [statement],
        });
        const wide = { Effect: "Allow", Action: ["s3:*", "s3:GetObject"], Resource: "*" } as const;
        assert.deepEqual(tooWide(document(wide)), [
            "x policy: s3:*",
            "x policy: s3:* on *",
            "x policy: s3:GetObject on *",
        ]);
        assert.deepEqual(
            tooWide(document({ ...wide, Action: "s3:GetObject", Condition: { Bool: { "aws:x": "true" } } })),
            [],
        );
    });

    it("hold no output that was printed into a text", async () => {
        for (const { where, text } of documents(await planOf("prod"))) {
            assert.doesNotMatch(text, /Calling \[toString\]|\[object Object\]|undefined/, where);
        }
    });
});

describe("every input of every resource", () => {
    for (const stack of ["local", "dev", "prod"]) {
        it(`of ${stack} is free of outputs printed into a text`, async () => {
            for (const { urn, inputs: all } of (await planOf(stack)).resources) {
                assert.doesNotMatch(JSON.stringify(all), /Calling \[toString\]|\[object Object\]/, urn);
            }
        });
    }
});
