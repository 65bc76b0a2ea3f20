import { setTimeout as sleep } from "node:timers/promises";

import { Octokit, type RestEndpointMethodTypes } from "@octokit/rest";

import { maskCredentials } from "../changes/mask.ts";
import { CommentError, InterruptedError } from "../errors.ts";
import type { CommentTarget } from "./target.ts";

export interface PostOptions {
    signal: AbortSignal;
    /** Milliseconds before the second attempt; it grows with the square of the attempts. Default: 1000. */
    retryBaseMs?: number;
}

/** What became of a comment. */
export interface PostedComment {
    action: "created" | "edited" | "unchanged";
    url: string;
}

/** Attempts in all; with the waits between them about half a minute. */
const attempts = 5;

/** A longer wait than this, in milliseconds, is not worth a job's time. */
const longestWaitMs = 60_000;

interface ApiError {
    status: number;
    message: string;
    response?: { headers: Record<string, string | number | undefined>; data?: unknown };
}

function isApiError(error: unknown): error is ApiError {
    return error instanceof Error && typeof (error as unknown as ApiError).status === "number";
}

function isRateLimit({ status, message, response }: ApiError): boolean {
    const limited = response?.headers["x-ratelimit-remaining"] === "0" || /rate limit/i.test(message);
    return status === 429 || (status === 403 && limited);
}

/** Milliseconds until another attempt makes sense; undefined when it does not. */
function waitFor(error: ApiError, attempt: number, base: number): number | undefined {
    if (error.status < 500 && !isRateLimit(error)) return undefined;
    const headers = error.response?.headers ?? {};
    const after = Number(headers["retry-after"] ?? Number.NaN) * 1000;
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN) * 1000 - Date.now();
    const asked = Number.isFinite(after) ? after : isRateLimit(error) && Number.isFinite(reset) ? reset : 0;
    return asked > longestWaitMs ? undefined : Math.max(asked, base * attempt ** 2);
}

function explanation(error: ApiError, { owner, repo, number }: CommentTarget): string {
    const where = `${owner}/${repo}`;
    const said = maskCredentials(error.message);
    if (isRateLimit(error)) return `GitHub's rate limit is used up: try again later. GitHub says: ${said}`;
    if (error.status === 401) return `GitHub refuses the token in GITHUB_TOKEN. GitHub says: ${said}`;
    if (error.status === 403) {
        return `The token may not comment in ${where}: give the job \`permissions: pull-requests: write\`. In a run for a fork it is read-only whatever is declared; put the text into the job's summary there. GitHub says: ${said}`;
    }
    if (error.status === 404) {
        return `There is no pull request ${number} in ${where}, or the token may not see it.`;
    }
    if (error.status === 422) return `GitHub does not take the comment. GitHub says: ${said}`;
    if (error.status >= 500) {
        return `GitHub did not answer properly ${attempts} times. The last time: ${error.status} ${said}`;
    }
    return `GitHub refuses the comment with ${error.status}: ${said}`;
}

type Comment = RestEndpointMethodTypes["issues"]["listComments"]["response"]["data"][number];

/** Whoever may push may edit any comment; what others write is never taken for ours. */
const trusted: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

function isOurs({ body, user, author_association }: Comment, marker: string): boolean {
    return (body ?? "").startsWith(marker) && (user?.type === "Bot" || trusted.has(author_association));
}

async function postOnce(
    octokit: Octokit,
    target: CommentTarget,
    marker: string,
    body: string,
): Promise<PostedComment> {
    const { owner, repo, number } = target;
    await octokit.pulls.get({ owner, repo, pull_number: number });
    const comments = await octokit.paginate(octokit.issues.listComments, {
        owner,
        repo,
        issue_number: number,
        per_page: 100,
    });
    const existing = comments.find((comment) => isOurs(comment, marker));
    if (existing === undefined) {
        const { data } = await octokit.issues.createComment({ owner, repo, issue_number: number, body });
        return { action: "created", url: data.html_url };
    }
    // GitHub may keep a text without its last line end.
    if (existing.body?.trimEnd() === body.trimEnd()) return { action: "unchanged", url: existing.html_url };
    const { data } = await octokit.issues.updateComment({ owner, repo, comment_id: existing.id, body });
    return { action: "edited", url: data.html_url };
}

/**
 * Puts a comment on a pull request: edits the one that begins with `marker`, or makes one. When GitHub fails, it looks
 * again before it tries again, since the failed attempt may have made the comment. Throws a CommentError.
 */
export async function postComment(
    target: CommentTarget,
    marker: string,
    body: string,
    { signal, retryBaseMs = 1000 }: PostOptions,
): Promise<PostedComment> {
    const silent = (): void => undefined;
    const octokit = new Octokit({
        auth: target.token,
        baseUrl: target.apiUrl,
        request: { signal },
        // What it logs has addresses and headers in it.
        log: { debug: silent, info: silent, warn: silent, error: silent },
    });
    for (let attempt = 1; ; attempt += 1) {
        try {
            return await postOnce(octokit, target, marker, body);
        } catch (error) {
            if (signal.aborted) throw new InterruptedError();
            if (!isApiError(error)) throw error;
            const wait = attempt < attempts ? waitFor(error, attempt, retryBaseMs) : undefined;
            if (wait === undefined) {
                const forbidden = (error.status === 401 || error.status === 403) && !isRateLimit(error);
                throw new CommentError(explanation(error, target), forbidden ? "forbidden" : "refused");
            }
            await sleep(wait, undefined, { signal }).catch(() => {
                throw new InterruptedError();
            });
        }
    }
}
