import { mkdirSync } from "node:fs";

import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";

import type { BuildHooks } from "../../local/build.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import program from "../../stacks/index.ts";
import { projectName } from "../project.ts";
import { localEngineEnvironment, localStateFolder } from "./localState.ts";
import { isolatedCommand } from "./isolatedCommand.ts";

export interface StackArgs {
    /** Folder that holds Pulumi.yaml and the stack file. */
    folder: string;
    stack: string;
    /** True for an environment of kind `local`: its state is kept in the embedded cluster's folder. */
    local: boolean;
    hooks: BuildHooks;
}

async function workspace({ folder, stack, local, hooks }: StackArgs) {
    const pulumi = await findPulumi(hooks);
    // A stack in the cloud keeps the user's home, with the credentials, and its engine downloads what it needs.
    const pulumiHome = local ? await providerHome(pulumi, hooks) : undefined;
    if (local) mkdirSync(localStateFolder(), { recursive: true, mode: 0o700 });
    return {
        inline: { stackName: stack, projectName: projectName(folder), program },
        options: {
            workDir: folder,
            pulumiCommand: await isolatedCommand(pulumi.root),
            ...(pulumiHome !== undefined && { pulumiHome }),
            envVars: {
                PULUMI_SKIP_UPDATE_CHECK: "true",
                ...(local && localEngineEnvironment()),
            },
        },
    };
}

/**
 * Keeps the SDK from asking the CLI three times more after each operation, a second in all, for what the operation's events
 * have told already: outputs and summary.
 */
function withoutQuestions(stack: Stack): Stack {
    return Object.assign(stack, {
        outputs: () => Promise.resolve({}),
        info: () => Promise.resolve(undefined),
    });
}

/** The stack, made when there is none. The program runs in this process, with the stack file of the project's folder. */
export async function createStack(args: StackArgs): Promise<Stack> {
    const { inline, options } = await workspace(args);
    try {
        // Nearly always there is one, and trying to make it first would cost a call of the CLI.
        return withoutQuestions(await LocalWorkspace.selectStack(inline, options));
    } catch (error) {
        if (error instanceof StackNotFoundError)
            return withoutQuestions(await LocalWorkspace.createStack(inline, options));
        throw error;
    }
}

/** The stack, or undefined when there is none. */
export async function selectStack(args: StackArgs): Promise<Stack | undefined> {
    const { inline, options } = await workspace(args);
    try {
        return withoutQuestions(await LocalWorkspace.selectStack(inline, options));
    } catch (error) {
        if (error instanceof StackNotFoundError) return undefined;
        throw error;
    }
}
