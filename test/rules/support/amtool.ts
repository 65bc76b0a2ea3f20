import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { stringify } from "yaml";

import { ensurePrograms } from "../../../local/build.ts";

let built: Promise<{ amtool: string }> | undefined;

/** Path of amtool, built on first use. */
async function amtool(): Promise<string> {
    built ??= ensurePrograms(["amtool"]);
    return (await built).amtool;
}

/** Runs amtool on a configuration of Alertmanager's; what it printed, and whether it found no fault. */
async function run(config: object, args: (file: string) => string[]) {
    const program = await amtool();
    const folder = await mkdtemp(join(tmpdir(), "spywatcher-routing-"));
    try {
        const file = join(folder, "alertmanager.yaml");
        await writeFile(file, stringify(config));
        const { exitCode, all } = await execa(program, args(file), { all: true, reject: false });
        return { passed: exitCode === 0, output: all };
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** Runs `amtool check-config`. */
export function checkConfig(config: object) {
    return run(config, (file) => ["check-config", file]);
}

/** Names of the receivers of an alert with these labels, by `amtool config routes test`. */
export async function receiversOf(config: object, labels: Record<string, string>): Promise<string[]> {
    const { passed, output } = await run(config, (file) => [
        ...["config", "routes", "test", `--config.file=${file}`],
        ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ]);
    if (!passed) throw new Error(output);
    return output.trim().split(",");
}
