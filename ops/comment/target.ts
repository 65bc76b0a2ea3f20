import { readFileSync } from "node:fs";

import { CommentError } from "../errors.ts";

/** Where a comment goes. */
export interface CommentTarget {
    owner: string;
    repo: string;
    /** Number of the pull request. */
    number: number;
    token: string;
    /** Address of the API; another one than GitHub's own for GitHub Enterprise. */
    apiUrl: string;
}

export interface TargetOptions {
    /** Number of the pull request. Default: that of the event that started the workflow. */
    pr?: number;
    /** `owner/name`. Default: GITHUB_REPOSITORY. */
    repo?: string;
}

interface WorkflowEvent {
    pull_request?: { number?: number };
    issue?: { number?: number; pull_request?: unknown };
    workflow_run?: { pull_requests?: { number?: number }[] };
}

function workflowEvent(path: string | undefined): WorkflowEvent {
    if (path === undefined || path === "") return {};
    try {
        return JSON.parse(readFileSync(path, "utf8")) as WorkflowEvent;
    } catch {
        return {};
    }
}

/** A variable of the environment; an empty one counts as unset. */
function variable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
    const value = environment[name];
    return value === "" ? undefined : value;
}

/** The pull request a workflow runs for, or undefined when it runs for none. */
export function pullRequestOf(environment: NodeJS.ProcessEnv): number | undefined {
    const { pull_request, issue, workflow_run } = workflowEvent(environment["GITHUB_EVENT_PATH"]);
    const ref = /^refs\/pull\/(\d+)\//.exec(environment["GITHUB_REF"] ?? "")?.[1];
    return (
        pull_request?.number ??
        (issue?.pull_request === undefined ? undefined : issue.number) ??
        workflow_run?.pull_requests?.[0]?.number ??
        (ref === undefined ? undefined : Number(ref))
    );
}

/** The address of the workflow's run, or undefined outside of a workflow. */
export function runUrlOf(environment: NodeJS.ProcessEnv): string | undefined {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
    return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/**
 * Where to comment, by options and by what GitHub Actions sets. Throws a CommentError that says which of repository, pull
 * request and token is missing, and how to give it.
 */
export function commentTarget(options: TargetOptions, environment: NodeJS.ProcessEnv): CommentTarget {
    const repository = options.repo ?? environment["GITHUB_REPOSITORY"] ?? "";
    const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
    const number = options.pr ?? pullRequestOf(environment);
    const token = variable(environment, "GITHUB_TOKEN") ?? variable(environment, "GH_TOKEN");
    const problems = [
        ...(owner === undefined
            ? [
                  repository === ""
                      ? "There is no repository: pass --repo owner/name, or set GITHUB_REPOSITORY."
                      : `"${repository}" is not a repository: pass --repo owner/name.`,
              ]
            : []),
        ...(number === undefined
            ? [
                  `This is not a run for a pull request${environment["GITHUB_EVENT_NAME"] ? ` (event ${environment["GITHUB_EVENT_NAME"]})` : ""}: pass --pr N, or --dry-run to print the comment.`,
              ]
            : []),
        ...(token ? [] : ["There is no token: set GITHUB_TOKEN, in a workflow to ${{ github.token }}."]),
    ];
    if (owner === undefined || repo === undefined || number === undefined || !token) {
        throw new CommentError(problems.join("\n"), "usage");
    }
    return {
        owner,
        repo,
        number,
        token,
        apiUrl: variable(environment, "GITHUB_API_URL") ?? "https://api.github.com",
    };
}
