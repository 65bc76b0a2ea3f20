import { join } from "node:path";

import { image } from "../../stacks/schema/primitives.ts";
import { programWith } from "../../stacks/index.ts";
import { withImages } from "../../stacks/withImages.ts";
import { confirm } from "../confirm.ts";
import { CommandRun } from "../engine/commandRun.ts";
import { formatSummary } from "../engine/events.ts";
import { operationFailure } from "../engine/failures.ts";
import { assertAllowed } from "../engine/guard.ts";
import { openForCommand } from "../engine/openForCommand.ts";
import { preview, up } from "../engine/operations.ts";
import { type ChangingOptions, operationOptions } from "../engine/options.ts";
import { OptionError } from "../errors.ts";
import { projectFolder } from "../project.ts";
import { formatChoice, formatDeployments } from "./format.ts";
import { type Choice, choose, deploymentsOf, type Wish } from "./history.ts";
import { imagesOfOutputs, rollbackMessage } from "./images.ts";
import { neededLines } from "./stackFileLines.ts";

export interface RollbackOptions extends ChangingOptions, Wish {
    /** Print the updates there were, and do nothing. */
    list?: boolean;
    /** URNs that may be replaced or deleted although they hold data or serve traffic. */
    allowReplace?: string[];
}

/** Number of operations of the history that are read. */
const historySize = 100;

function assertImage(option: string, value: string | undefined): void {
    if (value === undefined) return;
    const { error } = image().safeParse(value);
    if (error) throw new OptionError(`${option} ${value}: ${error.issues[0]?.message ?? "is no image"}`);
}

/** Tells which lines of the stack file would bring the former images back. */
function reminder(stack: string, { from, to }: Choice, migrates: boolean): string[] {
    const schemaJob = migrates && from.backend !== to.backend;
    const lines = neededLines(join(projectFolder, `Pulumi.${stack}.yaml`), [
        { path: ["backend", "image"], value: to.backend },
        { path: ["frontend", "image"], value: to.frontend },
        ...(schemaJob ? [{ path: ["migration", "enabled"], value: false }] : []),
    ]);
    if (lines.length === 0) return [];
    return [
        "The stack file still says otherwise. Before the next up, which goes by it, change and commit:",
        ...lines.map((line) => `  ${line}`),
        ...(schemaJob
            ? [
                  "The schema of the database was left as it is. Take app.migration.enabled away again with the next newer image.",
              ]
            : []),
    ];
}

/**
 * Brings the last good images back, by an update whose configuration is changed on its way: the stack file stays. The
 * schema of the database is left alone. Asks first, unless `yes` or a local stack.
 */
export async function rollbackCommand(
    stack: string,
    options: RollbackOptions,
    signal: AbortSignal,
): Promise<void> {
    const run = new CommandRun("rollback", stack, options, signal);
    await run.conclude(async () => {
        assertImage("--backend-image", options.backendImage);
        assertImage("--frontend-image", options.frontendImage);
        const { handle, config, local } = await openForCommand({ stack, signal, report: run.report });
        const unread = (error: unknown): never => {
            throw operationFailure("look at the history", error);
        };
        const deployments = deploymentsOf(await handle.history(historySize, 1, false).catch(unread));
        if (options.list === true) {
            run.report(formatDeployments(deployments).trimEnd());
            return { deployments };
        }
        const outputs = await handle.workspace.stackOutputs(handle.name).catch(unread);
        const choice = choose(deployments, options, imagesOfOutputs(outputs));
        formatChoice(choice).forEach(run.report);
        const schemaJob = choice.from.backend === choice.to.backend;
        handle.workspace.program = () => programWith((each) => withImages(each, choice.to, { schemaJob }));
        const operation = {
            ...operationOptions(options),
            message: rollbackMessage(choice.to, choice.from),
        };
        const planned = await preview(handle, run.hooks(), operation);
        run.report(formatSummary(planned, true));
        if (config.environment === "prod") assertAllowed(planned.steps, options.allowReplace ?? []);
        if (options.yes !== true && !local) await confirm(`Roll ${stack} back?`, signal);
        const result = await run.changing(`Rollback of ${stack}`, planned.resources, (hooks) =>
            up(handle, hooks, operation),
        );
        run.summarise(result);
        const remaining = reminder(stack, choice, config.app.migration.enabled);
        remaining.forEach(run.report);
        return { ...result, images: choice.to, stackFile: remaining };
    });
}
