import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { clusterFolder } from "../../local/paths.ts";

/** Folder of the state of stacks of kind `local`: it goes with the embedded cluster. */
export function localStateFolder(): string {
    return join(clusterFolder(), "pulumi");
}

/**
 * Environment variables of the CLI for a stack of kind `local`. The passphrase encrypts made-up secrets only; the
 * `encryptionsalt` of Pulumi.local.yaml belongs to it.
 */
export function localEngineEnvironment(): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: pathToFileURL(localStateFolder()).href,
        PULUMI_CONFIG_PASSPHRASE: "spywatcher-local",
    };
}
