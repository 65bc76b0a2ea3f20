import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, YAMLParseError } from "yaml";

import { decode } from "../stacks/decode.ts";
import { installsGrafana } from "../stacks/features.ts";
import { parseConfig } from "../stacks/parseConfig.ts";
import { ConfigError, formatProblem, plainSecretProblem, type Problem } from "../stacks/problems.ts";
import type { Config } from "../stacks/schema/index.ts";
import { placeholderSecret, requiredSecrets } from "../stacks/schema/secrets.ts";

const namespace = "spywatcher:";

/** Required only where Grafana is installed, which other keys decide. */
const grafanaSecret = "grafanaAdminPassword";

/** There is no such stack, or its file cannot be read; the message says what to do. */
export class StackFileError extends Error {
    override readonly name = "StackFileError";
}

/** Names of the stacks that have a file in the project's folder. */
export function stackNames(folder: string): string[] {
    return readdirSync(folder)
        .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
        .filter((name) => name !== undefined)
        .sort();
}

function isEncrypted(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).join() === "secure";
}

/** Replaces encrypted values, which only the engine can read, by placeholders the schema accepts. */
function readable(value: unknown, name: string): unknown {
    if (isEncrypted(value)) return placeholderSecret(name);
    if (Array.isArray(value)) return value.map((each) => readable(each, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each, key)]));
}

/** A stack's configuration as far as it can be known without decrypting anything. */
export interface StackFile {
    config: Config;
    /** Required secrets that the file does not hold; placeholders stand in for them. */
    missingSecrets: string[];
}

/**
 * Reads and checks `Pulumi.<stack>.yaml`. Values that are encrypted, and required secrets that are missing, are replaced
 * by placeholders. Throws a StackFileError when there is no such file and a ConfigError with every problem in it.
 */
export function readStackFile(folder: string, stack: string): StackFile {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    if (!existsSync(file)) {
        throw new StackFileError(
            `There is no stack "${stack}" (no file ${file}); there are: ${stackNames(folder).join(", ")}.`,
        );
    }
    let parsed: { config?: Record<string, unknown> } | null;
    try {
        parsed = parse(readFileSync(file, "utf8")) as typeof parsed;
    } catch (error) {
        if (error instanceof YAMLParseError)
            throw new StackFileError(`${file} is not YAML: ${error.message}`);
        throw error;
    }
    const raw: Record<string, unknown> = Object.fromEntries(
        Object.entries(parsed?.config ?? {})
            .filter(([key]) => key.startsWith(namespace))
            .map(([key, value]) => [
                key.slice(namespace.length),
                typeof value === "string" ? decode(value) : value,
            ]),
    );

    const written = raw["secrets"] ?? {};
    const whole = isEncrypted(written);
    const secrets = whole || typeof written !== "object" ? {} : (written as Record<string, unknown>);
    const plain: Problem[] =
        raw["environment"] === "local"
            ? []
            : Object.keys(secrets)
                  .filter((name) => !isEncrypted(secrets[name]))
                  .map((name) => plainSecretProblem(["secrets", name]));
    const absent = [...requiredSecrets, grafanaSecret].filter((name) => !(name in secrets));
    const placeholders = Object.fromEntries(absent.map((name) => [name, placeholderSecret(name)]));
    const readableRaw = readable({ ...raw, secrets: undefined }, "") as Record<string, unknown>;
    readableRaw["secrets"] =
        whole || typeof written === "object"
            ? { ...placeholders, ...(readable(secrets, "") as object) }
            : written;
    const config = parseConfig(readableRaw, { extra: plain });
    const missingSecrets = whole
        ? []
        : absent.filter((name) => name !== grafanaSecret || installsGrafana(config));
    if (!installsGrafana(config) && !(grafanaSecret in secrets)) delete config.secrets.grafanaAdminPassword;
    return { config, missingSecrets };
}

/** Throws a ConfigError when the stack file lacks a required secret: `up` needs them all. */
export function assertSecrets({ missingSecrets }: StackFile, stack: string): void {
    if (missingSecrets.length === 0) return;
    throw new ConfigError(
        missingSecrets.map((name) =>
            formatProblem(
                {
                    path: ["secrets", name],
                    message: `is required; set it with \`pulumi config set --stack ${stack} --secret --path 'spywatcher:secrets.${name}'\``,
                },
                {},
            ),
        ),
    );
}
