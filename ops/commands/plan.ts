import { type Command, Option } from "commander";

import { formatTable, formatYaml } from "../plan/format.ts";
import { planStack } from "../plan/planStack.ts";
import { projectFolder } from "../project.ts";

type Format = "table" | "json" | "yaml";

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
        .action(async (stack: string, options: { json?: boolean; format: Format }) => {
            const { plan, missingSecrets } = await planStack(projectFolder, stack);
            const format = options.json ? "json" : options.format;
            if (format === "json") process.stdout.write(`${JSON.stringify(plan, undefined, 2)}\n`);
            else if (format === "yaml") process.stdout.write(formatYaml(plan));
            else process.stdout.write(formatTable(plan));
            if (missingSecrets.length > 0) {
                process.stderr.write(
                    `Placeholders stand in for secrets that Pulumi.${stack}.yaml does not hold: ${missingSecrets.join(", ")}\n`,
                );
            }
        });
}
