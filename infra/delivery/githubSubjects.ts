import { type AwsAccount, iamArn } from "../aws/account.ts";
import { policyDocument, type Statement } from "../aws/policyDocument.ts";

/** Host of GitHub's issuer of OIDC tokens for workflows. */
export const githubIssuer = "token.actions.githubusercontent.com";

/** Audience of the tokens that `aws-actions/configure-aws-credentials` asks for. */
export const githubAudience = "sts.amazonaws.com";

/** Which of a repository's workflow runs a role trusts; a run matches one of them. */
export interface GithubRuns {
    /** Pull requests from branches of the repository; forks get no token. */
    pullRequests?: boolean;
    /** Branches. */
    branches?: readonly string[];
    /** Patterns of tags, with `*`. */
    tags?: readonly string[];
    /** Environments. A job that has one is known by it and by nothing else. */
    environments?: readonly string[];
}

/** Subjects of the tokens of those runs; `prefixes` are what the repository's subjects begin with, without the colon. */
export function githubSubjects(prefixes: readonly string[], runs: GithubRuns): string[] {
    return prefixes.flatMap((prefix) => [
        ...(runs.pullRequests ? [`${prefix}:pull_request`] : []),
        ...(runs.branches ?? []).map((branch) => `${prefix}:ref:refs/heads/${branch}`),
        ...(runs.tags ?? []).map((tag) => `${prefix}:ref:refs/tags/${tag}`),
        ...(runs.environments ?? []).map((environment) => `${prefix}:environment:${environment}`),
    ]);
}

/** The ARN of the account's identity provider for GitHub. */
export function githubProviderArn(account: AwsAccount): string {
    return iamArn(account, `oidc-provider/${githubIssuer}`);
}

/** Lets workflow runs with one of the subjects assume a role. Only in a subject with `*` is anything left open. */
export function githubStatement(account: AwsAccount, subjects: readonly string[]): Statement {
    const exact = subjects.every((subject) => !subject.includes("*"));
    const audience = { [`${githubIssuer}:aud`]: githubAudience };
    const subject = { [`${githubIssuer}:sub`]: subjects };
    return {
        Sid: "GithubActions",
        Effect: "Allow",
        Principal: { Federated: githubProviderArn(account) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: exact
            ? { StringEquals: { ...audience, ...subject } }
            : { StringEquals: audience, StringLike: subject },
    };
}

/** Trust of a role that only workflow runs assume. */
export function githubTrust(account: AwsAccount, subjects: readonly string[]): string {
    return policyDocument([githubStatement(account, subjects)]);
}

/** Trust of the role that deploys: workflow runs, people who deploy by hand, and the role itself, as kubeconfigs do. */
export function deployTrust(
    account: AwsAccount,
    {
        subjects,
        role,
        deployers,
    }: { subjects: readonly string[]; role: string; deployers: readonly string[] },
): string {
    return policyDocument([
        githubStatement(account, subjects),
        {
            // Not named as principal: a role that does not exist yet cannot be one. Its own policies allow it, too.
            Sid: "Itself",
            Effect: "Allow",
            Principal: { AWS: iamArn(account, "root") },
            Action: "sts:AssumeRole",
            Condition: { ArnEquals: { "aws:PrincipalArn": iamArn(account, `role/${role}`) } },
        },
        ...(deployers.length === 0
            ? []
            : [
                  {
                      Sid: "People",
                      Effect: "Allow" as const,
                      Principal: { AWS: deployers },
                      Action: "sts:AssumeRole",
                  },
              ]),
    ]);
}
