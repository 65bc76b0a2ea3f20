import { type Command, Option } from "commander";

import { parseDuration } from "../duration.ts";
import type { ChangingOptions, PreviewOptions, UpOptions } from "../engine/options.ts";

const environment = ["<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml"] as const;

/** An option that may be given several times. */
export function repeatable(flags: string, description: string): Option {
    return new Option(flags, `${description} (repeatable)`).argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), value],
    );
}

/** Adds the options that every command of the engine has. */
export function withEngineOptions(command: Command): Command {
    return command
        .option("--json", "print the result as JSON; what happens meanwhile goes to standard error")
        .option("--events <file>", "write the engine's events into this file, for `comment`")
        .addOption(repeatable("--target <urn>", "limit it to this resource"))
        .addOption(
            new Option(
                "--timeout <duration>",
                "stop cleanly when the command has taken this long, as in 45m",
            ).argParser(parseDuration),
        )
        .addOption(
            new Option("--lock-timeout <duration>", "wait this long for another operation of the stack")
                .argParser(parseDuration)
                .default(0, "not at all"),
        );
}

function withUpdateOptions(command: Command): Command {
    return withEngineOptions(command)
        .addOption(repeatable("--policy-pack <folder>", "check it with this policy pack"))
        .addOption(
            repeatable("--policy-pack-config <file>", "configuration of the policy pack at the same place"),
        )
        .option("--refresh", "ask the cloud for the state of everything first")
        .option("--expect-no-changes", "fail with exit code 2 when anything would change");
}

/** `up`, `preview`, `refresh` and `unlock` of a stack. */
export function addEngineCommands(program: Command, signal: AbortSignal): void {
    const load = () => import("../engine/stackCommands.ts");

    withUpdateOptions(program.command("up"))
        .description("bring a stack to what the program says")
        .argument(...environment)
        .option("-y, --yes", "do not ask before changing anything")
        .option("--plan <file>", "do only what this plan says, which preview has saved")
        .addOption(repeatable("--allow-replace <urn>", "in production: this may be replaced or deleted"))
        .action(async (stack: string, options: UpOptions) =>
            (await load()).upCommand(stack, options, signal),
        );
    withUpdateOptions(program.command("preview"))
        .description("show what up would change, and change nothing")
        .argument(...environment)
        .option("--save-plan <file>", "write the plan into this file, for `up --plan`")
        .action(async (stack: string, options: PreviewOptions) =>
            (await load()).previewCommand(stack, options, signal),
        );
    withEngineOptions(program.command("refresh"))
        .description("bring the state to what is really there")
        .argument(...environment)
        .option("-y, --yes", "do not ask before changing the state")
        .action(async (stack: string, options: ChangingOptions) =>
            (await load()).refreshCommand(stack, options, signal),
        );
    program
        .command("unlock")
        .description("take away the lock that a killed operation has left")
        .argument(...environment)
        .option("-y, --yes", "do not ask")
        .action(async (stack: string, { yes = false }: ChangingOptions) =>
            (await import("../engine/unlockCommand.ts")).unlockCommand(stack, yes, signal),
        );
}
