import assert from "node:assert/strict";

import { ConfigError } from "../../stacks/problems.ts";
import { configOf } from "./plans.ts";

/** What is wrong with a stack file's configuration with some keys changed; empty when nothing is. */
export function problems(change: unknown, stack = "prod"): readonly string[] {
    try {
        configOf(stack, change as Parameters<typeof configOf>[1]);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}
