import { execFileSync } from "node:child_process";

/** Command lines of the processes that mention a text, such as the folder they work in. */
export function processesWith(text: string): string[] {
    return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
        .split("\n")
        .filter((line) => line.includes(text));
}

/** Ids of the processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
    return execFileSync("ps", ["-eo", "pid,ppid"], { encoding: "utf8" })
        .split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter(([, parent]) => parent === pid)
        .map(([child = 0]) => child);
}
