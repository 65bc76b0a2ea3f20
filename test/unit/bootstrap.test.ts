import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { managedPolicyLimit, trustPolicyLimit } from "../../infra/aws/policyDocument.ts";
import { deploySessionSeconds } from "../../infra/delivery/deliveryRoles.ts";
import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { readStackFile } from "../../ops/stackFile.ts";
import { ConfigError } from "../../stacks/problems.ts";
import { bootstrapConfig, bootstrapPlan, rawBootstrapConfig } from "../support/bootstrapping.ts";
import { projectFolder } from "../support/plans.ts";

const subject = "repo:example-org@1234567/spywatcher-infrastructure@987654321";

function problems(change: Record<string, unknown>): readonly string[] {
    try {
        bootstrapConfig(change);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}

function one(plan: Plan, name: string, type = ""): PlannedResource {
    const found = plan.resources.filter((each) => each.name === name && each.type.startsWith(type));
    assert.equal(found.length, 1, name);
    return found.at(0) ?? assert.fail(name);
}

function trust(plan: Plan, role: string): any {
    const policy = one(plan, `delivery-${role}`, "aws:iam/role").inputs["assumeRolePolicy"] as string;
    assert.ok(policy.length <= trustPolicyLimit);
    return JSON.parse(policy);
}

describe("bootstrap configuration", () => {
    it("has defaults", () => {
        const { github, roles, state, protect, deployers } = bootstrapConfig();
        assert.deepEqual(github, {
            subjects: [subject],
            branch: "main",
            tags: "v*",
            environments: ["dev", "prod"],
            createProvider: true,
        });
        assert.deepEqual(roles, {
            preview: "spywatcher-preview",
            deploy: "spywatcher-deploy",
            upgrade: "spywatcher-upgrade",
        });
        assert.deepEqual(state, {
            bucket: "spywatcher-state-123456789012",
            keyAlias: "spywatcher-state",
            oldVersionDays: 90,
        });
        assert.equal(protect, true);
        assert.deepEqual(deployers, []);
    });

    it("accepts subjects of older and newer repositories", () => {
        for (const prefix of [
            "repo:acme/infrastructure",
            "repo:Acme-1/infra.structure_2",
            "repo:acme@1/infrastructure@2",
        ]) {
            assert.deepEqual(problems({ github: { subjects: [prefix] } }), [], prefix);
        }
    });

    for (const [bad, why] of Object.entries({
        "*": "must name one repository: a wildcard would let others in",
        "repo:*": "must name one repository: a wildcard would let others in",
        "repo:acme/*": "must name one repository: a wildcard would let others in",
        "repo:acme/infra?tructure": "must name one repository: a wildcard would let others in",
        "repo:acme/infrastructure:*": "must name one repository: a wildcard would let others in",
        "repo:acme/infrastructure:environment:prod":
            "must end after the repository: which of its runs are trusted is added, as in :environment:prod",
        "repo:acme/infrastructure:pull_request":
            "must end after the repository: which of its runs are trusted is added, as in :environment:prod",
        "acme/infrastructure":
            "must be the beginning of a repository's subjects, such as repo:acme/infrastructure or repo:acme@123/infrastructure@456",
        "repo:acme":
            "must be the beginning of a repository's subjects, such as repo:acme/infrastructure or repo:acme@123/infrastructure@456",
        "repo:acme/infrastructure ":
            "must be the beginning of a repository's subjects, such as repo:acme/infrastructure or repo:acme@123/infrastructure@456",
        "repo:acme@1/infrastructure":
            "must have an id for both, the owner and the repository, or for neither",
        "repo:acme/infrastructure@2":
            "must have an id for both, the owner and the repository, or for neither",
    })) {
        it(`refuses the subject ${bad}`, () => {
            assert.deepEqual(problems({ github: { subjects: [bad] } }), [
                `spywatcher:github.subjects[0]: ${why} (is ${JSON.stringify(bad)})`,
            ]);
        });
    }

    it("tells of everything at once", () => {
        assert.deepEqual(
            problems({
                aws: { accountId: "1234" },
                github: {
                    subjects: ["repo:acme/*", "repo:acme/infrastructure"],
                    branch: "release/*",
                    tags: "*-v*",
                    environments: [],
                },
                clusters: ["spywatcher-dev", "spywatcher-dev", "Prod"],
                hostedZones: ["example.com"],
                roles: { deploy: "team/deploy" },
                state: { bucket: "State", keyAlias: "aws/state", oldVersionDays: 1 },
                protect: "yes",
                secrets: { token: "not-a-real-token" },
            }),
            [
                'spywatcher:aws.accountId: must be an AWS account id of 12 digits, in quotes (is "1234")',
                'spywatcher:github.subjects[0]: must name one repository: a wildcard would let others in (is "repo:acme/*")',
                'spywatcher:github.branch: must be a branch, without wildcards (is "release/*")',
                'spywatcher:github.tags: must be a tag, or the beginning of tags with * at its end, such as v* (is "*-v*")',
                "spywatcher:github.environments: must name at least one environment",
                'spywatcher:clusters[2]: must be a cluster\'s name as in `cluster.name` of its stack file (is "Prod")',
                'spywatcher:hostedZones[0]: must be the id of a Route 53 zone, such as Z0123456789EXAMPLE (is "example.com")',
                'spywatcher:roles.deploy: must be a name of an IAM role of at most 55 characters, without a path (is "team/deploy")',
                'spywatcher:state.bucket: must be 3–63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit (is "State")',
                'spywatcher:state.keyAlias: must be letters, digits, _, - and /, not beginning with aws/ (is "aws/state")',
                "spywatcher:state.oldVersionDays: must be from 7 to 3650 (is 1)",
                'spywatcher:protect: must be true or false (is "yes")',
                "spywatcher:secrets: unknown key; allowed here: aws, github, clusters, hostedZones, deployers, roles, state, protect",
            ],
        );
    });

    it("tells what does not fit together", () => {
        assert.deepEqual(
            problems({
                github: { subjects: [subject, subject], environments: ["dev", "prod", "dev"] },
                clusters: ["spywatcher-dev", "spywatcher-dev"],
                roles: { preview: "same", deploy: "same" },
            }),
            [
                `spywatcher:github.subjects[1]: must be named once (is "${subject}")`,
                'spywatcher:github.environments[2]: must be named once (is "dev")',
                'spywatcher:clusters[1]: must be named once (is "spywatcher-dev")',
                "spywatcher:roles: must have three different names",
            ],
        );
    });

    it("is not longer than AWS takes", () => {
        const subjects = Array.from({ length: 20 }, (_, index) => `repo:acme/infrastructure-${index}`);
        const [tooMany = "", ...rest] = problems({ github: { subjects } });
        assert.match(
            tooMany,
            /^spywatcher:github\.subjects: make a trust policy of \d{4} characters .* AWS takes 2048$/,
        );
        assert.deepEqual(rest, []);
        const clusters = Array.from({ length: 20 }, (_, index) => `spywatcher-${index}`);
        assert.match(
            problems({ clusters })[0] ?? "",
            /^spywatcher:clusters: make a policy of \d{4,5} characters .* AWS takes 6144: put some into another account$/,
        );
    });

    it("agrees with the stack files", () => {
        const config = bootstrapConfig();
        for (const stack of ["dev", "prod"]) {
            const file = readStackFile(projectFolder, stack).config;
            assert.ok(config.clusters.includes(file.cluster.name));
            assert.ok(config.hostedZones.includes(file.edge.hostedZone?.id ?? ""));
            assert.equal(config.aws.accountId, file.aws?.accountId);
            assert.equal(
                file.cluster.kind === "eks" && file.cluster.access.deployRole,
                `arn:aws:iam::123456789012:role/${config.roles.deploy}`,
            );
        }
        assert.deepEqual(Object.keys(rawBootstrapConfig()), [
            "aws",
            "github",
            "clusters",
            "hostedZones",
            "state",
        ]);
    });
});

describe("bootstrap", () => {
    let plan: Plan;

    before(async () => {
        plan = await bootstrapPlan();
    });

    const github = {
        Sid: "GithubActions",
        Effect: "Allow",
        Principal: {
            Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        },
        Action: "sts:AssumeRoleWithWebIdentity",
    };

    it("trusts for previews: pull requests of the repository, the branch and the tags", () => {
        assert.deepEqual(trust(plan, "preview"), {
            Version: "2012-10-17",
            Statement: [
                {
                    ...github,
                    Condition: {
                        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                        StringLike: {
                            "token.actions.githubusercontent.com:sub": [
                                `${subject}:pull_request`,
                                `${subject}:ref:refs/heads/main`,
                                `${subject}:ref:refs/tags/v*`,
                            ],
                        },
                    },
                },
            ],
        });
    });

    it("trusts for deployments: jobs of the environments, and the role itself", async () => {
        const own = {
            Sid: "Itself",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "sts:AssumeRole",
            Condition: {
                ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/spywatcher-deploy" },
            },
        };
        const deploy = {
            ...github,
            Condition: {
                StringEquals: {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": [
                        `${subject}:environment:dev`,
                        `${subject}:environment:prod`,
                    ],
                },
            },
        };
        assert.deepEqual(trust(plan, "deploy").Statement, [deploy, own]);
        const person = "arn:aws:iam::123456789012:role/platform";
        const withPeople = await bootstrapPlan({ deployers: [person] });
        assert.deepEqual(trust(withPeople, "deploy").Statement, [
            deploy,
            own,
            { Sid: "People", Effect: "Allow", Principal: { AWS: [person] }, Action: "sts:AssumeRole" },
        ]);
    });

    it("trusts for upgrades: the branch alone", () => {
        assert.deepEqual(trust(plan, "upgrade").Statement[0].Condition, {
            StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": [`${subject}:ref:refs/heads/main`],
            },
        });
    });

    it("makes the identity provider, unless the account has one", async () => {
        const type = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
        assert.deepEqual(
            plan.resources.filter((each) => each.type === type).map(({ inputs }) => inputs),
            [{ url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] }],
        );
        const without = await bootstrapPlan({ github: { createProvider: false } });
        assert.equal(
            without.resources.some((each) => each.type === type),
            false,
        );
        assert.deepEqual(trust(without, "deploy"), trust(plan, "deploy"));
    });

    it("keeps the state private, encrypted and versioned", () => {
        const bucket = "spywatcher-state-123456789012";
        const settings = plan.resources
            .filter(({ type }) => type.startsWith("aws:s3/"))
            .map(({ name, inputs, protect, retainOnDelete }) => [name, { inputs, protect, retainOnDelete }]);
        const kept = { protect: true, retainOnDelete: true };
        assert.deepEqual(Object.fromEntries(settings), {
            "state-bucket": {
                inputs: { bucket, tags: { Name: bucket } },
                protect: true,
                retainOnDelete: true,
            },
            "state-ownership": {
                inputs: { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
                ...kept,
            },
            "state-encryption": {
                inputs: {
                    bucket,
                    rules: [
                        {
                            applyServerSideEncryptionByDefault: {
                                sseAlgorithm: "aws:kms",
                                kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/state-key-id",
                            },
                            bucketKeyEnabled: true,
                        },
                    ],
                },
                ...kept,
            },
            "state-versioning": {
                inputs: { bucket, versioningConfiguration: { status: "Enabled" } },
                ...kept,
            },
            "state-lifecycle": {
                inputs: {
                    bucket,
                    rules: [
                        {
                            id: "old-versions",
                            status: "Enabled",
                            filter: { prefix: "" },
                            noncurrentVersionExpiration: { noncurrentDays: 90 },
                            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                        },
                        {
                            id: "backups",
                            status: "Enabled",
                            filter: { prefix: ".pulumi/backups/" },
                            expiration: { days: 90 },
                        },
                    ],
                },
                ...kept,
            },
            "state-public-access": {
                inputs: {
                    bucket,
                    blockPublicAcls: true,
                    blockPublicPolicy: true,
                    ignorePublicAcls: true,
                    restrictPublicBuckets: true,
                },
                ...kept,
            },
            "state-policy": {
                inputs: {
                    bucket,
                    policy: JSON.stringify({
                        Version: "2012-10-17",
                        Statement: [
                            {
                                Sid: "TlsOnly",
                                Effect: "Deny",
                                Principal: "*",
                                Action: "s3:*",
                                Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
                                Condition: { Bool: { "aws:SecureTransport": "false" } },
                            },
                        ],
                    }),
                },
                ...kept,
            },
        });
    });

    it("keeps the key, which turns every year", () => {
        const { inputs, protect, retainOnDelete } = one(plan, "state-key");
        assert.equal(inputs["enableKeyRotation"], true);
        assert.equal(inputs["deletionWindowInDays"], 30);
        assert.deepEqual({ protect, retainOnDelete }, { protect: true, retainOnDelete: true });
        assert.equal(one(plan, "state-key-alias").inputs["name"], "alias/spywatcher-state");
    });

    it("protects everything, unless told not to: a destroy deletes what is not protected before it refuses", async () => {
        const unprotected = ({ resources }: Plan) =>
            resources.filter(({ custom, protect }) => custom && !protect).map(({ name }) => name);
        assert.deepEqual(unprotected(plan), ["aws"]);
        const open = await bootstrapPlan({ protect: false });
        assert.deepEqual(
            open.resources.filter(({ protect }) => protect),
            [],
        );
    });

    it("tells what the variables are to be set to", () => {
        assert.deepEqual(plan.outputs, {
            backendUrl: "s3://spywatcher-state-123456789012?region=us-east-1",
            secretsProvider: "awskms://alias/spywatcher-state?region=us-east-1",
            previewRole: "arn:aws:iam::123456789012:role/spywatcher-preview",
            deployRole: "arn:aws:iam::123456789012:role/spywatcher-deploy",
            upgradeRole: "arn:aws:iam::123456789012:role/spywatcher-upgrade",
        });
    });

    it("makes policies that AWS takes: their length, and ten a role", () => {
        const policies = plan.resources.filter(({ type }) => type === "aws:iam/policy:Policy");
        assert.equal(policies.length, 11);
        for (const { name, inputs } of policies) {
            const { length } = inputs["policy"] as string;
            assert.ok(length <= managedPolicyLimit, `${name}: ${length}`);
        }
    });

    it("lets the workflow's credentials last as long as it asks for", () => {
        const workflow = parse(
            readFileSync(join(projectFolder, ".github", "workflows", "deploy.yml"), "utf8"),
        );
        const { seconds } = workflow.jobs.up.steps.find(
            ({ uses }: { uses?: string }) => uses === "./.github/actions/aws",
        ).with;
        assert.equal(Number(seconds), deploySessionSeconds);
        assert.equal(one(plan, "delivery-deploy", "aws:iam/role").inputs["maxSessionDuration"], 7200);
    });

    it("tags what it makes as no project of the stacks: the role that deploys may change those", () => {
        const tags = JSON.parse(one(plan, "aws").inputs["defaultTags"] as string).tags;
        assert.equal(tags.Project, "spywatcher-bootstrap");
    });
});
