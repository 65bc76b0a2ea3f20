/**
 * Plans stacks of a project in a process of its own, since the SDK keeps one program's settings per process: arguments are
 * the project's folder and the stacks, the answer is a message to the parent.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { keepCompiledCode } from "../compileCache.ts";

/** The plan of a stack, or why there is none. */
export type WorkerAnswer = Record<string, { plan: unknown } | { error: string }>;

keepCompiledCode();
const [folder = "", ...stacks] = process.argv.slice(2);
const { planStack } = (await import(pathToFileURL(join(folder, "ops", "plan", "planStack.ts")).href)) as {
    planStack: (folder: string, stack: string) => Promise<{ plan: unknown }>;
};
const answer: WorkerAnswer = {};
for (const stack of stacks) {
    try {
        answer[stack] = { plan: (await planStack(folder, stack)).plan };
    } catch (error) {
        answer[stack] = { error: error instanceof Error ? error.message : String(error) };
    }
}
process.send?.(answer);
