import type { Command } from "commander";

import type { DriftOptions } from "../drift/driftCommand.ts";
import { withEngineOptions } from "./engine.ts";

/** `drift <env>`: what somebody else has changed or deleted. */
export function addDriftCommand(program: Command, signal: AbortSignal): void {
    withEngineOptions(program.command("drift"))
        .description(
            "look at everything in a stack and tell what is not as the last up has left it; change nothing",
        )
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .option("--report <file>", "write it as Markdown for an issue into this file")
        .action(async (stack: string, options: DriftOptions) =>
            (await import("../drift/driftCommand.ts")).driftCommand(stack, options, signal),
        );
}
