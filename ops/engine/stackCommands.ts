import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";

import { clusterKubeconfig } from "../../stacks/kubeconfig.ts";
import { confirm } from "../confirm.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder } from "../project.ts";
import { assertSecrets, readStackFile } from "../stackFile.ts";
import { changedCount, formatSummary } from "./events.ts";
import { createStack, selectStack } from "./openStack.ts";
import { destroy, preview, up } from "./operations.ts";

const report = (line: string): void => {
    process.stdout.write(`${line}\n`);
};

interface Opened {
    handle: Stack;
    local: boolean;
}

/** Checks the stack file and the cluster before an engine is started, then opens or makes the stack. */
async function open(stack: string, signal: AbortSignal): Promise<Opened> {
    const file = readStackFile(projectFolder, stack);
    assertSecrets(file, stack);
    await clusterKubeconfig(file.config.cluster, projectFolder);
    const local = file.config.environment === "local";
    const hooks = { signal, report: buildProgress(report) };
    return { handle: await createStack({ folder: projectFolder, stack, local, hooks }), local };
}

/** Brings a stack to what the program says. Asks first, unless `yes` or a local stack. */
export async function upCommand(stack: string, yes: boolean, signal: AbortSignal): Promise<void> {
    const { handle, local } = await open(stack, signal);
    if (!yes && !local) {
        const planned = await preview(handle, { report, signal });
        report(formatSummary(planned));
        if (changedCount(planned) === 0) return;
        await confirm(`Apply this to ${stack}?`, signal);
    }
    const result = await up(handle, { report, signal });
    report(formatSummary(result));
    if (Object.keys(result.outputs).length > 0) report(stringify(result.outputs, { lineWidth: 0 }).trimEnd());
}

/** Shows what `up` would change. */
export async function previewCommand(stack: string, signal: AbortSignal): Promise<void> {
    const { handle } = await open(stack, signal);
    report(formatSummary(await preview(handle, { report, signal })));
}

/** Deletes everything a stack holds. Asks first, unless `yes`. */
export async function destroyCommand(stack: string, yes: boolean, signal: AbortSignal): Promise<void> {
    const { config } = readStackFile(projectFolder, stack);
    const local = config.environment === "local";
    const hooks = { signal, report: buildProgress(report) };
    const handle = await selectStack({ folder: projectFolder, stack, local, hooks });
    if (handle === undefined) {
        report(`There is no stack ${stack}: nothing to delete.`);
        return;
    }
    if (!yes) await confirm(`Delete everything in ${stack}?`, signal);
    report(formatSummary(await destroy(handle, { report, signal })));
}
