import { mkdirSync } from "node:fs";

import {
    LocalWorkspace,
    type PulumiFn,
    type Stack,
    StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";

import type { BuildHooks } from "../../local/build.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { LocalClusterError } from "../../local/errors.ts";
import stackProgram from "../../stacks/index.ts";
import { OperationError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { projectName } from "../project.ts";
import { operationFailure } from "./failures.ts";
import { localEngineEnvironment, localStateFolder } from "./localState.ts";
import { isolatedCommand } from "./isolatedCommand.ts";

export interface StackArgs {
    /** Folder that holds Pulumi.yaml and the stack file. */
    folder: string;
    stack: string;
    /** True for an environment of kind `local`: its state is kept in the embedded cluster's folder. */
    local: boolean;
    hooks: BuildHooks;
    /** Default: the program of every stack. */
    program?: PulumiFn;
}

async function engineOf(local: boolean, hooks: BuildHooks) {
    try {
        const pulumi = await findPulumi(hooks);
        // A stack in the cloud keeps the user's home, with the credentials, and its engine downloads what it needs.
        return { pulumi, pulumiHome: local ? await providerHome(pulumi, hooks) : undefined };
    } catch (error) {
        if (!(error instanceof LocalClusterError)) throw error;
        throw new OperationError(
            `There is no Pulumi CLI that fits on the PATH, and none could be built here. Install the version that package.json has of @pulumi/pulumi.\n${error.message}`,
            exitCodes.noEngine,
        );
    }
}

async function workspace({ folder, stack, local, hooks, program = stackProgram }: StackArgs) {
    const { pulumi, pulumiHome } = await engineOf(local, hooks);
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

/** Says that the backend has no such stack, and what to do. */
export function noStack(stack: string, advice: string): OperationError {
    const backend = process.env["PULUMI_BACKEND_URL"] ?? "the backend you are logged in to";
    return new OperationError(`There is no stack ${stack} in ${backend}. ${advice}`, exitCodes.noStack);
}

/** The stack, or undefined when there is none. Throws an OperationError when the backend gives no answer. */
export async function selectStack(args: StackArgs): Promise<Stack | undefined> {
    const { inline, options } = await workspace(args);
    try {
        return withoutQuestions(await LocalWorkspace.selectStack(inline, options));
    } catch (error) {
        if (error instanceof StackNotFoundError) return undefined;
        throw operationFailure("look at the state", error);
    }
}

/**
 * The stack. The program runs in this process, with the stack file of the project's folder. One of kind `local` is made
 * when there is none. Another one must be there: who looks into a wrong backend must not get a second, empty production,
 * and only `pulumi stack init` knows how its secrets are to be encrypted. Throws an OperationError.
 */
export async function openStack(args: StackArgs): Promise<Stack> {
    const found = await selectStack(args);
    if (found) return found;
    if (args.local) {
        const { inline, options } = await workspace(args);
        return withoutQuestions(await LocalWorkspace.createStack(inline, options));
    }
    throw noStack(
        args.stack,
        `If that is the right backend, make it: \`pulumi stack init ${args.stack} --secrets-provider <provider>\` (see docs/DELIVERY.md).`,
    );
}
