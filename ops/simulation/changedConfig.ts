import { parse } from "yaml";

import { parseConfig } from "../../stacks/parseConfig.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { OperationError } from "../errors.ts";

/** Puts a value at a path of keys, making the sections on the way. */
function put(section: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
    if (rest.length === 0) {
        section[key] = value;
        return;
    }
    const next = section[key];
    const child = typeof next === "object" && next !== null ? { ...next } : {};
    section[key] = child;
    put(child, rest, value);
}

/**
 * A configuration with keys changed by texts such as `app.backend.autoscaling.maxReplicas=20`; values are YAML. Throws
 * an OperationError for another form and a ConfigError for a key or value that the configuration does not allow.
 */
export function changedConfig(config: Config, settings: readonly string[]): Config {
    const raw: Record<string, unknown> = { ...config };
    for (const setting of settings) {
        const [, path, value] = /^(?:spywatcher:)?([A-Za-z0-9.]+)=(.*)$/s.exec(setting) ?? [];
        if (path === undefined || value === undefined) {
            throw new OperationError(
                `--set ${setting}: must be a key and a value, as in app.backend.autoscaling.maxReplicas=20.`,
            );
        }
        put(raw, path.split("."), parse(value));
    }
    return parseConfig(raw);
}
