import { jsonSchema } from "../stacks/parseConfig.ts";
import type { JsonSchema } from "../stacks/parseSchema.ts";

interface Row {
    key: string;
    schema: JsonSchema;
    required: boolean;
}

function isGroup(schema: JsonSchema): boolean {
    return schema.properties !== undefined;
}

function allowed(schema: JsonSchema): string {
    if (schema.const !== undefined) return `\`${schema.const}\``;
    if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
    if (schema.anyOf)
        return schema.anyOf.map((each) => `{${Object.keys(each.properties ?? {}).join(", ")}}`).join(" or ");
    if (schema.oneOf) {
        const kinds = schema.oneOf.map((each) => `\`${String(each.properties?.["kind"]?.const)}\``);
        return `object of \`kind\` ${kinds.join(", ")}`;
    }
    if (schema.type === "array") return `list of ${schema.items?.type ?? "object"}s`;
    if (schema.minimum !== undefined && schema.maximum !== undefined) {
        return `${schema.minimum}–${schema.maximum}`;
    }
    return schema.type ?? "";
}

function defaultValue({ schema, required }: Row): string {
    if (required) return "required";
    return schema.default === undefined ? "none" : `\`${JSON.stringify(schema.default)}\``;
}

/** Every key below a group, deepest keys with their whole path. */
function rows(schema: JsonSchema, prefix: string): Row[] {
    return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
        const key = prefix === "" ? name : `${prefix}.${name}`;
        const required = schema.required?.includes(name) ?? false;
        return isGroup(child) ? rows(child, key) : [{ key, schema: child, required }];
    });
}

function table(lines: Row[]): string {
    const escape = (text: string): string => text.replaceAll("|", "\\|");
    return [
        "| Key | Allowed | Default | Meaning |",
        "| --- | --- | --- | --- |",
        ...lines.map(
            (row) =>
                `| \`${row.key}\` | ${escape(allowed(row.schema))} | ${escape(defaultValue(row))} | ${escape(row.schema.description ?? "")} |`,
        ),
    ].join("\n");
}

function section(name: string, schema: JsonSchema, required: boolean): string {
    const title = `## \`spywatcher:${name}\``;
    const text = schema.description ?? "";
    if (schema.oneOf) {
        const variants = schema.oneOf.map((variant) => {
            const kind = String(variant.properties?.["kind"]?.const);
            return `### \`kind: ${kind}\`\n\n${variant.description ?? ""}\n\n${table(rows(variant, ""))}`;
        });
        return [title, text, ...variants].join("\n\n");
    }
    if (isGroup(schema)) return [title, text, table(rows(schema, ""))].join("\n\n");
    return [title, text, table([{ key: name, schema, required }])].join("\n\n");
}

/** The reference of all configuration keys in Markdown, from the schema. */
export function configurationReference(): string {
    const sections = Object.entries(jsonSchema.properties ?? {}).map(([name, schema]) =>
        section(name, schema, jsonSchema.required?.includes(name) ?? false),
    );
    return `# Configuration

<!-- Written by \`npm run config -- reference\` from the schema in stacks/schema; do not edit. -->

Every key of \`Pulumi.<stack>.yaml\` below \`config:\`. Unknown keys, wrong types and impossible combinations are reported
all at once, before anything is changed; \`npm run config -- check <stack>\` shows the effective configuration.

${sections.join("\n\n")}
`;
}
