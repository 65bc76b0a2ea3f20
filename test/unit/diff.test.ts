import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execaSync } from "execa";
import { parse, stringify } from "yaml";

import type { ChangeSet } from "../../ops/changes/model.ts";
import { compareRevisions } from "../../ops/diff/compareRevisions.ts";
import { explain, InterruptedError, OperationError, RevisionError } from "../../ops/errors.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { StackFileError } from "../../ops/stackFile.ts";
import { ops } from "../support/command.ts";
import { fixture } from "../support/golden.ts";
import { opsHere } from "../support/inProcess.ts";
import { copyProject } from "../support/projectCopy.ts";

const temporary: string[] = [];

function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-diff-"));
    temporary.push(folder);
    return folder;
}

const identity = [
    "-c",
    "user.name=Nobody",
    "-c",
    "user.email=nobody@example.com",
    "-c",
    "commit.gpgsign=false",
];

function git(folder: string, ...args: string[]): string {
    return execaSync("git", [...identity, ...args], { cwd: folder }).stdout;
}

function commit(folder: string): void {
    git(folder, "add", "--all");
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "state");
}

/** A program whose plan of a stack is one bucket with the name that stands in the stack file. */
const program = `
import { readFileSync } from "node:fs";
export async function planStack(folder: string, stack: string) {
    const bucket = readFileSync(folder + "/Pulumi." + stack + ".yaml", "utf8").trim();
    if (bucket === "broken") throw new Error("the key bucket is wrong: password=not-a-real-1");
    const leak = Object.keys(process.env).filter((name) => /TOKEN|AWS|PULUMI/.test(name)).join();
    const resource = { urn: "urn:bucket", type: "aws:s3/bucket:Bucket", name: "bucket", custom: true };
    const resources = [{ ...resource, inputs: { bucket, leak } }];
    return { plan: { project: "shop", stack, resources, outputs: {} } };
}
`;

/** A project in a git repository of its own, or in a folder of one. */
function project(stacks: Record<string, string>, within = ""): string {
    const top = newFolder();
    const folder = join(top, within);
    mkdirSync(join(folder, "ops", "plan"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "ops", "plan", "planStack.ts"), program);
    writeStacks(folder, stacks);
    git(top, "init", "--quiet", "--initial-branch=main");
    commit(top);
    return folder;
}

function writeStacks(folder: string, stacks: Record<string, string>): void {
    for (const [stack, bucket] of Object.entries(stacks)) {
        writeFileSync(join(folder, `Pulumi.${stack}.yaml`), bucket);
    }
}

/** Gives the backend of the real project's stack `local` one pod more at least. */
function changeAutoscaling(folder: string): void {
    const file = join(folder, "Pulumi.local.yaml");
    const content = parse(readFileSync(file, "utf8")) as {
        config: Record<string, Record<string, object>>;
    };
    Object.assign(content.config["spywatcher:app"]?.["backend"] ?? {}, {
        autoscaling: { minReplicas: 3, maxReplicas: 10 },
    });
    writeFileSync(file, stringify(content));
}

function compare(folder: string, base: string, ...stacks: string[]): Promise<ChangeSet[]> {
    return compareRevisions({ folder, base, stacks, signal: new AbortController().signal });
}

function told(changes: ChangeSet[]): unknown[] {
    return changes.map(({ stack, resources }) => [
        stack,
        resources.map(({ op, properties }) => [
            op,
            ...properties.map((each) => [each.path, each.old, each.new]),
        ]),
    ]);
}

