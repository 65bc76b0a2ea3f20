import { existsSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import { maskCredentials } from "../changes/mask.ts";
import { parsePlan } from "../changes/planFile.ts";
import { InterruptedError, OperationError, RevisionError } from "../errors.ts";
import type { Plan } from "../plan/model.ts";
import { stackNames } from "../stackFile.ts";
import type { WorkerAnswer } from "./planWorker.ts";

/** What a program needs of its environment; credentials are not among it. */
const passedOn = ["PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT", "NODE_OPTIONS"];

/** Three stacks take three seconds; a program that hangs is not waited for. */
const longestMs = 120_000;

export interface PlanRevisionArgs {
    folder: string;
    /** How messages call the revision. */
    title: string;
    stacks: readonly string[];
    signal: AbortSignal;
}

/**
 * The plans of those stacks that have a file in a project's folder, by that folder's own program, without credentials.
 * Throws a RevisionError when the project has no plans, an OperationError with every stack that cannot be planned.
 */
export async function planRevision({
    folder,
    title,
    stacks,
    signal,
}: PlanRevisionArgs): Promise<Map<string, Plan>> {
    if (!existsSync(join(folder, "ops", "plan", "planStack.ts"))) {
        throw new RevisionError(`${title} has no command \`plan\`, so it cannot be compared with.`);
    }
    const present = stackNames(folder).filter((name) => stacks.includes(name));
    if (present.length === 0) return new Map();
    const worker = await execa(
        process.execPath,
        [join(import.meta.dirname, "planWorker.ts"), folder, ...present],
        {
            cwd: folder,
            extendEnv: false,
            env: Object.fromEntries(passedOn.map((name) => [name, process.env[name]])),
            ipc: true,
            reject: false,
            timeout: longestMs,
            cancelSignal: signal,
        },
    );
    if (signal.aborted) throw new InterruptedError();
    const [answer] = worker.ipcOutput as unknown as WorkerAnswer[];
    if (answer === undefined) {
        const said = maskCredentials(worker.stderr.trim() || (worker.shortMessage ?? ""));
        throw new OperationError(`${title} cannot be planned.\n${said}`);
    }
    const problems: string[] = [];
    const plans = new Map<string, Plan>();
    for (const [stack, result] of Object.entries(answer)) {
        if ("plan" in result) plans.set(stack, parsePlan(result.plan, `What ${title} plans for ${stack}`));
        else problems.push(`${title} cannot be planned for ${stack}: ${maskCredentials(result.error)}`);
    }
    if (problems.length > 0) throw new OperationError(problems.join("\n"));
    return plans;
}
