import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

/** The folder that holds Pulumi.yaml and the stack files. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Name of the Pulumi project. */
export function projectName(folder: string): string {
    return (parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}