describe("diff", function () {
    // Each starts processes, on a machine that may be busy.
    this.timeout(60_000);

    after(() => {
        for (const folder of temporary) rmSync(folder, { recursive: true });
    });

    it("compares the work tree as it is with a revision, and leaves nothing behind", async () => {
        const folder = project({ dev: "a", prod: "b" });
        commit(folder);
        writeStacks(folder, { dev: "c", next: "d" });
        rmSync(join(folder, "Pulumi.prod.yaml"));
        const status = git(folder, "status", "--porcelain");
        const before = readdirSync(tmpdir()).filter((name) => name.startsWith("spywatcher-base-"));
        assert.deepEqual(told(await compare(folder, "HEAD~1")), [
            ["dev", [["replace", ["bucket", "a", "c"]]]],
            ["next", [["create"]]],
            ["prod", [["delete"]]],
        ]);
        assert.deepEqual(told(await compare(folder, "main", "next")), [["next", [["create"]]]]);
        assert.equal(git(folder, "status", "--porcelain"), status);
        assert.equal(git(folder, "worktree", "list").split("\n").length, 1);
        const left = readdirSync(tmpdir()).filter((name) => name.startsWith("spywatcher-base-"));
        assert.deepEqual(
            left.filter((name) => !before.includes(name)),
            [],
        );
    });

    it("compares with where the work left the other branch", async () => {
        const folder = project({ dev: "a" });
        git(folder, "switch", "--quiet", "--create", "work");
        writeStacks(folder, { dev: "mine" });
        commit(folder);
        git(folder, "switch", "--quiet", "main");
        writeStacks(folder, { dev: "theirs", prod: "theirs" });
        commit(folder);
        git(folder, "switch", "--quiet", "work");
        assert.deepEqual(told(await compare(folder, "main")), [
            ["dev", [["replace", ["bucket", "a", "mine"]]]],
        ]);
    });

    it("works in a folder of a repository, and says when the revision lacks it", async () => {
        const folder = project({ dev: "a" }, "infra/shop");
        assert.deepEqual(told(await compare(folder, "HEAD")), [["dev", []]]);
        const moved = `${folder}-new`;
        cpSync(folder, moved, { recursive: true });
        await assert.rejects(
            compare(moved, "HEAD"),
            (error) =>
                error instanceof RevisionError &&
                /^Revision [0-9a-f]{12} has no folder infra\/shop-new\/\.$/.test(error.message),
        );
    });

    it("hands no credentials to the programs it compares", async () => {
        const folder = project({ dev: "a" });
        const secret = ["GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "PULUMI_ACCESS_TOKEN"];
        for (const name of secret) process.env[name] = "not-a-real-token";
        try {
            const changes = await compare(folder, "HEAD");
            assert.deepEqual(told(changes), [["dev", []]]);
            writeFileSync(
                join(folder, "ops", "plan", "planStack.ts"),
                program.replace("inputs: { bucket, leak }", "inputs: { bucket, leaked: leak }"),
            );
            assert.deepEqual(told(await compare(folder, "HEAD")), [
                ["dev", [["update", ["leak", "", undefined], ["leaked", undefined, ""]]]],
            ]);
        } finally {
            for (const name of secret) Reflect.deleteProperty(process.env, name);
        }
    });

    it("says when both sides want different packages", async () => {
        const folder = project({ dev: "a" });
        const lock = (packages: unknown): void => {
            writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
        };
        lock({
            "": {},
            "node_modules/a": { version: "1.0.0" },
            "node_modules/t": { version: "1.0.0", dev: true },
        });
        commit(folder);
        assert.deepEqual(
            (await compare(folder, "HEAD")).map(({ notes }) => notes),
            [[]],
        );
        lock({ "node_modules/a": { version: "2.0.0" }, "node_modules/b": { version: "1.0.0" } });
        assert.deepEqual(
            (await compare(folder, "HEAD")).map(({ notes }) => notes),
            [
                [
                    "package-lock.json differs (a 1.0.0 → 2.0.0, b none → 1.0.0); both sides were planned with the packages installed here, so what the packages change is not shown.",
                ],
            ],
        );
    });

    const fails = async (folder: string, base: string, message: string | RegExp, ...stacks: string[]) => {
        try {
            await compare(folder, base, ...stacks);
        } catch (error) {
            const shown = explain(error);
            if (typeof message === "string") assert.equal(shown.message, message);
            else assert.match(shown.message, message);
            return { error, exitCode: shown.exitCode };
        }
        return assert.fail("no error");
    };

    it("says which revision or stack is not there", async () => {
        const folder = project({ dev: "a" });
        const unknown = await fails(
            folder,
            "origin/main",
            'There is no revision "origin/main" here. Fetch it first; in a workflow, check out with `fetch-depth: 0`.',
        );
        assert.equal(unknown.exitCode, exitCodes.badConfig);
        await fails(folder, "--all", /^There is no revision "--all" here/);
        const stack = await fails(folder, "HEAD", 'There is no stack "prod"; there are: dev.', "prod");
        assert.ok(stack.error instanceof StackFileError);
    });

    it("says that a revision has no plans, or the folder no repository", async () => {
        const folder = project({ dev: "a" });
        rmSync(join(folder, "ops"), { recursive: true });
        commit(folder);
        mkdirSync(join(folder, "ops", "plan"), { recursive: true });
        writeFileSync(join(folder, "ops", "plan", "planStack.ts"), program);
        const none = await fails(
            folder,
            "HEAD",
            /^Revision [0-9a-f]{12} has no command `plan`, so it cannot be compared with\.$/,
        );
        assert.equal(none.exitCode, exitCodes.badConfig);
        const alone = newFolder();
        await fails(alone, "HEAD", `${alone} is not in a git repository: there is nothing to compare with.`);
    });

    it("says what a program says that cannot be planned, without credentials", async () => {
        const folder = project({ dev: "a", prod: "b" });
        writeStacks(folder, { dev: "broken", prod: "broken" });
        const { error, exitCode } = await fails(
            folder,
            "HEAD",
            ["dev", "prod"]
                .map(
                    (stack) =>
                        `The work tree cannot be planned for ${stack}: the key bucket is wrong: password=[secret]`,
                )
                .join("\n"),
        );
        assert.ok(error instanceof OperationError);
        assert.equal(exitCode, exitCodes.failed);
        writeFileSync(join(folder, "ops", "plan", "planStack.ts"), "export const planStack = ;");
        await fails(folder, "HEAD", /^The work tree cannot be planned\.\n[\s\S]*planStack\.ts:1/);
    });

    it("stops when it is interrupted", async () => {
        const folder = project({ dev: "a" });
        writeFileSync(
            join(folder, "ops", "plan", "planStack.ts"),
            "export const planStack = () => new Promise(() => setInterval(() => {}, 1000));",
        );
        const controller = new AbortController();
        const running = compareRevisions({ folder, base: "HEAD", stacks: [], signal: controller.signal });
        setTimeout(() => {
            controller.abort();
        }, 500);
        await assert.rejects(running, InterruptedError);
    });

    /** A copy of this project with the stack `local`, in a git repository. */
    function copy(stack = "local"): string {
        const folder = copyProject(stack, () => undefined);
        temporary.push(folder);
        git(folder, "init", "--quiet");
        writeFileSync(join(folder, ".git", "info", "exclude"), "node_modules\n");
        return folder;
    }

    it("finds in the real program what a changed stack file changes, and nothing else", async () => {
        const folder = copy();
        commit(folder);
        changeAutoscaling(folder);
        const [changed] = await compare(folder, "HEAD");
        assert.ok(changed);
        assert.deepEqual(told([changed]), [["local", [["update", ["spec.minReplicas", 2, 3]]]]]);
        assert.ok((changed.counts.same ?? 0) >= 40);
    });

    it("adds its costs to a comment of what the engine told", async () => {
        const folder = copy("prod");
        commit(folder);
        const file = join(folder, "Pulumi.prod.yaml");
        writeFileSync(file, readFileSync(file, "utf8").replace("db.m7g.large", "db.t4g.small"));
        const comment = (base: string) =>
            ops(
                ["comment", "prod", "--events", fixture("events/update.jsonl"), "--base", base, "--dry-run"],
                { folder },
            );
        const { code, stdout, stderr } = await comment("HEAD");
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^### Preview of `spywatcher\/prod`$/m);
        assert.match(stdout, /^Costs: about [\d.]+\+? → [\d.]+\+? USD a month \(−[\d.]+\)\.$/m);
        assert.match(stdout, /^Note: `Costs are compared with those of HEAD\.`$/m);
        assert.match(stdout, /^\| `PostgreSQL db\.t4g\.small in two zones` \| {2}\| [\d.]+ \|$/m);
        assert.equal((await comment("nothing")).code, exitCodes.badConfig);

        // What the engine told is not lost with a base that is broken.
        writeFileSync(file, "config: {}\n");
        const broken = await comment("HEAD");
        assert.equal(broken.code, 0, broken.stderr);
        assert.match(broken.stdout, /^### Preview of `spywatcher\/prod`$/m);
        assert.match(
            broken.stdout,
            /^Note: `Costs cannot be compared with HEAD: The work tree cannot be planned/m,
        );
    });

    it("is a command with forms and an exit code", async () => {
        const folder = copy();
        writeFileSync(join(folder, "ops", "plan", "planStack.ts"), program);
        writeStacks(folder, { local: "a" });
        commit(folder);
        const none = await ops(["diff", "--base", "HEAD", "--exit-code", "--json"], { folder });
        assert.equal(none.code, 0, none.stderr);
        const [same] = JSON.parse(none.stdout) as ChangeSet[];
        assert.deepEqual(same?.resources, []);

        writeStacks(folder, { local: "c" });
        const changed = await ops(["diff", "local", "--base", "HEAD", "--exit-code"], { folder });
        assert.equal(changed.code, exitCodes.changesFound, changed.stderr);
        assert.match(changed.stdout, /^local: 1 probably to replace, 0 unchanged$/m);
        assert.match(changed.stdout, /│ probably replace +│ bucket +│/);
        assert.match(changed.stdout, /│ bucket +│ "a" → "c", replaces +│/);

        const wrong = await opsHere(["diff", "--base", "HEAD", "--json", "--markdown"]);
        assert.equal(wrong.code, 4);
        assert.match(
            wrong.stderr,
            /option '--(?:json|markdown)' cannot be used with option '--(?:json|markdown)'/,
        );
    });
});
