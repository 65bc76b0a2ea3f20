import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { CommandOptions, CommandResult } from "./command.ts";
import { projectFolder } from "./plans.ts";

type Write = typeof process.stdout.write;

/** Takes what is written to a stream of this process away from it. */
function taken(chunks: string[]): Write {
    return ((chunk: string | Uint8Array, ...rest: unknown[]) => {
        chunks.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
        const done = rest.at(-1);
        if (typeof done === "function") (done as () => void)();
        return true;
    }) as Write;
}

/**
 * Runs `ops` to its end in this process, which has the SDKs already: for commands that end by themselves and where the
 * process is not the point. One at a time.
 */
export async function opsHere(
    args: readonly string[],
    { env = {}, folder = projectFolder }: Pick<CommandOptions, "env" | "folder"> = {},
): Promise<CommandResult> {
    const { run } = (await import(
        pathToFileURL(join(folder, "ops", "run.ts")).href
    )) as typeof import("../../ops/run.ts");
    const output: { stdout: string[]; stderr: string[] } = { stdout: [], stderr: [] };
    const { exitCode } = process;
    const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
    const variables = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
    Object.assign(process.env, env);
    process.exitCode = undefined;
    process.stdout.write = taken(output.stdout);
    process.stderr.write = taken(output.stderr);
    try {
        await run(args, new AbortController().signal);
        return {
            code: Number(process.exitCode ?? 0),
            stdout: output.stdout.join(""),
            stderr: output.stderr.join(""),
        };
    } finally {
        Object.assign(process.stdout, { write: writes.stdout });
        Object.assign(process.stderr, { write: writes.stderr });
        process.exitCode = exitCode;
        for (const [name, value] of variables) {
            if (value === undefined) Reflect.deleteProperty(process.env, name);
            else process.env[name] = value;
        }
    }
}
