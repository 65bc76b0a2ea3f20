import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, YAMLParseError } from "yaml";

import { hasSecret, type Receiver } from "../infra/platform/monitoring/receivers.ts";
import { decode } from "../stacks/decode.ts";
import { installsGrafana, signsInToGrafana } from "../stacks/features.ts";
import { parseConfig } from "../stacks/parseConfig.ts";
import { ConfigError, formatProblem, plainSecretProblem, type Problem, valueAt } from "../stacks/problems.ts";
import type { Config } from "../stacks/schema/index.ts";
import { placeholderReceiverSecret, placeholderSecret, requiredSecrets } from "../stacks/schema/secrets.ts";

const namespace = "spywatcher:";

/** Secrets that other keys require. */
const conditional = {
    grafanaAdminPassword: installsGrafana,
    grafanaClientSecret: signsInToGrafana,
} as const;

function isConditional(name: string): name is keyof typeof conditional {
    return name in conditional;
}

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

/** Paths below `secrets` of the values that are not encrypted. */
function plainPaths(value: unknown, path: readonly string[] = []): string[][] {
    if (isEncrypted(value)) return [];
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, each]) => plainPaths(each, [...path, key]))
        : [[...path]];
}

/**
 * Placeholders for the encrypted secrets that routing decides on: those of the receivers of alerts, each of its kind, and
 * the heartbeat's URL. `written` is the section `secrets`, or undefined when it is encrypted as a whole.
 */
function routingPlaceholders(
    raw: Record<string, unknown>,
    written: Record<string, unknown> | undefined,
): Record<string, unknown> {
    const routing = (key: string) => valueAt(raw, ["monitoring", "routing", key]);
    const list = routing("receivers");
    const receivers = (Array.isArray(list) ? list : []) as Partial<Receiver>[];
    const placeholder = (name: string): [string, string] => {
        const kind = receivers.find((each) => each.name === name)?.kind;
        return [name, placeholderReceiverSecret(kind, name)];
    };
    const own = written?.["receivers"];
    if (written === undefined || isEncrypted(own)) {
        const names = (receivers as Receiver[]).filter(hasSecret).map(({ name }) => name);
        return {
            receivers: Object.fromEntries(names.map(placeholder)),
            ...(written === undefined &&
                routing("heartbeat") !== undefined && { heartbeatUrl: placeholderSecret("heartbeatUrl") }),
        };
    }
    if (typeof own !== "object" || own === null) return {};
    const entries = Object.entries(own).map(([name, each]: [string, unknown]): [string, unknown] =>
        isEncrypted(each) ? placeholder(name) : [name, each],
    );
    return { receivers: Object.fromEntries(entries) };
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
            : plainPaths(secrets).map((path) => plainSecretProblem(["secrets", ...path]));
    const absent = [...requiredSecrets, ...Object.keys(conditional)].filter((name) => !(name in secrets));
    const placeholders = Object.fromEntries(absent.map((name) => [name, placeholderSecret(name)]));
    const readableRaw = readable({ ...raw, secrets: undefined }, "") as Record<string, unknown>;
    readableRaw["secrets"] =
        whole || typeof written === "object"
            ? {
                  ...placeholders,
                  ...(readable(secrets, "") as object),
                  ...routingPlaceholders(raw, whole ? undefined : secrets),
              }
            : written;
    const config = parseConfig(readableRaw, { extra: plain });
    const needless = absent
        .filter((name) => isConditional(name))
        .filter((name) => !conditional[name](config));
    for (const name of needless) Reflect.deleteProperty(config.secrets, name);
    const missingSecrets = whole ? [] : absent.filter((name) => !needless.some((each) => each === name));
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
