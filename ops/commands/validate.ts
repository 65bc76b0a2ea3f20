import { type Command, InvalidArgumentError } from "commander";

import type { ValidateOptions } from "../validate/validateCommand.ts";
import { refuseIgnored } from "./refuseIgnored.ts";

function seconds(text: string): number {
    const value = Number(text);
    if (!(value > 0)) throw new InvalidArgumentError("must be a number of seconds above 0.");
    return value;
}

function names(text: string, earlier: string[] = []): string[] {
    return [...earlier, ...text.split(",").map((name) => name.trim())];
}

/** `validate <env>`: whether a deployment is what it should be. */
export function addValidateCommand(program: Command, signal: AbortSignal): void {
    program
        .command("validate")
        .description(
            "check that a deployed stack is as planned, and able to scale and to update without a gap",
        )
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .option("--json", "print JSON: an array of {check, object, status, message, remedy}")
        .option("--junit <file>", "also write the result as JUnit's XML")
        .option("--watch [seconds]", "repeat until all checks pass (default: every 5 s)", seconds)
        .option("--timeout <seconds>", "with --watch: give up after this time", seconds)
        .option("--only <checks>", "run these checks only, separated by commas", names)
        .option("--skip <checks>", "leave these checks out", names)
        .option("--strict", "warnings fail too")
        .option("--verbose", "every object, and the pods' CPU and memory (or VERBOSE=true)")
        .option("--kubeconfig <file>", "kubeconfig to use instead of the stack's or kubectl's")
        .option("--context <name>", "context in it")
        .addHelpText(
            "after",
            "\nNAMESPACE=<name> looks into another namespace than the stack's. An unknown name after --only lists the checks.",
        )
        .hook("preAction", (command) => {
            if (command.opts<ValidateOptions>().watch === undefined) {
                refuseIgnored(command, "without --watch", ["timeout"]);
            }
        })
        .action(async (stack: string, options: ValidateOptions) => {
            const { validateCommand } = await import("../validate/validateCommand.ts");
            process.exitCode = await validateCommand(stack, options, signal);
        });
}
