import { confirm } from "../confirm.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { CommandRun } from "./commandRun.ts";
import { changedCount, formatSummary } from "./events.ts";
import { assertAllowed } from "./guard.ts";
import { openForCommand } from "./openForCommand.ts";
import { preview, previewRefresh, refresh, up } from "./operations.ts";
import {
    type ChangingOptions,
    operationOptions,
    type PreviewOptions,
    type UpOptions,
    updateOptions,
} from "./options.ts";

function assertUnchanged(changes: number, { expectNoChanges = false }: { expectNoChanges?: boolean }): void {
    if (!expectNoChanges || changes === 0) return;
    throw new OperationError(`No changes were expected, but there are ${changes}.`, exitCodes.changesFound);
}

/**
 * Brings a stack to what the program says. Asks first, unless `yes` or a local stack. In production it looks first, and
 * stops when something would be replaced or deleted that must not be.
 */
export async function upCommand(stack: string, options: UpOptions, signal: AbortSignal): Promise<void> {
    const { yes = false, expectNoChanges = false, plan, allowReplace = [] } = options;
    const run = new CommandRun("up", stack, options, signal);
    await run.conclude(async () => {
        const { handle, config, local } = await openForCommand({ stack, signal, report: run.report });
        const guarded = config.environment === "prod";
        const asks = !yes && !local;
        let total: number | undefined;
        if (guarded || asks || expectNoChanges) {
            const planned = await preview(handle, run.hooks(), updateOptions(options));
            run.report(formatSummary(planned, true));
            total = planned.resources;
            const changes = changedCount(planned);
            assertUnchanged(changes, options);
            if (guarded) assertAllowed(planned.steps, allowReplace);
            if (changes === 0 && (asks || expectNoChanges)) return planned;
            if (asks) await confirm(`Apply this to ${stack}?`, signal);
        }
        const result = await run.changing(`Update of ${stack}`, total, (hooks) =>
            up(handle, hooks, { ...updateOptions(options), ...(plan !== undefined && { plan }) }),
        );
        run.summarise(result);
        return result;
    });
}

/** Shows what `up` would change. */
export async function previewCommand(
    stack: string,
    options: PreviewOptions,
    signal: AbortSignal,
): Promise<void> {
    const { savePlan } = options;
    const run = new CommandRun("preview", stack, options, signal);
    await run.conclude(async () => {
        const { handle } = await openForCommand({ stack, signal, report: run.report });
        const result = await preview(handle, run.hooks(), {
            ...updateOptions(options),
            ...(savePlan !== undefined && { plan: savePlan }),
        });
        run.report(formatSummary(result, true));
        assertUnchanged(changedCount(result), options);
        return result;
    });
}

/** Brings the state to what is really there. Asks first, unless `yes` or a local stack. */
export async function refreshCommand(
    stack: string,
    options: ChangingOptions,
    signal: AbortSignal,
): Promise<void> {
    const run = new CommandRun("refresh", stack, options, signal);
    await run.conclude(async () => {
        const { handle, local } = await openForCommand({ stack, signal, report: run.report });
        let total: number | undefined;
        if (options.yes !== true && !local) {
            const planned = await previewRefresh(handle, run.hooks(), operationOptions(options));
            run.report(formatSummary(planned, true));
            if (changedCount(planned) === 0) return planned;
            total = planned.resources;
            await confirm(`Write this into the state of ${stack}?`, signal);
        }
        const result = await run.changing(`Refresh of ${stack}`, total, (hooks) =>
            refresh(handle, hooks, operationOptions(options)),
        );
        run.summarise(result);
        return result;
    });
}
