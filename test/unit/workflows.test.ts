import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";
import { parse } from "yaml";

import { addCommentCommand } from "../../ops/commands/comment.ts";
import { addDiffCommand } from "../../ops/commands/diff.ts";
import { addDriftCommand } from "../../ops/commands/drift.ts";
import { addEngineCommands } from "../../ops/commands/engine.ts";
import { addValidateCommand } from "../../ops/commands/validate.ts";
import { charts, images, kubernetesReleases, kubernetesVersion } from "../../infra/versions.ts";
import { projectFolder } from "../support/plans.ts";

const github = join(projectFolder, ".github");
const text = (...path: string[]): string => readFileSync(join(github, ...path), "utf8");
const workflowNames = readdirSync(join(github, "workflows")).sort();
const actionNames = readdirSync(join(github, "actions")).sort();
const workflows = Object.fromEntries(workflowNames.map((name) => [name, parse(text("workflows", name))]));
const actions = Object.fromEntries(
    actionNames.map((name) => [name, parse(text("actions", name, "action.yml"))]),
);

interface Step {
    uses?: string;
    run?: string;
    with?: Record<string, string>;
    env?: Record<string, string>;
}

function jobs(name: string): [string, any][] {
    return Object.entries(workflows[name].jobs as Record<string, unknown>);
}

const steps: Step[] = [
    ...workflowNames.flatMap((name) => jobs(name).flatMap(([, job]) => job.steps as Step[])),
    ...Object.values(actions).flatMap(({ runs }) => runs.steps as Step[]),
];

