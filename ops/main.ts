import { Command } from "commander";

import { addPlanCommand } from "./commands/plan.ts";

const program = new Command("ops")
    .description("Operate Discord Spywatcher's infrastructure")
    .showHelpAfterError();
addPlanCommand(program);
await program.parseAsync();
