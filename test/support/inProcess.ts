import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { CommandOptions, CommandResult } from "./command.ts";
import { projectFolder } from "./plans.ts";

/** Takes what is written to a stream of this process, until `stop`. */
function take(stream: NodeJS.WriteStream): { text: () => string; stop: () => void } {
    const own = Object.getOwnPropertyDescriptor(stream, "write");
    const chunks: string[] = [];
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
        chunks.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
        const done = rest.at(-1);
        if (typeof done === "function") (done as () => void)();
        return true;
    };
    return {
        text: () => chunks.join(""),
        stop: () => {
            if (own) Object.defineProperty(stream, "write", own);
            else Reflect.deleteProperty(stream, "write");
        },
    };
}

/** What is printed while something runs. One at a time. */
export async function captured(body: () => Promise<void>): Promise<{ stdout: string; stderr: string }> {
    const stdout = take(process.stdout);
    const stderr = take(process.stderr);
    try {
        await body();
        return { stdout: stdout.text(), stderr: stderr.text() };
    } finally {
        stdout.stop();
        stderr.stop();
    }
}

/** Sets environment variables; the answer sets them back. */
function setVariables(env: Readonly<Record<string, string>>): () => void {
    const earlier = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
    Object.assign(process.env, env);
    return () => {
        for (const [name, value] of earlier) {
            if (value === undefined) Reflect.deleteProperty(process.env, name);
            else process.env[name] = value;
        }
    };
}

/**
 * Runs `ops` to its end in this process, which has the SDKs already: for commands that end by themselves and where the
 * process is not the point. One at a time.
 */
export async function opsHere(
    args: readonly string[],
    { env = {}, folder = projectFolder }: Pick<CommandOptions, "env" | "folder"> = {},
): Promise<CommandResult> {
    const file = pathToFileURL(join(folder, "ops", "run.ts")).href;
    const { run } = (await import(file)) as typeof import("../../ops/run.ts");
    const { exitCode } = process;
    const setBack = setVariables(env);
    process.exitCode = 0;
    try {
        const printed = await captured(() => run(args, new AbortController().signal));
        return { code: process.exitCode, ...printed };
    } finally {
        setBack();
        process.exitCode = exitCode;
    }
}
