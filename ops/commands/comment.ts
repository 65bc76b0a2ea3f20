import { type Command, InvalidArgumentError, Option } from "commander";

import type { ChangeSet } from "../changes/model.ts";
import { CommentError, OperationError } from "../errors.ts";

interface CommentOptions {
    events?: string;
    base?: string;
    planBase?: string;
    planHead?: string;
    artifact?: string;
    pr?: number;
    repo?: string;
    dryRun?: boolean;
}

/** The number of a pull request, from an option. */
export function pullRequestNumber(text: string): number {
    if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It is the number of a pull request.");
    return Number(text);
}

/** What the work tree changes since another revision; a note in its place when one of the two cannot be planned. */
async function changesSince(base: string, stack: string, signal: AbortSignal): Promise<ChangeSet | string> {
    const { compareRevisions } = await import("../diff/compareRevisions.ts");
    const { projectFolder } = await import("../project.ts");
    try {
        const [changes] = await compareRevisions({ folder: projectFolder, base, stacks: [stack], signal });
        return changes ?? `There is nothing to compare with in ${base}.`;
    } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        return `Costs cannot be compared with ${base}: ${error.message}`;
    }
}

/** What the engine told, with the costs that the comparison with another revision tells. */
function withCosts(changes: ChangeSet, base: string, compared: ChangeSet | string): ChangeSet {
    if (typeof compared === "string") return { ...changes, notes: [...changes.notes, compared] };
    const { costs } = compared;
    if (costs === undefined) return changes;
    return { ...changes, costs, notes: [...changes.notes, `Costs are compared with those of ${base}.`] };
}

async function changesOf(
    stack: string,
    { events, base, planBase, planHead }: CommentOptions,
    signal: AbortSignal,
): Promise<ChangeSet | undefined> {
    const { changesOfEvents } = await import("../changes/fromEvents.ts");
    const { readEvents } = await import("../changes/eventFile.ts");
    const { changesOfPlans } = await import("../changes/fromPlans.ts");
    const { readPlan } = await import("../changes/planFile.ts");
    const { projectFolder, projectName } = await import("../project.ts");
    const plans =
        planBase === undefined || planHead === undefined
            ? undefined
            : changesOfPlans(readPlan(planBase), readPlan(planHead));
    if (plans !== undefined && plans.stack !== stack) {
        throw new CommentError(`The plans are of stack ${plans.stack}, not of ${stack}.`, "usage");
    }
    if (events === undefined) return plans;
    const changes = changesOfEvents(projectName(projectFolder), stack, readEvents(events));
    if (base !== undefined) return withCosts(changes, base, await changesSince(base, stack, signal));
    return plans?.costs === undefined ? changes : { ...changes, costs: plans.costs };
}

async function comment(stack: string, options: CommentOptions, signal: AbortSignal): Promise<void> {
    const { planBase, planHead, artifact, pr, repo } = options;
    if ((planBase === undefined) !== (planHead === undefined)) {
        throw new CommentError("--plan-base and --plan-head belong together.", "usage");
    }
    const changes = await changesOf(stack, options, signal);
    if (changes === undefined) {
        throw new CommentError(
            "There is nothing to tell: pass --events, or --plan-base and --plan-head.",
            "usage",
        );
    }
    const { bodyOf, writeArtifact } = await import("../comment/artifact.ts");
    if (artifact !== undefined) writeArtifact(artifact, [changes]);
    if (options.dryRun) {
        process.stdout.write(bodyOf(changes));
        return;
    }
    const { postAll } = await import("../comment/publish.ts");
    const target = { ...(pr !== undefined && { pr }), ...(repo !== undefined && { repo }) };
    await postAll([changes], target, signal, (line) => process.stdout.write(`${line}\n`));
}

/** `comment <env>`: what an operation changes, as a comment on the pull request. */
export function addCommentCommand(program: Command, signal: AbortSignal): void {
    program
        .command("comment")
        .description("comment on a pull request what a preview or an update changes, or edit the comment")
        .argument("<env>", "stack that the events are of")
        .option("--events <file>", "the engine's events, or what `pulumi preview --json` prints")
        .addOption(
            new Option("--base <ref>", "with --events: revision whose costs are compared with").conflicts([
                "planBase",
                "planHead",
            ]),
        )
        .option(
            "--plan-base <file>",
            "plan before, as JSON: for the costs, and for the changes without --events",
        )
        .option("--plan-head <file>", "plan after, as JSON")
        .option("--artifact <file>", "write the whole text into this file, however long")
        .option("--pr <number>", "pull request; default: the workflow's", pullRequestNumber)
        .option("--repo <owner/name>", "repository; default: GITHUB_REPOSITORY")
        .option("--dry-run", "print the comment instead of posting it")
        .action((stack: string, options: CommentOptions) => comment(stack, options, signal));
}
