import { parse, YAMLParseError } from "yaml";

import { parseConfig } from "../../stacks/parseConfig.ts";
import type { Config } from "../../stacks/schema/index.ts";
import { OptionError } from "../errors.ts";

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

function parseValue(setting: string, text: string): unknown {
    try {
        return parse(text);
    } catch (error) {
        if (!(error instanceof YAMLParseError)) throw error;
        const [reason = ""] = error.message.split(" at line ");
        throw new OptionError(`--set ${setting}: the value is not YAML: ${reason}.`);
    }
}

/**
 * A configuration with keys changed by texts such as `app.backend.autoscaling.maxReplicas=20`; values are YAML. Throws
 * an OptionError for another form and a ConfigError for a key or value that the configuration does not allow.
 */
export function changedConfig(config: Config, settings: readonly string[]): Config {
    const raw: Record<string, unknown> = { ...config };
    for (const setting of settings) {
        const [, path, value] = /^(?:spywatcher:)?([A-Za-z0-9.]+)=(.*)$/s.exec(setting) ?? [];
        if (path === undefined || value === undefined) {
            throw new OptionError(
                `--set ${setting}: must be a key and a value, as in app.backend.autoscaling.maxReplicas=20.`,
            );
        }
        put(raw, path.split("."), parseValue(setting, value));
    }
    return parseConfig(raw);
}
