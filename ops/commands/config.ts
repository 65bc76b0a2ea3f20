import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";

import type { Command } from "commander";
import { stringify } from "yaml";

import { configurationReference } from "../configurationReference.ts";
import { OperationError } from "../errors.ts";
import { secretText } from "../plan/model.ts";
import { projectFolder } from "../project.ts";
import { assertSecrets, readStackFile } from "../stackFile.ts";

const referenceFile = join(projectFolder, "docs", "CONFIGURATION.md");

/** `config check <env>` and `config reference`. */
export function addConfigCommand(program: Command): void {
    const config = program.command("config").description("check configurations and describe their keys");

    config
        .command("check")
        .description("print a stack's effective configuration, or everything that is wrong with it")
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .action((stack: string) => {
            const file = readStackFile(projectFolder, stack);
            const secrets = Object.fromEntries(
                Object.keys(file.config.secrets).map((name) => [name, secretText]),
            );
            process.stdout.write(stringify({ ...file.config, secrets }, { lineWidth: 0 }));
            assertSecrets(file, stack);
        });

    config
        .command("reference")
        .description("write docs/CONFIGURATION.md from the schema")
        .option("--check", "only fail when it is stale")
        .action(({ check }: { check?: boolean }) => {
            const reference = configurationReference();
            if (!check) writeFileSync(referenceFile, reference);
            else if (readFileSync(referenceFile, "utf8") !== reference) {
                throw new OperationError(
                    "docs/CONFIGURATION.md is stale: run `npm run config -- reference`.",
                );
            }
        });
}
