import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DeliveryScope } from "./access/places.ts";
import { deployTrust, githubIssuer, githubAudience, githubSubjects, githubTrust } from "./githubSubjects.ts";
import {
    deployPolicyDocuments,
    previewPolicyDocuments,
    type RoleNames,
    upgradePolicyDocument,
} from "./rolePolicies.ts";

/** Seconds that credentials of the role that deploys may count: as long as the job of the workflow asks for. */
export const deploySessionSeconds = 7200;

export interface GithubArgs {
    /** What the repository's subjects begin with, such as `repo:acme/infrastructure`. */
    subjects: readonly string[];
    /** Branch that is deployed. */
    branch: string;
    /** Pattern of the tags that are deployed. */
    tags: string;
    /** Environments of the repository whose jobs deploy into this account. */
    environments: readonly string[];
    /** Make the account's identity provider for GitHub; an account can have only one. */
    createProvider: boolean;
}

export interface DeliveryRolesArgs {
    scope: DeliveryScope;
    github: GithubArgs;
    roles: RoleNames;
    /** ARNs of roles and users that may deploy by hand. */
    deployers: readonly string[];
    state: { bucket: string; keyArn: pulumi.Input<string> };
    /** Refuse to delete any of it: a stack without the role that deploys it cannot even be deleted. */
    protect: boolean;
}

/** Subjects of the runs that preview: pull requests, and on what is deployed the plan and the search for drift. */
export function previewSubjects({ subjects, branch, tags }: GithubArgs): string[] {
    return githubSubjects(subjects, { pullRequests: true, branches: [branch], tags: [tags] });
}

/** Subjects of the runs that deploy: jobs of an environment, which GitHub starts after its rules are kept. */
export function deploySubjects({ subjects, environments }: GithubArgs): string[] {
    return githubSubjects(subjects, { environments });
}

/** Subjects of the runs that look for new versions. */
export function upgradeSubjects({ subjects, branch }: GithubArgs): string[] {
    return githubSubjects(subjects, { branches: [branch] });
}

/** The roles that GitHub's workflows assume by their OIDC tokens: one reads, one deploys, one looks up versions. */
export class DeliveryRoles extends pulumi.ComponentResource {
    readonly arns: Record<keyof RoleNames, pulumi.Output<string>>;

    constructor(name: string, args: DeliveryRolesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:delivery:DeliveryRoles", name, {}, opts);
        const { scope, github, roles, state, protect } = args;
        const child = { parent: this, protect };
        const provider = github.createProvider
            ? [
                  new aws.iam.OpenIdConnectProvider(
                      `${name}-github`,
                      // AWS trusts GitHub's certificate authority and looks at no thumbprint.
                      { url: `https://${githubIssuer}`, clientIdLists: [githubAudience] },
                      child,
                  ),
              ]
            : [];
        const policiesOf = (key: keyof RoleNames, documents: Record<string, pulumi.Input<string>>) =>
            Object.entries(documents).map(([end, policy]): [string, aws.iam.Policy] => [
                end,
                new aws.iam.Policy(`${name}-${key}-${end}`, { name: `${roles[key]}-${end}`, policy }, child),
            ]);
        const role = (
            key: keyof RoleNames,
            trust: string,
            documents: Record<string, pulumi.Input<string>>,
            maxSessionDuration: number,
        ): pulumi.Output<string> => {
            const made = new aws.iam.Role(
                `${name}-${key}`,
                { name: roles[key], assumeRolePolicy: trust, maxSessionDuration },
                { ...child, dependsOn: provider },
            );
            for (const [end, policy] of policiesOf(key, documents)) {
                new aws.iam.RolePolicyAttachment(
                    `${name}-${key}-${end}`,
                    { role: made.name, policyArn: policy.arn },
                    child,
                );
            }
            return made.arn;
        };
        /** The documents hold the key's ARN; which there are is known before. */
        const withKey = (
            documents: (keyArn: string) => Record<string, string>,
        ): Record<string, pulumi.Input<string>> =>
            Object.fromEntries(
                Object.keys(documents("")).map((end) => [
                    end,
                    pulumi.output(state.keyArn).apply((keyArn) => documents(keyArn)[end] ?? ""),
                ]),
            );
        this.arns = {
            preview: role(
                "preview",
                githubTrust(scope.account, previewSubjects(github)),
                withKey((keyArn) => previewPolicyDocuments(scope, { bucket: state.bucket, keyArn })),
                3600,
            ),
            deploy: role(
                "deploy",
                deployTrust(scope.account, {
                    subjects: deploySubjects(github),
                    role: roles.deploy,
                    deployers: args.deployers,
                }),
                withKey((keyArn) => deployPolicyDocuments(scope, { bucket: state.bucket, keyArn }, roles)),
                deploySessionSeconds,
            ),
            upgrade: role(
                "upgrade",
                githubTrust(scope.account, upgradeSubjects(github)),
                { versions: upgradePolicyDocument() },
                3600,
            ),
        };
        this.registerOutputs(this.arns);
    }
}
