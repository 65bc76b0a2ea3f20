import type { Command } from "commander";

interface EngineOptions {
    yes?: boolean;
}

/** `up`, `preview` and `destroy` of a stack. */
export function addEngineCommands(program: Command, signal: AbortSignal): void {
    const envArgument = ["<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml"] as const;
    const load = () => import("../engine/stackCommands.ts");

    program
        .command("up")
        .description("bring a stack to what the program says")
        .argument(...envArgument)
        .option("-y, --yes", "do not ask before changing anything")
        .action(async (stack: string, { yes = false }: EngineOptions) =>
            (await load()).upCommand(stack, yes, signal),
        );
    program
        .command("preview")
        .description("show what up would change, and change nothing")
        .argument(...envArgument)
        .action(async (stack: string) => (await load()).previewCommand(stack, signal));
    program
        .command("destroy")
        .description("delete everything a stack holds")
        .argument(...envArgument)
        .option("-y, --yes", "do not ask before deleting")
        .action(async (stack: string, { yes = false }: EngineOptions) =>
            (await load()).destroyCommand(stack, yes, signal),
        );
}
