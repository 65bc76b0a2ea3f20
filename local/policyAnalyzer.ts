import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts a program into `folder` by which an engine without Pulumi's plugin for Node.js starts a policy pack, and returns the
 * folder, for the engine's PATH. The plugin is part of Pulumi's releases, but no Go module, so the CLI that is built here has
 * none; the engine then asks for this program, as it did in earlier times. It starts what the plugin would start.
 */
export async function policyAnalyzer(folder: string): Promise<string> {
    const runner = join(
        import.meta.dirname,
        "..",
        "node_modules",
        "@pulumi",
        "pulumi",
        "cmd",
        "run-policy-pack",
        "index.js",
    );
    const program = join(folder, "pulumi-analyzer-policy-nodejs");
    await mkdir(folder, { recursive: true });
    const script = `#!/bin/sh\nexec '${process.execPath}' '${runner}' "$@"\n`;
    // Several processes may do so at once.
    await writeFile(`${program}.${process.pid}`, script, { mode: 0o755 });
    await rename(`${program}.${process.pid}`, program);
    return folder;
}
