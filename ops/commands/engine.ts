import type { Command } from "commander";

import { confirm } from "../confirm.ts";
import { changedCount, formatSummary } from "../engine/events.ts";
import { openStack } from "../engine/openStack.ts";
import { destroy, type OperationHooks, preview, up } from "../engine/operations.ts";
import { OperationError } from "../errors.ts";
import { readKubeconfig } from "../../stacks/kubeconfig.ts";
import { projectFolder } from "../project.ts";
import { buildProgress } from "../progress.ts";
import { assertSecrets, readStackFile } from "../stackFile.ts";

interface EngineOptions {
    yes?: boolean;
}

const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

async function open(stack: string, create: boolean, signal: AbortSignal) {
    const file = readStackFile(projectFolder, stack);
    if (create) assertSecrets(file, stack);
    const { kubeconfig, context } = file.config.cluster;
    // The program looks too, but here the answer comes before an engine is started or built.
    await readKubeconfig(kubeconfig, context, projectFolder);
    const local = file.config.environment === "local";
    const hooks = { signal, report: buildProgress(print) };
    return { local, handle: await openStack({ folder: projectFolder, stack, local, create, hooks }) };
}

/** `up`, `preview` and `destroy` of a stack. */
export function addEngineCommands(program: Command, signal: AbortSignal): void {
    const hooks: OperationHooks = { report: print, signal };
    const envArgument = ["<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml"] as const;

    program
        .command("up")
        .description("bring a stack to what the program says")
        .argument(...envArgument)
        .option("-y, --yes", "do not ask before changing anything")
        .action(async (stack: string, { yes }: EngineOptions) => {
            const { local, handle } = await open(stack, true, signal);
            if (handle === undefined) throw new OperationError(`The stack ${stack} could not be made.`);
            if (!yes && !local) {
                const planned = await preview(handle, hooks);
                print(formatSummary(planned));
                if (changedCount(planned) === 0) return;
                await confirm(`Apply this to ${stack}?`, signal);
            }
            const result = await up(handle, hooks);
            print(formatSummary(result));
            for (const [name, { value, secret }] of Object.entries(result.outputs)) {
                print(`${name}: ${secret ? "[secret]" : String(value)}`);
            }
        });

    program
        .command("preview")
        .description("show what up would change, and change nothing")
        .argument(...envArgument)
        .action(async (stack: string) => {
            const { handle } = await open(stack, true, signal);
            if (handle === undefined) throw new OperationError(`The stack ${stack} could not be made.`);
            print(formatSummary(await preview(handle, hooks)));
        });

    program
        .command("destroy")
        .description("delete everything a stack holds")
        .argument(...envArgument)
        .option("-y, --yes", "do not ask before deleting")
        .action(async (stack: string, { yes }: EngineOptions) => {
            const { handle } = await open(stack, false, signal);
            if (handle === undefined) {
                print(`There is no stack ${stack}: nothing to delete.`);
                return;
            }
            if (!yes) await confirm(`Delete everything in ${stack}?`, signal);
            print(formatSummary(await destroy(handle, hooks)));
        });
}
