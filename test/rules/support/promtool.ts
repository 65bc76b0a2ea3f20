import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { stringify } from "yaml";

import { renderGroup, type RuleGroup } from "../../../infra/observability/alertRule.ts";
import { ensurePrograms } from "../../../local/build.ts";

/** A file of promtool's unit tests beside the rules it tests. */
export interface PromtoolTest {
    /** Unique among those run together. */
    readonly name: string;
    readonly groups: readonly RuleGroup[];
    readonly stepMinutes: number;
    readonly tests: readonly object[];
}

/** What promtool said about one file. */
export interface PromtoolResult {
    readonly passed: boolean;
    readonly output: string;
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(join(tmpdir(), "spywatcher-rules-"));
    try {
        return await use(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

let built: Promise<{ promtool: string }> | undefined;

/** Path of promtool, built on first use. */
export async function promtool(): Promise<string> {
    built ??= ensurePrograms(["promtool"]);
    return (await built).promtool;
}

/** Runs `promtool check rules` on one group. */
export async function checkRules(group: RuleGroup): Promise<PromtoolResult> {
    const program = await promtool();
    return inFolder(async (folder) => {
        const file = join(folder, "rules.yaml");
        await writeFile(file, stringify({ groups: [renderGroup(group)] }));
        const { exitCode, all } = await execa(program, ["check", "rules", "--lint-fatal", file], {
            all: true,
            reject: false,
        });
        return { passed: exitCode === 0, output: all };
    });
}

/** Runs `promtool test rules` once over several files; the result of each by its name. */
export async function testRules(files: readonly PromtoolTest[]): Promise<Map<string, PromtoolResult>> {
    const program = await promtool();
    return inFolder(async (folder) => {
        await Promise.all(
            files.map(async ({ name, groups, stepMinutes, tests }) => {
                await writeFile(
                    join(folder, `${name}.rules.yaml`),
                    stringify({ groups: groups.map(renderGroup) }),
                );
                await writeFile(
                    join(folder, `${name}.yaml`),
                    stringify(
                        {
                            rule_files: [`${name}.rules.yaml`],
                            evaluation_interval: `${stepMinutes}m`,
                            group_eval_order: groups.map((group) => group.name),
                            tests,
                        },
                        { aliasDuplicateObjects: false },
                    ),
                );
            }),
        );
        const names = files.map(({ name }) => name);
        const report = join(folder, "report.xml");
        const { all, exitCode } = await execa(
            program,
            ["test", "--junit", report, "rules", ...names.map((name) => `${name}.yaml`)],
            { cwd: folder, all: true, reject: false },
        );
        const results = perFile(await readFile(report, "utf8"));
        if (names.some((name) => !results.has(name)))
            throw new Error(`promtool ended with ${exitCode}:\n${all}`);
        return results;
    });
}

// What promtool prints does not name the files; its report does.
function perFile(report: string): Map<string, PromtoolResult> {
    const suites = report.matchAll(
        /<testsuite name="([^"]+)\.yaml" tests="(\d+)" failures="(\d+)" errors="(\d+)".*?<\/testsuite>/gs,
    );
    return new Map(
        Array.from(suites, ([text, name = "", tests, failures, errors]) => [
            name,
            {
                passed: tests !== "0" && failures === "0" && errors === "0",
                output: text.replaceAll("&#xA;", "\n").replaceAll("&#34;", '"').replaceAll("&#39;", "'"),
            },
        ]),
    );
}
