import { Command } from "commander";

import { addArchitectureCommand } from "./commands/architecture.ts";
import { addCommentCommand } from "./commands/comment.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addDiffCommand } from "./commands/diff.ts";
import { addDriftCommand } from "./commands/drift.ts";
import { addEngineCommands } from "./commands/engine.ts";
import { addLoadCommands } from "./commands/load.ts";
import { addLocalCommand } from "./commands/local.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addRollbackCommand } from "./commands/rollback.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { explain } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";
import { interruptSignal } from "./interrupt.ts";

const signal = interruptSignal();
const program = new Command("ops")
    .description("Operate the infrastructure of Discord Spywatcher.")
    .showHelpAfterError("(add --help for the allowed options)")
    // Commander's own code for a wrong option is that of a failure.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.badConfig));
addPlanCommand(program);
addConfigCommand(program);
addArchitectureCommand(program);
addDiffCommand(program, signal);
addCommentCommand(program, signal);
addEngineCommands(program, signal);
addDriftCommand(program, signal);
addRollbackCommand(program, signal);
addLocalCommand(program, signal);
addLoadCommands(program, signal);
addValidateCommand(program, signal);

try {
    await program.parseAsync();
} catch (error) {
    const { message, exitCode } = explain(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
}
