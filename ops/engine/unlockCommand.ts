import { confirm } from "../confirm.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder, projectName } from "../project.ts";
import { readStackFile } from "../stackFile.ts";
import { localEngineEnvironment } from "./localState.ts";
import { isAlive, lockHolders } from "./lockFiles.ts";
import { selectStack } from "./openStack.ts";

/**
 * Takes a stack's lock away, which an operation that was killed has left. Asks first, unless `yes`. Throws an
 * OperationError when the operation is seen to run still.
 */
export async function unlockCommand(stack: string, yes: boolean, signal: AbortSignal): Promise<void> {
    const report = (line: string): void => void process.stdout.write(`${line}\n`);
    const local = readStackFile(projectFolder, stack).config.environment === "local";
    const hooks = { signal, report: buildProgress(report) };
    const handle = await selectStack({ folder: projectFolder, stack, local, hooks });
    if (handle === undefined) throw new OperationError(`There is no stack ${stack}.`, exitCodes.noStack);
    const backend = (local ? localEngineEnvironment() : process.env)["PULUMI_BACKEND_URL"] ?? "";
    const holders = lockHolders(backend, projectName(projectFolder), stack);
    const running = holders.filter(isAlive);
    if (running.length > 0) {
        const pids = running.map(({ pid, timestamp }) => `process ${pid} since ${timestamp}`).join(", ");
        throw new OperationError(
            `The operation that holds the lock of ${stack} still runs here: ${pids}. Wait for it, or end it with Ctrl-C.`,
            exitCodes.refused,
        );
    }
    for (const { username, hostname, pid, timestamp } of holders) {
        report(`locked by ${username}@${hostname}, process ${pid}, since ${timestamp}`);
    }
    if (!yes) await confirm(`Take the lock of ${stack} away? Only if nobody works on it any more.`, signal);
    await handle.cancel();
    report(`${stack} has no lock. The next up goes on where the last one ended.`);
}
