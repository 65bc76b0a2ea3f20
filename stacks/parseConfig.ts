import { z } from "zod";

import { crossChecks } from "./checks.ts";
import { ConfigError, formatProblem, type Problem, valueAt } from "./problems.ts";
import { type Config, configSchema } from "./schema/index.ts";

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;
interface JsonSchema {
    properties?: Record<string, JsonSchema>;
    items?: JsonSchema;
    oneOf?: JsonSchema[];
    anyOf?: JsonSchema[];
    examples?: unknown[];
    const?: unknown;
}

/** The schema as JSON Schema, for what people are told of it. */
export const jsonSchema = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;

/** The part of the schema at a path; where there are alternatives, the one whose `kind` the value has. */
function schemaAt(path: Path, raw: unknown): JsonSchema | undefined {
    let schema: JsonSchema | undefined = jsonSchema;
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

function expectation(issue: Issue, missing: boolean): string {
    switch (issue.code) {
        case "invalid_type": {
            if (missing) return "is required";
            const names: Record<string, string> = {
                object: "an object of keys",
                array: "a list",
                string: "a text",
                boolean: "true or false",
                number: "a number",
                int: "a whole number",
            };
            return `must be ${names[issue.expected] ?? issue.expected}`;
        }
        case "invalid_value":
            return missing
                ? `is required: one of ${issue.values.map(String).join(", ")}`
                : `must be one of ${issue.values.map(String).join(", ")}`;
        default:
            return issue.message;
    }
}

function problemsOf(issue: Issue, raw: unknown): Problem[] {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
        const allowed = Object.keys(schemaAt(path, raw)?.properties ?? {});
        return issue.keys.map((key) => ({
            path: [...path, key],
            message: `unknown key; allowed here: ${allowed.join(", ")}`,
        }));
    }
    return [{ path, message: expectation(issue, valueAt(raw, path) === undefined) }];
}

function put(root: unknown, path: Path, value: unknown): void {
    const parent = valueAt(root, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof parent !== "object" || parent === null || key === undefined) return;
    const holder = parent as Record<string | number, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, key);
    else holder[key] = value;
}

/** The configuration with what is wrong in it replaced, so that the checks across keys can run on the rest. */
function mended(raw: unknown, problems: readonly Problem[]): Config | undefined {
    const copy: unknown = structuredClone(raw);
    for (const { path } of problems) put(copy, path, undefined);
    const result = configSchema.safeParse(copy);
    if (result.success) return result.data;
    for (const { path } of result.error.issues)
        put(copy, path as Path, schemaAt(path as Path, copy)?.examples?.[0]);
    return configSchema.safeParse(copy).data;
}

function startsWith(path: Path, prefix: Path): boolean {
    return prefix.every((key, index) => path[index] === key);
}

/**
 * Checks a configuration and fills in its defaults. `raw` holds what is below `spywatcher:`, `extra` problems the caller
 * has found already. Throws a ConfigError with every problem at once.
 */
export function parseConfig(raw: Record<string, unknown>, extra: readonly Problem[] = []): Config {
    const result = configSchema.safeParse(raw);
    const wrong = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, raw));
    const config = result.success ? result.data : mended(raw, wrong);
    const across = (config ? crossChecks(config) : []).filter((problem) =>
        [problem.path, ...(problem.related ?? [])].every(
            (path) => !wrong.some((other) => startsWith(path, other.path) || startsWith(other.path, path)),
        ),
    );
    const problems = [...wrong, ...extra, ...across];
    if (problems.length > 0 || !result.success) {
        throw new ConfigError(problems.map((problem) => formatProblem(problem, raw)));
    }
    return result.data;
}
