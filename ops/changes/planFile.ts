import { readFileSync } from "node:fs";

import { z } from "zod";

import { OperationError } from "../errors.ts";
import type { Plan } from "../plan/model.ts";

/** A plan as another revision may have printed it: what it lacks gets the value that changes nothing. */
const planSchema = z.object({
    project: z.string(),
    stack: z.string(),
    resources: z.array(
        z.object({
            urn: z.string(),
            type: z.string(),
            name: z.string(),
            custom: z.boolean(),
            parent: z.string().nullable().default(null),
            provider: z.string().nullable().default(null),
            inputs: z.record(z.string(), z.unknown()),
            dependsOn: z.array(z.string()).default([]),
            protect: z.boolean().default(false),
            ignoreChanges: z.array(z.string()).default([]),
            aliases: z.array(z.string()).default([]),
            retainOnDelete: z.boolean().default(false),
            deletedWith: z.string().nullable().default(null),
            customTimeouts: z.record(z.string(), z.string()).default({}),
        }),
    ),
    outputs: z.record(z.string(), z.unknown()).default({}),
});

/** Checks that a value is a plan. Throws an OperationError that begins with `where`. */
export function parsePlan(value: unknown, where: string): Plan {
    const result = planSchema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new OperationError(
        `${where} is not a plan, as \`npm run --silent plan -- <env> --json\` prints it: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    );
}

/** Reads a plan from a file. Throws an OperationError that names the file. */
export function readPlan(file: string): Plan {
    let value: unknown;
    try {
        value = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new OperationError(`Cannot read the plan ${file}: ${(error as Error).message}`);
    }
    return parsePlan(value, file);
}
