import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { projectFolder } from "./plans.ts";

/** The `config` of a stack file. */
export type StackConfig = Record<string, Record<string, unknown>>;

/**
 * A copy of the project in a temporary folder whose stack file is changed; `node_modules` is shared. The caller removes
 * the folder.
 */
export function copyProject(stack: string, change: (config: StackConfig) => void): string {
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-project-"));
    for (const name of ["Pulumi.yaml", "package.json", "infra", "stacks", "ops", "local"]) {
        cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    const file = parse(readFileSync(join(projectFolder, `Pulumi.${stack}.yaml`), "utf8")) as {
        config: StackConfig;
    };
    change(file.config);
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify(file));
    return folder;
}
