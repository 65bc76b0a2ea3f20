import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";

import { clusterKubeconfig } from "../../stacks/kubeconfig.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { buildProgress } from "../progress.ts";
import { projectFolder } from "../project.ts";
import { assertSecrets, readStackFile } from "../stackFile.ts";
import { assertAccount } from "./awsIdentity.ts";
import { openStack } from "./openStack.ts";

export interface OpenedStack {
    handle: Stack;
    config: Config;
    /** True for an environment of kind `local`. */
    local: boolean;
}

interface OpenArgs {
    stack: string;
    signal: AbortSignal;
    report: (line: string) => void;
    /** Default: the program of every stack. */
    program?: PulumiFn;
}

/**
 * Checks stack file, cluster and credentials before an engine is started, then opens the stack; one of kind `local` is made
 * when there is none. Fails as `readStackFile`, `assertSecrets`, `clusterKubeconfig`, `assertAccount` and `openStack` do.
 */
export async function openForCommand({ stack, signal, report, program }: OpenArgs): Promise<OpenedStack> {
    const file = readStackFile(projectFolder, stack);
    assertSecrets(file, stack);
    const { config } = file;
    await clusterKubeconfig(config.cluster, projectFolder);
    if (config.cluster.kind === "eks" && config.aws) {
        const { account, arn } = await assertAccount(config.aws, signal);
        report(`AWS account ${account} as ${arn}`);
    }
    const local = config.environment === "local";
    const hooks = { signal, report: buildProgress(report) };
    const handle = await openStack({
        folder: projectFolder,
        stack,
        local,
        hooks,
        ...(program && { program }),
    });
    return { handle, config, local };
}
