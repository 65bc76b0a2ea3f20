import type { Command } from "commander";

import type { DestroyOptions } from "../destroy/destroyCommand.ts";
import { withEngineOptions } from "./engine.ts";

/** `destroy <env>`: everything, in order. */
export function addDestroyCommand(program: Command, signal: AbortSignal): void {
    withEngineOptions(program.command("destroy"))
        .description("delete everything a stack holds, in order; a protected one asks for its name")
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .option("-y, --yes", "do not ask before deleting; not enough for a protected stack")
        .option("--confirm <env>", "the stack's name, in place of typing it")
        .action(async (stack: string, options: DestroyOptions) =>
            (await import("../destroy/destroyCommand.ts")).destroyCommand(stack, options, signal),
        );
}
