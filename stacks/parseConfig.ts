import { crossChecks } from "./checks/index.ts";
import { type ConfigParser, type ParseOptions, parseWith, toJsonSchema } from "./parseSchema.ts";
import { type Config, configSchema } from "./schema/index.ts";
import { placeholderSecret } from "./schema/secrets.ts";

/** The schema as JSON Schema, for what people are told of it. */
export const jsonSchema = toJsonSchema(configSchema);

const parser: ConfigParser<Config> = {
    schema: configSchema,
    jsonSchema,
    crossChecks,
    placeholder: ([section, key]) => (section === "secrets" ? placeholderSecret(String(key)) : undefined),
};

/** Checks a stack's configuration and fills in its defaults; see `parseWith`. */
export function parseConfig(raw: Record<string, unknown>, options: ParseOptions = {}): Config {
    return parseWith(parser, raw, options);
}
