import { execFileSync } from "node:child_process";

/** Command lines of the processes that mention a text, such as the folder they work in. */
export function processesWith(text: string): string[] {
    return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
        .split("\n")
        .filter((line) => line.includes(text));
}
