import { type Command, Option } from "commander";

type Format = "table" | "json" | "yaml";

async function printPlan(stack: string, format: Format): Promise<void> {
    // Loaded here, and likewise in the other commands: the SDKs take a second that `config check` need not wait.
    const { formatTable, formatYaml } = await import("../plan/format.ts");
    const { planStack } = await import("../plan/planStack.ts");
    const { projectFolder } = await import("../project.ts");
    const { plan, missingSecrets } = await planStack(projectFolder, stack);
    if (format === "json") process.stdout.write(`${JSON.stringify(plan, undefined, 2)}\n`);
    else process.stdout.write(format === "yaml" ? formatYaml(plan) : formatTable(plan));
    if (missingSecrets.length > 0) {
        process.stderr.write(
            `Placeholders stand in for secrets that Pulumi.${stack}.yaml does not hold: ${missingSecrets.join(", ")}\n`,
        );
    }
}

/** `plan <env>`: what the program registers, without engine, credentials or network. */
export function addPlanCommand(program: Command): void {
    program
        .command("plan")
        .description("print what the program registers for a stack, offline and without credentials")
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .option("--json", "print the whole plan as JSON (the same as --format json)")
        .addOption(
            new Option("--format <format>", "table for people, json for programs, yaml for kubectl apply")
                .choices(["table", "json", "yaml"])
                .default("table"),
        )
        .action((stack: string, { json, format }: { json?: boolean; format: Format }) =>
            printPlan(stack, json ? "json" : format),
        );
}
