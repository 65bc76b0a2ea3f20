import { delimiter, dirname } from "node:path";

import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import * as automationErrors from "@pulumi/pulumi/automation/errors.js";
import { execa } from "execa";

interface CommandResult {
    stdout: string;
    stderr: string;
    code: number;
    toString: () => string;
}

/** Internal to the SDK, which maps the engine's messages to its error classes with it. */
const { createCommandError } = automationErrors as unknown as {
    createCommandError: (result: CommandResult) => Error;
};

function commandResult(stdout: string, stderr: string, code: number): CommandResult {
    return {
        stdout,
        stderr,
        code,
        toString: () => `code: ${code}\n stdout: ${stdout}\n stderr: ${stderr}\n`,
    };
}

/** Runs the CLI as the SDK's own `run` does, but in a process group of its own. */
async function run(
    this: PulumiCommand,
    args: string[],
    cwd: string,
    environment: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
): Promise<CommandResult> {
    // An abort that came while the SDK prepared the call has no event any more.
    signal?.throwIfAborted();
    const path = environment["PATH"] ?? process.env["PATH"] ?? "";
    const child = execa(this.command, [...args, "--non-interactive"], {
        cwd,
        env: {
            ...environment,
            PATH: `${dirname(this.command)}${delimiter}${path}`,
            PULUMI_AUTOMATION_API: "true",
        },
        detached: true,
        cleanup: false,
        reject: false,
        stripFinalNewline: false,
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => onOutput?.(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => onError?.(text));
    signal?.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
    const { stdout, stderr, exitCode, message } = await child;
    if (exitCode === 0) return commandResult(stdout, stderr, 0);
    throw createCommandError(commandResult(stdout, stderr || (message ?? ""), exitCode ?? -2));
}

/**
 * The Pulumi CLI in `root/bin`, run in a process group of its own. A Ctrl-C in a terminal goes to the whole group of
 * the foreground; together with the signal we pass on the engine would get two, and the second one makes it end at once
 * and leave operations pending.
 */
export async function isolatedCommand(root: string): Promise<PulumiCommand> {
    return Object.assign(await PulumiCommand.get({ root, skipVersionCheck: true }), { run });
}
