import { Command, CommanderError } from "commander";

import { addArchitectureCommand } from "./commands/architecture.ts";
import { addCommentCommand } from "./commands/comment.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addDiffCommand } from "./commands/diff.ts";
import { addEngineCommands } from "./commands/engine.ts";
import { addLoadCommands } from "./commands/load.ts";
import { addLocalCommand } from "./commands/local.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { explain } from "./errors.ts";
import { rolloutAdvice } from "./rolloutAdvice.ts";

/**
 * Runs the command line with the given arguments. The exit code is left in `process.exitCode`; what went wrong is told on
 * standard error. An abort of the signal stops what runs.
 */
export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
    const program = new Command("ops")
        .description("Operate the infrastructure of Discord Spywatcher.")
        .showHelpAfterError("(add --help for the allowed options)")
        .exitOverride();
    addPlanCommand(program);
    addConfigCommand(program);
    addArchitectureCommand(program);
    addDiffCommand(program, signal);
    addCommentCommand(program, signal);
    addEngineCommands(program, signal);
    addLocalCommand(program, signal);
    addLoadCommands(program, signal);
    addValidateCommand(program, signal);
    try {
        await program.parseAsync(args, { from: "user" });
    } catch (error) {
        // Commander has told already what is wrong with the arguments, or has shown the help.
        if (error instanceof CommanderError) {
            process.exitCode = error.exitCode;
            return;
        }
        const { message, exitCode } = explain(error);
        process.stderr.write(`${message}\n${rolloutAdvice(message)}`);
        process.exitCode = exitCode;
    }
}
