import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";

import { findPulumi, providerHome } from "../../../local/pulumi.ts";
import { isolatedCommand } from "../../../ops/engine/isolatedCommand.ts";
import type { StandIns } from "./install.ts";

export interface StandInStackArgs {
    project: string;
    stack: string;
    /** Folder of the stack file; the state is kept in it too. */
    folder: string;
    program: PulumiFn;
    standIns: StandIns;
}

function stateFolder(folder: string): string {
    return join(folder, "state");
}

/** The file with the state of a stack. The Automation API would decrypt it. */
export function stateFile({
    folder,
    project,
    stack,
}: Pick<StandInStackArgs, "folder" | "project" | "stack">): string {
    return join(stateFolder(folder), ".pulumi", "stacks", project, `${stack}.json`);
}

/** A stack whose engine finds the stand-ins. */
export async function openStandInStack({
    project,
    stack,
    folder,
    program,
    standIns,
}: StandInStackArgs): Promise<Stack> {
    const installation = await findPulumi();
    const pulumiHome = await providerHome(installation);
    const state = stateFolder(folder);
    mkdirSync(state, { recursive: true });
    return LocalWorkspace.createOrSelectStack(
        { stackName: stack, projectName: project, program },
        {
            workDir: folder,
            pulumiCommand: await isolatedCommand(installation.root),
            ...(pulumiHome !== undefined && { pulumiHome }),
            envVars: {
                PATH: standIns.path,
                PULUMI_BACKEND_URL: pathToFileURL(state).href,
                PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        },
    );
}

/** What is left in the state of operations that did not end; empty after each clean one. */
export async function pendingOperations(stack: Stack): Promise<unknown[]> {
    const { deployment } = await stack.exportStack();
    return (deployment as { pending_operations?: unknown[] }).pending_operations ?? [];
}
