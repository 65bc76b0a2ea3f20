import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { commentMarker } from "../../ops/comment/body.ts";
import { postComment, type PostedComment } from "../../ops/comment/github.ts";
import { type CommentTarget, commentTarget, pullRequestOf, runUrlOf } from "../../ops/comment/target.ts";
import { CommentError, explain, InterruptedError } from "../../ops/errors.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { opsHere } from "../support/inProcess.ts";
import { FakeGitHub } from "../support/fakeGitHub.ts";
import { fixture } from "../support/golden.ts";

const token = "not-a-real-token";
const marker = commentMarker("shop", "prod");
const body = `${marker}\nnew\n`;

describe("a comment on GitHub", () => {
    let github: FakeGitHub;
    let target: CommentTarget;

    beforeEach(async () => {
        github = new FakeGitHub();
        await github.start();
        target = { owner: "o", repo: "r", number: 7, token, apiUrl: github.url };
    });
    afterEach(() => github.stop());

    const post = (text = body, signal = new AbortController().signal): Promise<PostedComment> =>
        postComment(target, marker, text, { signal, retryBaseMs: 1 });

    async function refusal(code: number = exitCodes.notPosted): Promise<string> {
        try {
            await post();
        } catch (error) {
            assert.ok(error instanceof CommentError);
            assert.equal(explain(error).exitCode, code);
            assert.equal(explain(error).message, error.message);
            return error.message;
        }
        return assert.fail("no error");
    }

    it("is made when there is none, with the token", async () => {
        const other = github.add({ body: `${commentMarker("shop", "dev")}\nold` });
        const posted = await post();
        assert.deepEqual(posted, { action: "created", url: "https://github.com/o/r/pull/7#1002" });
        assert.deepEqual(
            github.comments.map((each) => each.body),
            [other.body, body],
        );
        assert.deepEqual([...github.tokens], [`token ${token}`]);
    });

    it("is edited in place, found behind hundreds of others, and no other is touched", async () => {
        for (let count = 0; count < 230; count += 1) github.add({ body: `remark ${count}` });
        const others = [
            github.add({ body: `${commentMarker("shop", "prod2")}\nold` }),
            github.add({ body: `quoting ${marker}` }),
        ].map((each) => ({ ...each }));
        const mine = github.add({ body: `${marker}\nold` });
        const posted = await post();
        assert.deepEqual(posted, { action: "edited", url: `https://github.com/o/r/pull/7#${mine.id}` });
        assert.equal(mine.body, body);
        assert.deepEqual(github.comments.slice(230, 232), others);
        assert.equal(github.comments.length, 233);
        assert.equal(
            github.requests.filter((line) => line.startsWith("GET /repos/o/r/issues/7/comments")).length,
            3,
        );
    });

    it("is left alone when it says the same already", async () => {
        github.add({ body: body.trimEnd() });
        assert.equal((await post()).action, "unchanged");
        assert.equal(
            github.requests.some((line) => /^(?:POST|PATCH)/.test(line)),
            false,
        );
    });

    it("is not taken over from someone who may not push", async () => {
        const user = { login: "mallory", type: "User" } as const;
        const forged = github.add({ body: `${marker}\nall fine`, user, author_association: "CONTRIBUTOR" });
        assert.equal((await post()).action, "created");
        assert.equal(forged.body, `${marker}\nall fine`);
        const own = github.add({ body: `${marker}\nold`, user, author_association: "MEMBER" });
        github.comments.splice(0, 2);
        assert.equal((await post()).action, "edited");
        assert.equal(own.body, body);
    });

    it("is tried again when GitHub fails, and looked for first, so that there is never a second one", async () => {
        github.fail(/^POST/, { status: 502, message: "Bad Gateway", applies: true });
        github.fail(/^GET.*pulls/, { status: 503, message: "Unavailable" });
        assert.equal((await post()).action, "unchanged");
        assert.deepEqual(
            github.comments.map((each) => each.body),
            [body],
        );
        assert.deepEqual(github.requests, [
            "GET /repos/o/r/pulls/7",
            "GET /repos/o/r/pulls/7",
            "GET /repos/o/r/issues/7/comments?per_page=100",
            "POST /repos/o/r/issues/7/comments",
            "GET /repos/o/r/pulls/7",
            "GET /repos/o/r/issues/7/comments?per_page=100",
        ]);
    });

    it("is given up after five attempts", async () => {
        github.fail(/^GET/, { status: 502, message: "Bad Gateway" }, 9);
        assert.match(
            await refusal(),
            /^GitHub did not answer properly 5 times\. The last time: 502 Bad Gateway/,
        );
        assert.equal(github.requests.length, 5);
    });

    it("waits for the rate limit when that is soon, and says so when it is not", async () => {
        const limit = { status: 403, message: "API rate limit exceeded" };
        github.fail(/^GET/, { ...limit, headers: { "retry-after": "0" } });
        assert.equal((await post()).action, "created");
        github.fail(/^GET/, { ...limit, headers: { "retry-after": "3600" } });
        assert.match(await refusal(), /^GitHub's rate limit is used up: try again later\./);
    });

    it("says which permission is missing", async () => {
        github.fail(/^POST/, { status: 403, message: "Resource not accessible by integration" });
        assert.equal(
            await refusal(exitCodes.commentForbidden),
            "The token may not comment in o/r: give the job `permissions: pull-requests: write`. In a run for a fork it is read-only whatever is declared; put the text into the job's summary there. GitHub says: Resource not accessible by integration",
        );
        assert.equal(github.requests.length, 3);
    });

    it("says what else GitHub refuses, without the token", async () => {
        github.fail(/^GET/, { status: 401, message: "Bad credentials" });
        assert.equal(
            await refusal(exitCodes.commentForbidden),
            "GitHub refuses the token in GITHUB_TOKEN. GitHub says: Bad credentials",
        );
        github.fail(/^GET/, { status: 404, message: "Not Found" });
        assert.equal(await refusal(), "There is no pull request 7 in o/r, or the token may not see it.");
        github.fail(/^POST/, { status: 422, message: `Validation Failed ghp_${"NotARealToken".repeat(3)}` });
        assert.equal(
            await refusal(),
            "GitHub does not take the comment. GitHub says: Validation Failed [secret]",
        );
        github.fail(/^POST/, { status: 410, message: "Gone" });
        assert.equal(await refusal(), "GitHub refuses the comment with 410: Gone");
    });

    it("says that GitHub cannot be reached", async () => {
        await github.stop();
        assert.match(await refusal(), /^GitHub did not answer properly 5 times\. The last time: 500 /);
        await github.start();
    });

    it("stops when it is interrupted", async () => {
        github.fail(/^GET/, { status: 502, message: "", headers: { "retry-after": "30" } });
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 100);
        await assert.rejects(post(body, controller.signal), InterruptedError);
    });

    it("is posted by the command, which keeps the whole text and prints where it is", async () => {
        const folder = mkdtempSync(join(tmpdir(), "spywatcher-comment-"));
        const artifact = join(folder, "out", "changes.md");
        const event = join(folder, "event.json");
        writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
        const env = {
            GITHUB_API_URL: github.url,
            GITHUB_REPOSITORY: "o/r",
            GITHUB_EVENT_PATH: event,
            GITHUB_TOKEN: token,
        };
        const events = fixture("events/replace-named.jsonl");
        const args = ["comment", "prod", "--events", events, "--artifact", artifact];
        try {
            const { code, stdout, stderr } = await opsHere(args, { env });
            assert.equal(code, 0, stderr);
            assert.equal(stdout, "spywatcher/prod: comment created, https://github.com/o/r/pull/7#1001\n");
            const [comment] = github.comments;
            assert.ok(
                comment?.body.startsWith("<!-- spywatcher-changes: spywatcher/prod -->\n### Preview of"),
            );
            assert.match(readFileSync(artifact, "utf8"), /^\*\*2 to replace, 1 to update\*\*/m);
            const again = await opsHere([...args, "--dry-run"], { env: { ...env, GITHUB_TOKEN: "" } });
            assert.equal(again.stdout, comment?.body);
            const refused = await opsHere(args, { env: { ...env, GITHUB_TOKEN: "", GH_TOKEN: "" } });
            assert.equal(refused.code, exitCodes.badConfig);
            assert.equal(
                refused.stderr,
                "There is no token: set GITHUB_TOKEN, in a workflow to ${{ github.token }}.\n",
            );
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("where a comment goes", () => {
    it("is told by options and by the workflow's environment", () => {
        const environment = {
            GITHUB_REPOSITORY: "o/r",
            GITHUB_REF: "refs/pull/12/merge",
            GITHUB_TOKEN: token,
        };
        assert.deepEqual(commentTarget({}, environment), {
            owner: "o",
            repo: "r",
            number: 12,
            token,
            apiUrl: "https://api.github.com",
        });
        const enterprise = { GH_TOKEN: token, GITHUB_API_URL: "https://ghe.example.com/api/v3" };
        assert.deepEqual(commentTarget({ repo: "a/b", pr: 3 }, enterprise), {
            owner: "a",
            repo: "b",
            number: 3,
            token,
            apiUrl: "https://ghe.example.com/api/v3",
        });
    });

    it("is told by the event of a pull request, of a comment on one, or of a run for one", () => {
        const folder = mkdtempSync(join(tmpdir(), "spywatcher-event-"));
        const file = join(folder, "event.json");
        const of = (event: unknown): number | undefined => {
            writeFileSync(file, JSON.stringify(event));
            return pullRequestOf({ GITHUB_EVENT_PATH: file });
        };
        try {
            assert.equal(of({ pull_request: { number: 1 } }), 1);
            assert.equal(of({ issue: { number: 2, pull_request: {} } }), 2);
            assert.equal(of({ issue: { number: 2 } }), undefined);
            assert.equal(of({ workflow_run: { pull_requests: [{ number: 3 }] } }), 3);
            assert.equal(of({}), undefined);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("is refused with everything that is missing", () => {
        assert.throws(
            () => commentTarget({ repo: "r" }, { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main" }),
            (error) => {
                assert.ok(error instanceof CommentError);
                assert.equal(explain(error).exitCode, exitCodes.badConfig);
                assert.equal(
                    error.message,
                    [
                        '"r" is not a repository: pass --repo owner/name.',
                        "This is not a run for a pull request (event push): pass --pr N, or --dry-run to print the comment.",
                        "There is no token: set GITHUB_TOKEN, in a workflow to ${{ github.token }}.",
                    ].join("\n"),
                );
                return true;
            },
        );
    });

    it("knows the address of the workflow's run", () => {
        const run = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "5" };
        assert.equal(runUrlOf(run), "https://github.com/o/r/actions/runs/5");
        assert.equal(runUrlOf({}), undefined);
    });
});
