import * as pulumi from "@pulumi/pulumi";

import { decode } from "./decode.ts";
import { parseConfig } from "./parseConfig.ts";
import { plainSecretProblem } from "./problems.ts";
import type { Config } from "./schema/index.ts";

const namespace = "spywatcher:";

/** The SDK exports it, but its types do not say so. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/** What is configured below `spywatcher:`, as it is written, and which keys are secret. */
export function rawConfig(): { raw: Record<string, unknown>; secretKeys: string[] } {
    const all = pulumi.runtime.allConfig() as Record<string, string>;
    const keys = Object.keys(all).filter((key) => key.startsWith(namespace));
    return {
        raw: Object.fromEntries(keys.map((key) => [key.slice(namespace.length), decode(all[key] ?? "")])),
        secretKeys: keys.filter(isConfigSecret).map((key) => key.slice(namespace.length)),
    };
}

/**
 * The configuration of the running stack. With `rawConfig` the only reader of Pulumi's configuration. Throws a ConfigError
 * that lists every problem, before any resource is registered.
 */
export function loadConfig(): Config {
    const { raw, secretKeys } = rawConfig();
    const plain =
        raw["environment"] !== "local" && raw["secrets"] !== undefined && !secretKeys.includes("secrets");
    return parseConfig(raw, { extra: plain ? [plainSecretProblem(["secrets"])] : [], secretKeys });
}
