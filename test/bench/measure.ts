import { spawn } from "node:child_process";

export interface Run {
    seconds: number;
    /** Largest resident set of the process itself, in MiB. */
    memory: number;
    stdout: string;
}

const reportMemory =
    "data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS '+process.resourceUsage().maxRSS))";

/** Runs a Node program and measures it. Fails when the program does. */
export function runNode(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return new Promise((done, failed) => {
        const began = performance.now();
        const child = spawn(process.execPath, ["--import", reportMemory, ...args], {
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.once("close", (code) => {
            const seconds = (performance.now() - began) / 1000;
            const memory = Number(/maxRSS (\d+)$/.exec(stderr)?.[1] ?? Number.NaN) / 1024;
            if (code === 0) done({ seconds, memory, stdout });
            else failed(new Error(`${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`));
        });
    });
}

/** The middle value. */
export function median(values: readonly number[]): number {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    const upper = sorted[middle] ?? Number.NaN;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Results of `count` runs, one after the other. */
export async function repeat<T>(count: number, run: () => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for (let index = 0; index < count; index++) results.push(await run());
    return results;
}