/** Every `npm run <script> -- <arguments>` in a shell script. */
function npmRuns(script: string): { name: string; args: string[] }[] {
    const joined = script.replaceAll("\\\n", " ");
    return [...joined.matchAll(/npm run (?:--silent )?([\w:-]+)(?: -- ([^\n|>]*))?/g)].map(
        ([, name = "", args = ""]) => ({ name, args: args.match(/"[^"]*"|\S+/g) ?? [] }),
    );
}

function commands(): Command {
    const program = new Command();
    const { signal } = new AbortController();
    addEngineCommands(program, signal);
    addDiffCommand(program, signal);
    addCommentCommand(program, signal);
    addDriftCommand(program, signal);
    addValidateCommand(program, signal);
    return program;
}

describe("workflows", () => {
    it("are these", () => {
        assert.deepEqual(workflowNames, ["ci.yml", "deploy.yml", "drift.yml", "preview.yml", "upgrade.yml"]);
        assert.deepEqual(actionNames, ["aws", "setup"]);
    });

    it("pin every action by its commit, with the tag beside it", () => {
        const files = [
            ...workflowNames.map((name) => text("workflows", name)),
            ...actionNames.map((name) => text("actions", name, "action.yml")),
        ];
        const lines = files.flatMap((file) => file.split("\n").filter((line) => /\buses:/.test(line)));
        assert.ok(lines.length > 20);
        assert.deepEqual(
            lines.filter(
                (line) =>
                    !/uses: \.\/\.github\/actions\/(aws|setup)$/.test(line) &&
                    !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
            ),
            [],
        );
        // One commit an action.
        const byAction = new Map<string, Set<string>>();
        for (const [, action = "", pin = ""] of lines.flatMap((line) => [
            ...line.matchAll(/uses: ([^.@\s]+)@(.*)$/g),
        ])) {
            byAction.set(action, (byAction.get(action) ?? new Set()).add(pin));
        }
        assert.deepEqual(
            [...byAction].filter(([, pins]) => pins.size > 1),
            [],
        );
    });

    it("begin without permissions and give each job only its own", () => {
        for (const name of workflowNames) assert.deepEqual(workflows[name].permissions, {}, name);
        const permissions = workflowNames.flatMap((name) =>
            jobs(name).map(([job, { permissions: own }]) => [`${name} ${job}`, own]),
        );
        assert.deepEqual(Object.fromEntries(permissions), {
            "ci.yml check": { contents: "read" },
            "ci.yml rules": { contents: "read" },
            "ci.yml cluster": { contents: "read" },
            "deploy.yml checks": { actions: "read", contents: "read" },
            "deploy.yml plan": { contents: "read", "id-token": "write" },
            "deploy.yml up": { contents: "read", "id-token": "write" },
            "drift.yml drift": { contents: "read", "id-token": "write", issues: "write" },
            "preview.yml diff": { contents: "read", "pull-requests": "write" },
            "preview.yml preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
            "upgrade.yml renovate": { contents: "read", "id-token": "write" },
        });
    });

    it("leave no token in the work tree, and no job without an end", () => {
        const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        assert.ok(checkouts.length > 5);
        assert.deepEqual(
            checkouts.filter((step) => (step.with?.["persist-credentials"] as unknown) !== false),
            [],
        );
        for (const name of workflowNames) {
            for (const [job, { "timeout-minutes": minutes }] of jobs(name)) {
                assert.ok(minutes >= 10 && minutes <= 130, `${name} ${job}: ${minutes}`);
            }
        }
    });

    it("never run a fork's code with rights", () => {
        const events = workflowNames.map((name) => [name, Object.keys(workflows[name].on as object)]);
        assert.deepEqual(Object.fromEntries(events), {
            "ci.yml": ["pull_request", "push"],
            "deploy.yml": ["push"],
            "drift.yml": ["schedule", "workflow_dispatch"],
            "preview.yml": ["pull_request"],
            "upgrade.yml": ["schedule", "workflow_dispatch"],
        });
        for (const name of workflowNames) {
            for (const [job, { if: condition = "", permissions }] of jobs(name)) {
                if (!("pull_request" in workflows[name].on) || permissions["id-token"] === undefined)
                    continue;
                assert.ok(
                    condition.includes("head.repo.full_name == github.repository"),
                    `${name} ${job} runs for forks`,
                );
            }
        }
    });

    it("never end what applies, and have one run a stack", () => {
        const deploy = "${{ github.ref_type == 'tag' && 'prod' || 'dev' }}";
        assert.deepEqual(workflows["deploy.yml"].concurrency, {
            group: `deploy-${deploy}`,
            "cancel-in-progress": false,
        });
        assert.equal(workflows["deploy.yml"].env.ENVIRONMENT, deploy);
        assert.equal(workflows["deploy.yml"].jobs.up.environment, deploy);
        const applying = workflowNames.filter((name) =>
            jobs(name).some(([, job]) =>
                (job.steps as Step[]).some(({ run = "" }) =>
                    npmRuns(run).some(({ name: script }) =>
                        ["up", "refresh", "destroy", "rollback"].includes(script),
                    ),
                ),
            ),
        );
        assert.deepEqual(applying, ["deploy.yml"]);
        assert.deepEqual(workflows["drift.yml"].jobs.drift.concurrency, {
            group: "drift-${{ matrix.environment }}",
            "cancel-in-progress": false,
        });
    });

    it("test every commit of main, whatever is pushed meanwhile", () => {
        const request = "github.event_name == 'pull_request'";
        assert.deepEqual(workflows["ci.yml"].concurrency, {
            group: `ci-\${{ ${request} && github.ref || github.sha }}`,
            "cancel-in-progress": `\${{ ${request} }}`,
        });
    });

    it("deploy only what CI has passed", () => {
        const { checks, plan, up } = workflows["deploy.yml"].jobs;
        assert.deepEqual(
            (checks.steps as Step[]).flatMap(({ run }) => run ?? []),
            ['.github/scripts/ci-passed "$GITHUB_SHA"'],
        );
        assert.deepEqual([plan.needs, up.needs], ["checks", "plan"]);
        // With a condition of its own a job may run although one before it has failed.
        assert.deepEqual([plan.if, up.if], [undefined, undefined]);
        const longest = Math.max(...jobs("ci.yml").map(([, job]) => job["timeout-minutes"] as number));
        assert.ok(checks["timeout-minutes"] > longest);
    });

    it("approve what was planned: the plan is made without the environment's role, and used with it", () => {
        const { plan, up } = workflows["deploy.yml"].jobs;
        const role = ({ steps: own }: any): string =>
            own.find(({ uses }: Step) => uses === "./.github/actions/aws").with.role;
        assert.equal(plan.environment, undefined);
        assert.match(role(plan), /AWS_PREVIEW_ROLE_/);
        assert.match(role(up), /AWS_DEPLOY_ROLE_/);
        const uploaded = plan.steps.find(({ uses = "" }: Step) =>
            uses.startsWith("actions/upload-artifact@"),
        );
        assert.equal(uploaded.with.path, "plan.json\nchanges.md\n");
        const run = up.steps.find(({ name }: { name?: string }) => name === "Up").run as string;
        const args = npmRuns(run)[0]?.args ?? [];
        assert.deepEqual(args.slice(args.indexOf("--plan")).slice(0, 2), [
            "--plan",
            '"$RUNNER_TEMP/plan/plan.json"',
        ]);
    });

    it("compare costs wherever the engine tells what would change, with the history that this needs", () => {
        const told = workflowNames.flatMap((name) =>
            jobs(name).flatMap(([job, { steps: own }]) =>
                (own as Step[])
                    .filter(({ run = "" }) => /comment -- .*preview\.jsonl/.test(run))
                    .map(({ run = "" }): [string, string | undefined, unknown] => [
                        `${name} ${job}`,
                        /--base "[^"]*"/.exec(run)?.[0],
                        (own as Step[])[0]?.with?.["fetch-depth"],
                    ]),
            ),
        );
        assert.deepEqual(told, [
            ["deploy.yml plan", '--base "$before"', 0],
            ["preview.yml preview", '--base "origin/$GITHUB_BASE_REF"', 0],
        ]);
    });

    it("stop by themselves before the credentials end and before GitHub ends the job", () => {
        const { up } = workflows["deploy.yml"].jobs;
        const run = up.steps.find(({ name }: { name?: string }) => name === "Up").run as string;
        // Of the whole command: preview for the guard, wait for the lock, and update.
        const minutes = Number(/ --timeout (\d+)m/.exec(run)?.[1]);
        const looking = up.steps.find(({ name }: { name?: string }) => name === "Look whether it is so");
        const validateMinutes = Number(/ --timeout (\d+)$/m.exec(looking.run as string)?.[1]) / 60;
        const seconds = Number(
            up.steps.find(({ uses }: Step) => uses === "./.github/actions/aws").with.seconds,
        );
        // Some minutes are for what each job does besides.
        assert.ok(minutes + validateMinutes + 5 <= seconds / 60);
        assert.ok(seconds / 60 + 5 <= up["timeout-minutes"]);
        for (const [name, job] of [
            ["deploy.yml", "plan"],
            ["preview.yml", "preview"],
            ["drift.yml", "drift"],
        ] as const) {
            const { steps: own, "timeout-minutes": limit } = workflows[name].jobs[job];
            const longest = (own as Step[]).flatMap(({ run: script = "" }) =>
                [...script.matchAll(/ --timeout (\d+)m/g)].map(([, each]) => Number(each)),
            );
            assert.equal(longest.length, 1, `${name} ${job}`);
            assert.ok((longest[0] ?? 0) + 5 <= limit, `${name} ${job}`);
            assert.ok((longest[0] ?? 0) + 5 <= 60, `the credentials of ${name} ${job}`);
        }
    });

    it("keep no file of events, which holds secrets, as an artifact", () => {
        const paths = steps
            .filter(({ uses = "" }) => uses.startsWith("actions/upload-artifact@"))
            .map((step) => step.with?.["path"] ?? "");
        assert.deepEqual(
            paths.filter((path) => path.includes("jsonl") || path.includes("temp")),
            [],
        );
        const written = steps.flatMap(({ run = "" }) =>
            npmRuns(run).flatMap(({ args }) => args.filter((_, index) => args[index - 1] === "--events")),
        );
        assert.ok(written.length >= 6);
        assert.deepEqual(
            written.filter((path) => !path.startsWith('"$RUNNER_TEMP/')),
            [],
        );
    });

    it("put nothing that others write into a shell script", () => {
        assert.deepEqual(
            steps.flatMap(({ run = "" }) => run.match(/\$\{\{.*?\}\}/g) ?? []),
            [],
        );
    });

    it("read these variables and this secret, which docs/DELIVERY.md lists", () => {
        const files = [
            ...workflowNames.map((name) => text("workflows", name)),
            ...actionNames.map((name) => text("actions", name, "action.yml")),
        ].join("\n");
        const plain = [...files.matchAll(/\b(vars|secrets)\.(\w+)/g)].map(
            ([, from, name]) => `${from}.${name}`,
        );
        const formatted = [...files.matchAll(/vars\[format\('(\w+)\{0\}'/g)].map(
            ([, name]) => `vars.${name}*`,
        );
        const used = [...new Set([...plain, ...formatted])].sort();
        assert.deepEqual(used, [
            "secrets.RENOVATE_TOKEN",
            "vars.ALLOW_REPLACE",
            "vars.AWS_DEPLOY_ROLE_*",
            "vars.AWS_PREVIEW_ROLE_*",
            "vars.AWS_REGION_*",
            "vars.AWS_UPGRADE_REGION",
            "vars.AWS_UPGRADE_ROLE",
            "vars.CLUSTER_RUNNER",
            "vars.ENVIRONMENTS",
            "vars.PULUMI_BACKEND_URL_*",
            "vars.RENOVATE",
        ]);
        const documentation = readFileSync(join(projectFolder, "docs", "DELIVERY.md"), "utf8");
        for (const name of used) {
            const written = name.replace(/^\w+\./, "").replace("*", "DEV");
            assert.ok(
                documentation.includes(`\`${written}\``),
                `docs/DELIVERY.md does not tell of ${written}`,
            );
        }
    });
});

describe("commands in workflows", () => {
    const runs = steps.flatMap(({ run = "" }) => npmRuns(run));

    it("are npm scripts", () => {
        const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
            scripts: Record<string, string>;
        };
        assert.deepEqual([...new Set(runs.map(({ name }) => name))].sort(), [
            "comment",
            "diff",
            "drift",
            "lint",
            "preview",
            "test:cluster",
            "test:rules",
            "test:unit",
            "typecheck",
            "up",
            "validate",
        ]);
        assert.deepEqual(
            runs.filter(({ name }) => scripts[name] === undefined),
            [],
        );
    });

    it("have the options they are called with", () => {
        const program = commands();
        let options = 0;
        for (const { name, args } of runs.filter(({ args: each }) => each.length > 0)) {
            const command = program.commands.find((each) => each.name() === name);
            assert.ok(command, name);
            const known = command.options.map(({ long }) => long);
            const used = args.filter((arg) => arg.startsWith("--"));
            options += used.length;
            assert.deepEqual(
                used.filter((option) => !known.includes(option)),
                [],
                name,
            );
        }
        assert.ok(options > 20);
    });

    it("use the Pulumi CLI in the version of the SDK", () => {
        const { version } = { version: actions["setup"].runs.steps.find(({ id }: any) => id === "version") };
        const script = version.run as string;
        const folder = mkdtempSync(join(tmpdir(), "spywatcher-workflow-"));
        try {
            const output = join(folder, "output");
            execFileSync("bash", ["-e", "-c", script], {
                cwd: projectFolder,
                env: { ...process.env, GITHUB_OUTPUT: output },
            });
            const { dependencies } = JSON.parse(
                readFileSync(join(projectFolder, "package.json"), "utf8"),
            ) as { dependencies: Record<string, string> };
            assert.equal(readFileSync(output, "utf8"), `pulumi=${dependencies["@pulumi/pulumi"]}\n`);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("Renovate", () => {
    const config = JSON.parse(readFileSync(join(projectFolder, "renovate.json"), "utf8")) as {
        customManagers: {
            managerFilePatterns: string[];
            matchStrings: string[];
            matchStringsStrategy?: string;
            datasourceTemplate: string;
            depNameTemplate?: string;
            packageNameTemplate?: string;
        }[];
    };

    /** What the managers of `infra/versions.ts` find in it, as Renovate applies them. */
    function found(file: string): string[] {
        return config.customManagers.flatMap((manager) => {
            const { matchStrings, matchStringsStrategy, datasourceTemplate, depNameTemplate } = manager;
            assert.deepEqual(manager.managerFilePatterns, ["infra/versions.ts"]);
            const expressions = matchStrings.map((each) => new RegExp(each, "g"));
            const last = expressions.at(-1) ?? assert.fail();
            const parts =
                matchStringsStrategy === "recursive"
                    ? [...file.matchAll(expressions[0] ?? assert.fail())].map(([part]) => part)
                    : [file];
            return parts.flatMap((part) =>
                [...part.matchAll(last)].map(({ groups = {} }) => {
                    const release = /"kubernetesVersion":"([\d.]+)"/.exec(
                        manager.packageNameTemplate ?? "",
                    )?.[1];
                    const name = depNameTemplate ?? groups["depName"] ?? "";
                    return `${datasourceTemplate} ${name} ${groups["currentValue"] ?? ""}${release === undefined ? "" : ` of ${release}`}`;
                }),
            );
        });
    }

    it("finds every version of infra/versions.ts but the node images and their end", () => {
        const file = readFileSync(join(projectFolder, "infra", "versions.ts"), "utf8");
        const addons = Object.entries(kubernetesReleases).flatMap(([release, { addons: each }]) =>
            Object.entries(each).map(([name, version]) => `aws-eks-addon ${name} ${version} of ${release}`),
        );
        const chartVersions = Object.entries(charts)
            .filter(([name]) => !name.startsWith("karpenter"))
            .map(([name, { version }]) => `helm ${name} ${version}`);
        const imageVersions = Object.values(images).map(
            (each) => `docker ${each.replace(/:([^:]*)$/, " $1")}`,
        );
        assert.deepEqual(
            found(file).sort(),
            [
                ...addons,
                ...chartVersions,
                ...imageVersions,
                `docker public.ecr.aws/karpenter/karpenter ${charts.karpenter.version}`,
                `endoflife-date amazon-eks ${kubernetesVersion}`,
            ].sort(),
        );
    });
});

describe("scripts of workflows", () => {
    let folder: string;
    let calls: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-workflow-"));
        calls = join(folder, "calls");
        writeFileSync(calls, "");
        mkdirSync(join(folder, "bin"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Puts a program on the scripts' PATH that writes its arguments down, one call a line, and prints `output`. */
    function program(name: string, output = ""): void {
        const path = join(folder, "bin", name);
        const script = [
            "#!/bin/sh",
            `printf '%s|' "$@" >> '${calls}'`,
            `echo >> '${calls}'`,
            `case "$*" in *"issue list"*|*get-token*) printf '%s' '${output}' ;; esac`,
        ];
        writeFileSync(path, `${script.join("\n")}\n`);
        chmodSync(path, 0o755);
    }

    function run(
        script: string,
        args: string[],
        path = "",
    ): { status: number | null; out: string; err: string } {
        const { status, stdout, stderr } = spawnSync(join(github, "scripts", script), args, {
            encoding: "utf8",
            env: { PATH: `${path}${join(folder, "bin")}:${process.env["PATH"] ?? ""}` },
        });
        return { status, out: stdout, err: stderr };
    }

    const called = (): string[] =>
        readFileSync(calls, "utf8")
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("label|") && !line.startsWith("issue|list|"));

    it("ask for the cluster's token as oneself, and change no other call", () => {
        program("aws", "token");
        const own = join(folder, "own");
        assert.deepEqual(run("cluster-as-myself", [own]), { status: 0, out: `${own}\n`, err: "" });
        const aws = (...args: string[]) =>
            execFileSync(join(own, "aws"), args, { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } });
        const token = ["--region", "us-east-1", "eks", "get-token", "--output", "json"];
        const cluster = ["--cluster-name", "a name"];
        assert.equal(
            aws(...token, ...cluster, "--role-arn", "arn:aws:iam::123456789012:role/deploy"),
            "token",
        );
        assert.equal(
            aws(...token, "--role-arn", "arn:aws:iam::123456789012:role/deploy", ...cluster),
            "token",
        );
        aws("sts", "assume-role", "--role-arn", "arn:aws:iam::123456789012:role/other");
        assert.deepEqual(called(), [
            "--region|us-east-1|eks|get-token|--output|json|--cluster-name|a name|",
            "--region|us-east-1|eks|get-token|--output|json|--cluster-name|a name|",
            "sts|assume-role|--role-arn|arn:aws:iam::123456789012:role/other|",
        ]);
    });

    for (const { title, code, open, expected } of [
        {
            title: "open an issue when there is drift and none is open",
            code: "2",
            open: "",
            expected: ["issue|create|--title|Drift in dev|--label|drift|--body-file|drift.md|"],
        },
        {
            title: "edit the open issue when there is drift",
            code: "2",
            open: "41",
            expected: ["issue|edit|41|--body-file|drift.md|"],
        },
        {
            title: "close the open issue when there is no drift any more",
            code: "0",
            open: "41",
            expected: ["issue|close|41|--comment|Everything is as the last `up` has left it.|"],
        },
        { title: "do nothing when there is neither", code: "0", open: "", expected: [] },
    ]) {
        it(title, () => {
            program("gh", open);
            const { status, err } = run("drift-issue", ["dev", code, "drift.md"]);
            assert.deepEqual({ status, err }, { status: 0, err: "" });
            assert.deepEqual(called(), expected);
            const list = readFileSync(calls, "utf8")
                .split("\n")
                .find((line) => line.startsWith("issue|list|"));
            assert.match(
                list ?? "",
                /--jq\|map\(select\(\.title == "Drift in dev"\)\)\[0\]\.number \/\/ empty\|/,
            );
        });
    }

    it("touch no issue when drift has failed, or for a name that is none", () => {
        program("gh", "41");
        assert.equal(run("drift-issue", ["dev", "1", "drift.md"]).status, 1);
        assert.equal(run("drift-issue", ['d" or true', "2", "drift.md"]).status, 1);
        assert.deepEqual(called(), []);
    });

    describe("wait for CI", () => {
        /** What `ci-passed` does when GitHub tells these states of CI's run, one after the other. */
        function waited(...states: string[]): { status: number | null; out: string; err: string } {
            const file = join(folder, "states");
            writeFileSync(file, states.map((state) => `${state}\n`).join(""));
            const script = `#!/bin/sh\nhead -n 1 '${file}'\nsed -i 1d '${file}'\nprintf '%s|' "$@" >> '${calls}'\n`;
            writeFileSync(join(folder, "bin", "gh"), script, { mode: 0o755 });
            const { status, stdout, stderr } = spawnSync(join(github, "scripts", "ci-passed"), ["abc"], {
                encoding: "utf8",
                env: {
                    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
                    CI_INTERVAL: "0.01",
                    CI_BEGINS: "1",
                },
            });
            return { status, out: stdout, err: stderr };
        }
        const url = "https://github.com/o/r/actions/runs/1";

        it("until it has passed", () => {
            const { status, out } = waited(
                "",
                `queued  ${url}`,
                `in_progress  ${url}`,
                `completed success ${url}`,
            );
            assert.deepEqual({ status, out }, { status: 0, out: `CI has passed: ${url}\n` });
            assert.match(readFileSync(calls, "utf8"), /\|--branch\|main\|--commit\|abc\|/);
        });

        it("and refuse what it has not passed, or does not know", () => {
            for (const conclusion of ["failure", "cancelled", "skipped"]) {
                const { status, err } = waited(`completed ${conclusion} ${url}`);
                assert.equal(status, 1);
                assert.match(err, new RegExp(`^CI has not passed: ${conclusion} https`));
            }
            const { status, err } = waited();
            assert.equal(status, 1);
            assert.match(err, /^CI has no run of abc on main/);
        });
    });

    it("print the revision that costs are compared with", () => {
        const git = (...args: string[]) =>
            execFileSync(
                "git",
                ["-c", "user.name=a", "-c", "user.email=a@example.com", "-C", folder, ...args],
                { encoding: "utf8" },
            ).trim();
        const before = (type: string, commit: string) =>
            execFileSync(join(github, "scripts", "revision-before"), [commit], {
                cwd: folder,
                encoding: "utf8",
                env: { PATH: process.env["PATH"], GITHUB_REF_TYPE: type },
            }).trim();
        git("init", "--quiet");
        const commits = ["v1.0.0", "none", "v1.1.0"].map((tag) => {
            git("commit", "--quiet", "--allow-empty", "-m", tag);
            if (tag !== "none") git("tag", tag);
            return git("rev-parse", "HEAD");
        });
        const none = "0".repeat(40);
        assert.equal(before("tag", none), commits[0]);
        assert.equal(before("branch", commits[1] ?? ""), commits[1]);
        assert.equal(before("branch", none), "");
        git("checkout", "--quiet", "v1.0.0");
        assert.equal(before("tag", none), "");
    });

    it("name each variable that is missing", () => {
        const check = actions["aws"].runs.steps[0] as Required<Step>;
        const environmentFile = join(folder, "environment");
        const result = (values: Record<string, string>) =>
            spawnSync("bash", ["-e", "-o", "pipefail", "-c", check.run], {
                encoding: "utf8",
                env: {
                    PATH: process.env["PATH"],
                    GITHUB_ENV: environmentFile,
                    ENVIRONMENT: "dev",
                    ...values,
                },
            });
        const { status, stdout } = result({ ROLE: "", REGION: "", BACKEND: "" });
        assert.equal(status, 1);
        assert.deepEqual(stdout.match(/\w+_DEV/g), [
            "AWS_PREVIEW_ROLE_DEV",
            "AWS_DEPLOY_ROLE_DEV",
            "AWS_REGION_DEV",
            "PULUMI_BACKEND_URL_DEV",
        ]);
        const set = { ROLE: "arn", REGION: "us-east-1", BACKEND: "s3://bucket" };
        assert.equal(result(set).status, 0);
        assert.equal(readFileSync(environmentFile, "utf8"), "PULUMI_BACKEND_URL=s3://bucket\n");
    });
});
