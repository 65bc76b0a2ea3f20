import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";

import type { BuildHooks } from "../../local/build.ts";
import { clusterFolder } from "../../local/paths.ts";
import { findPulumi } from "../../local/pulumi.ts";
import program from "../../stacks/index.ts";
import { projectName } from "../project.ts";
import { isolatedCommand } from "./isolatedCommand.ts";

/** Encrypts made-up secrets only; Pulumi.local.yaml's `encryptionsalt` belongs to it. */
export const localPassphrase = "spywatcher-local";

export interface OpenStackArgs {
    /** Folder that holds Pulumi.yaml and the stack file. */
    folder: string;
    stack: string;
    /** True for an environment of kind `local`: its state is kept in the embedded cluster's folder. */
    local: boolean;
    /** Make the stack when there is none. */
    create: boolean;
    hooks?: BuildHooks;
}

/** Environment variables of the CLI for an environment of kind `local`. */
export function localEngineEnvironment(): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: pathToFileURL(join(clusterFolder(), "pulumi")).href,
        PULUMI_CONFIG_PASSPHRASE: localPassphrase,
    };
}

/**
 * The stack, with the program run in this process and the stack file of the project's folder. Undefined when there is
 * no such stack and `create` is false.
 */
export async function openStack(args: OpenStackArgs): Promise<Stack | undefined> {
    const { root, pulumiHome, pathEntries } = await findPulumi(args.hooks ?? {});
    if (args.local) mkdirSync(join(clusterFolder(), "pulumi"), { recursive: true, mode: 0o700 });
    const inline = { stackName: args.stack, projectName: projectName(args.folder), program };
    const options = {
        workDir: args.folder,
        pulumiCommand: await isolatedCommand(root),
        // Our own home holds no credentials: only a stack whose state is local can do with it.
        ...(args.local && pulumiHome !== undefined && { pulumiHome }),
        envVars: {
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...(pathEntries.length > 0 && {
                PATH: [...pathEntries, process.env["PATH"] ?? ""].join(":"),
            }),
            ...(args.local && localEngineEnvironment()),
        },
    };
    if (args.create) return LocalWorkspace.createOrSelectStack(inline, options);
    try {
        return await LocalWorkspace.selectStack(inline, options);
    } catch (error) {
        if (error instanceof StackNotFoundError) return undefined;
        throw error;
    }
}
