import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

import { projectFolder } from "./plans.ts";

export interface CommandResult {
    code: number | null;
    stdout: string;
    stderr: string;
}

export interface RunningCommand {
    child: ChildProcess;
    /** Everything printed so far. */
    output: () => string;
    result: Promise<CommandResult>;
}

export interface CommandOptions {
    /** Environment variables to add. */
    env?: Record<string, string>;
    /** Put the command into a process group of its own, as a terminal does. */
    detached?: boolean;
    /** Project to run in. Default: this one. */
    folder?: string;
}

/** Starts `ops` as the npm scripts do. */
export function startOps(args: readonly string[], options: CommandOptions = {}): RunningCommand {
    const folder = options.folder ?? projectFolder;
    const child = spawn(process.execPath, [join(folder, "ops", "main.ts"), ...args], {
        cwd: folder,
        env: {
            ...process.env,
            // A copy's compiled code would never be used again.
            ...(options.folder !== undefined && { NODE_DISABLE_COMPILE_CACHE: "1" }),
            ...options.env,
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: options.detached ?? false,
    });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text.stderr += chunk));
    return {
        child,
        output: () => text.stdout + text.stderr,
        result: new Promise((done) => child.once("close", (code) => done({ code, ...text }))),
    };
}

/** Runs `ops` to its end. */
export function ops(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return startOps(args, options).result;
}
