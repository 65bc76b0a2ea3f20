import { z } from "zod";

import { ConfigError, formatProblem, type Problem, valueAt } from "./problems.ts";

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/** The part of JSON Schema our schema uses. */
export interface JsonSchema {
    type?: string;
    properties?: Record<string, JsonSchema>;
    required?: string[];
    items?: JsonSchema;
    oneOf?: JsonSchema[];
    anyOf?: JsonSchema[];
    enum?: unknown[];
    const?: string;
    default?: unknown;
    examples?: unknown[];
    minimum?: number;
    maximum?: number;
    description?: string;
}

/** The part of the schema at a path; where there are alternatives, the one whose `kind` the value has. */
function schemaAt(root: JsonSchema, path: Path, raw: unknown): JsonSchema | undefined {
    let schema: JsonSchema | undefined = root;
    for (let index = 0; index <= path.length; index++) {
        const alternatives: JsonSchema[] | undefined = schema?.oneOf ?? schema?.anyOf;
        if (alternatives) {
            const kind = valueAt(raw, [...path.slice(0, index), "kind"]);
            schema =
                alternatives.find((each) => each.properties?.["kind"]?.const === kind) ?? alternatives[0];
        }
        const key = path[index];
        if (key === undefined) break;
        schema = typeof key === "number" ? schema?.items : schema?.properties?.[key];
    }
    return schema;
}

const typeNames: Record<string, string> = {
    object: "an object of keys",
    array: "a list",
    string: "a text",
    boolean: "true or false",
    number: "a number",
    integer: "a whole number",
};

function typeExpectation(schema: JsonSchema | undefined, fallback: string): string {
    const name = typeNames[schema?.type ?? fallback] ?? fallback;
    const { minimum, maximum } = schema ?? {};
    return minimum === undefined || maximum === undefined
        ? `must be ${name}`
        : `must be ${name} from ${minimum} to ${maximum}`;
}

function expectation(root: JsonSchema, issue: Issue, raw: unknown): string {
    const path = issue.path as Path;
    const missing = valueAt(raw, path) === undefined;
    switch (issue.code) {
        case "invalid_type":
            return missing ? "is required" : typeExpectation(schemaAt(root, path, raw), issue.expected);
        case "invalid_value": {
            const values = issue.values.map(String).join(", ");
            return missing ? `is required: one of ${values}` : `must be one of ${values}`;
        }
        default:
            return issue.message;
    }
}

function problemsOf(root: JsonSchema, issue: Issue, raw: unknown): Problem[] {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
        const allowed = Object.keys(schemaAt(root, path, raw)?.properties ?? {});
        return issue.keys.map((key) => ({
            path: [...path, key],
            unknownKey: true,
            message: `unknown key; allowed here: ${allowed.join(", ")}`,
        }));
    }
    return [{ path, message: expectation(root, issue, raw) }];
}

function put(root: unknown, path: Path, value: unknown): void {
    const parent = valueAt(root, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof parent !== "object" || parent === null || key === undefined) return;
    const holder = parent as Record<string | number, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, key);
    else holder[key] = value;
}

/** A configuration's schema, and what is checked across its keys. */
export interface ConfigParser<Config> {
    schema: z.ZodType<Config>;
    /** The schema as `toJsonSchema` gives it. */
    jsonSchema: JsonSchema;
    /** Problems that no single key has. */
    crossChecks: (config: Config) => Problem[];
    /** Something that the schema accepts at a path, where its examples do not say. */
    placeholder?: (path: Path) => unknown;
}

/** The schema as JSON Schema, for what people are told of it. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
    return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
}

/** The configuration with what is wrong in it replaced, so that the checks across keys can run on the rest. */
function mended<Config>(
    { schema, placeholder }: Pick<ConfigParser<Config>, "schema" | "placeholder">,
    root: JsonSchema,
    raw: unknown,
    problems: readonly Problem[],
): Config | undefined {
    const copy: unknown = structuredClone(raw);
    for (const { path } of problems) {
        // A list with a wrong element goes as a whole: a gap in it would be wrong as well.
        const element = path.findIndex((key) => typeof key === "number");
        put(copy, element < 0 ? path : path.slice(0, element), undefined);
    }
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
        const path = issue.path as Path;
        const at = schemaAt(root, path, copy);
        put(copy, path, placeholder?.(path) ?? at?.const ?? at?.enum?.[0] ?? at?.examples?.[0]);
    }
    return schema.safeParse(copy).data;
}

function startsWith(path: Path, prefix: Path): boolean {
    return prefix.every((key, index) => path[index] === key);
}

export interface ParseOptions {
    /** Problems the caller has found already. */
    extra?: readonly Problem[];
    /** Keys whose values are secret, besides `secrets`. */
    secretKeys?: readonly string[];
}

/**
 * Checks a configuration and fills in its defaults. `raw` holds what is below `spywatcher:`. Throws a ConfigError with
 * every problem at once.
 */
export function parseWith<Config>(
    parser: ConfigParser<Config>,
    raw: Record<string, unknown>,
    options: ParseOptions = {},
): Config {
    const root = parser.jsonSchema;
    const result = parser.schema.safeParse(raw);
    const wrong = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(root, issue, raw));
    const config = result.success ? result.data : mended(parser, root, raw, wrong);
    const across = (config ? parser.crossChecks(config) : []).filter((problem) =>
        [problem.path, ...(problem.related ?? [])].every(
            (path) => !wrong.some((other) => startsWith(path, other.path) || startsWith(other.path, path)),
        ),
    );
    const problems = [...wrong, ...(options.extra ?? []), ...across];
    if (problems.length > 0 || !result.success) {
        const secretKeys = ["secrets", ...(options.secretKeys ?? [])];
        throw new ConfigError(problems.map((problem) => formatProblem(problem, raw, secretKeys)));
    }
    return result.data;
}
