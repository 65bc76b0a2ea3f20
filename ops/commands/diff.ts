import { type Command, Option } from "commander";

import { pullRequestNumber } from "./comment.ts";

interface DiffOptions {
    base: string;
    json?: boolean;
    markdown?: boolean;
    comment?: boolean;
    artifact?: string;
    pr?: number;
    repo?: string;
    exitCode?: boolean;
}

async function diff(stacks: string[], options: DiffOptions, signal: AbortSignal): Promise<void> {
    const { compareRevisions } = await import("../diff/compareRevisions.ts");
    const { projectFolder } = await import("../project.ts");
    const { exitCodes } = await import("../exitCodes.ts");
    const { hasChanges } = await import("../changes/model.ts");
    const { artifact, pr, repo } = options;
    const changes = await compareRevisions({ folder: projectFolder, base: options.base, stacks, signal });
    const { bodyOf, writeArtifact } = await import("../comment/artifact.ts");
    if (artifact !== undefined) writeArtifact(artifact, changes);
    if (options.comment) {
        const { postAll } = await import("../comment/publish.ts");
        const target = { ...(pr !== undefined && { pr }), ...(repo !== undefined && { repo }) };
        await postAll(changes, target, signal, (line) => process.stdout.write(`${line}\n`));
    } else if (options.json) {
        process.stdout.write(`${JSON.stringify(changes, undefined, 2)}\n`);
    } else if (options.markdown) {
        process.stdout.write(changes.map(bodyOf).join("\n"));
    } else {
        const { formatChanges } = await import("../diff/table.ts");
        process.stdout.write(changes.map(formatChanges).join("\n"));
    }
    if (options.exitCode && changes.some(hasChanges)) process.exitCode = exitCodes.changesFound;
}

/** `diff --base <ref> [env...]`: what the work tree changes, without engine and credentials. */
export function addDiffCommand(program: Command, signal: AbortSignal): void {
    const forms = ["json", "markdown", "comment"];
    const form = (flags: string, description: string, name: string): Option =>
        new Option(flags, description).conflicts(forms.filter((other) => other !== name));
    program
        .command("diff")
        .description("compare the plans of the work tree with those of another revision, without credentials")
        .argument("[env...]", "stacks; default: every one that has a file")
        .requiredOption("--base <ref>", "revision to compare with, from where the work left it")
        .addOption(form("--json", "print JSON", "json"))
        .addOption(form("--markdown", "print Markdown, at most as long as a comment of GitHub", "markdown"))
        .addOption(form("--comment", "comment on the pull request, one comment for each stack", "comment"))
        .option("--artifact <file>", "write the whole text as Markdown into this file")
        .option("--pr <number>", "pull request; default: the workflow's", pullRequestNumber)
        .option("--repo <owner/name>", "repository; default: GITHUB_REPOSITORY")
        .option("--exit-code", "exit with 2 when there are changes")
        .action((stacks: string[], options: DiffOptions) => diff(stacks, options, signal));
}
