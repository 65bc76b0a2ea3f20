import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { OperationError } from "../errors.ts";

async function writeArchitecture(check: boolean): Promise<void> {
    const { architectureFiles, documentPath, shownStacks } = await import("../architecture/document.ts");
    const { planStack } = await import("../plan/planStack.ts");
    const { projectFolder } = await import("../project.ts");
    const plans = [];
    for (const stack of shownStacks) plans.push((await planStack(projectFolder, stack)).plan);
    const document = readFileSync(join(projectFolder, documentPath), "utf8");
    const files = await architectureFiles(plans, document);
    for (const [path, content] of files) {
        const file = join(projectFolder, path);
        if (!check) writeFileSync(file, content);
        else if (readFileSync(file, "utf8") !== content) {
            throw new OperationError(`${path} is stale: run \`npm run docs:architecture\`.`);
        }
    }
}

/** `architecture`: the pictures and tables of docs/ARCHITECTURE.md. */
export function addArchitectureCommand(program: Command): void {
    program
        .command("architecture")
        .description("write the pictures and tables of docs/ARCHITECTURE.md from the plans of dev and prod")
        .option("--check", "only fail when one of them is stale")
        .action(({ check }: { check?: boolean }) => writeArchitecture(check === true));
}
