import { type Command, Option } from "commander";

import type { Plan } from "../plan/model.ts";

type Format = "table" | "json" | "yaml";

interface PlanOptions {
    json?: boolean;
    format: Format;
    criticalPath?: boolean;
    costs?: boolean;
}

function asJson(value: unknown): string {
    return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function rendered(plan: Plan, options: PlanOptions): Promise<string> {
    const { format } = options;
    const isJson = options.json === true || format === "json";
    if (options.criticalPath) {
        const { criticalPath } = await import("../criticalPath/criticalPath.ts");
        const { formatCriticalPath } = await import("../criticalPath/format.ts");
        const path = criticalPath(plan);
        return isJson ? asJson(path) : formatCriticalPath(path);
    }
    if (options.costs) {
        const { formatCosts } = await import("../costs/format.ts");
        const { monthlyCosts } = await import("../costs/monthlyCosts.ts");
        const costs = monthlyCosts(plan);
        return isJson ? asJson(costs) : formatCosts(costs);
    }
    if (isJson) return asJson(plan);
    const { formatTable, formatYaml } = await import("../plan/format.ts");
    return format === "yaml" ? formatYaml(plan) : formatTable(plan);
}

async function printPlan(stack: string, options: PlanOptions): Promise<void> {
    // Loaded here, and likewise in the other commands: the SDKs take a second that `config check` need not wait.
    const { planStack } = await import("../plan/planStack.ts");
    const { projectFolder } = await import("../project.ts");
    const { plan, missingSecrets } = await planStack(projectFolder, stack);
    process.stdout.write(await rendered(plan, options));
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
        .option(
            "--json",
            "print JSON, the whole plan unless other options say what (the same as --format json)",
        )
        .addOption(
            new Option("--format <format>", "table for people, json for programs, yaml for kubectl apply")
                .choices(["table", "json", "yaml"])
                .default("table"),
        )
        .addOption(
            new Option(
                "--critical-path",
                "print the longest chain of a first creation instead, in typical times",
            ).conflicts("costs"),
        )
        .option("--costs", "print what AWS bills each month instead, at list prices")
        .action((stack: string, options: PlanOptions) => printPlan(stack, options));
}
