import { type Command, InvalidArgumentError } from "commander";

import { CommentError } from "../errors.ts";

interface CommentOptions {
    events?: string;
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

async function changesOf(stack: string, { events, planBase, planHead }: CommentOptions) {
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
    return plans?.costs === undefined ? changes : { ...changes, costs: plans.costs };
}

async function comment(stack: string, options: CommentOptions, signal: AbortSignal): Promise<void> {
    const { planBase, planHead, artifact, pr, repo } = options;
    if ((planBase === undefined) !== (planHead === undefined)) {
        throw new CommentError("--plan-base and --plan-head belong together.", "usage");
    }
    const changes = await changesOf(stack, options);
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
