import { execFile, spawn } from "node:child_process";
import { open, readFile, rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { LocalClusterError, errorCode } from "./errors.ts";

/** A process that outlives the command that started it. */
export interface ProcessRecord {
    readonly pid: number;
    /** When the process started, as the system tells it: tells the process from a later one with the same id. */
    readonly started: string;
    /** Absolute path of the program. */
    readonly program: string;
    /** File with everything that the process printed. */
    readonly log: string;
}

/** What to start. */
export interface ProcessStart {
    /** Absolute path of the program. */
    readonly program: string;
    readonly args: readonly string[];
    /** File for what the process prints; the former one stays beside it with the ending `.1`. */
    readonly log: string;
    /** Working folder. */
    readonly folder: string;
    /** The whole environment; none of this process's variables is passed on. Default: empty. */
    readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a process in a session and group of its own, with no terminal. Fails when it cannot be executed. */
export async function startProcess({
    program,
    args,
    log,
    folder,
    environment = {},
}: ProcessStart): Promise<ProcessRecord> {
    await rename(log, `${log}.1`).catch(() => undefined);
    const output = await open(log, "a", 0o600);
    try {
        const child = spawn(program, args, {
            cwd: folder,
            env: environment,
            detached: true,
            stdio: ["ignore", output.fd, output.fd],
        });
        await new Promise<void>((resolve, reject) => {
            child.once("spawn", resolve);
            child.once("error", (error) => {
                reject(new LocalClusterError(`${program} could not be started: ${error.message}`));
            });
        });
        child.unref();
        const pid = child.pid ?? 0;
        return { pid, started: (await startTime(pid)) ?? "", program, log };
    } finally {
        await output.close();
    }
}

/** True while the very process of the record runs. */
export async function isRunning(record: ProcessRecord): Promise<boolean> {
    return record.started !== "" && (await startTime(record.pid)) === record.started;
}

/**
 * Ends the process of the record, and no other that has its id by now: SIGTERM, after `patience` milliseconds
 * SIGKILL. Returns when it is gone.
 */
export async function stopProcess(record: ProcessRecord, patience = 10_000): Promise<void> {
    const deadline = Date.now() + patience;
    for (let waited = false; await isRunning(record); waited = true) {
        if (!waited) {
            send(record.pid, "SIGTERM");
        } else if (Date.now() > deadline) {
            send(record.pid, "SIGKILL");
        }
        await sleep(20);
    }
}

function send(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(-pid, signal);
    } catch (error) {
        if (errorCode(error) !== "ESRCH") {
            throw error;
        }
    }
}

/** The last lines that a process printed, for an error message. */
export async function logTail(log: string, lines = 8): Promise<string> {
    const text = await readFile(log, "utf8").catch(() => "");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** Start time of the process `pid`, or undefined when there is none or it has ended and only waits for its parent. */
async function startTime(pid: number): Promise<string | undefined> {
    return process.platform === "linux" ? startTimeOnLinux(pid) : startTimeByPs(pid);
}

async function startTimeOnLinux(pid: number): Promise<string | undefined> {
    try {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        // The second field, the program's name, may hold spaces and parentheses.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const [state] = fields;
        if (state === "Z" || state === "X") {
            return undefined;
        }
        const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
        return `${boot} ${fields[19]}`;
    } catch {
        return undefined;
    }
}

async function startTimeByPs(pid: number): Promise<string | undefined> {
    try {
        const { stdout } = await promisify(execFile)("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
            env: { ...process.env, LC_ALL: "C" },
        });
        const [state, ...started] = stdout.trim().split(/\s+/);
        return state === undefined || state === "" || state.startsWith("Z") ? undefined : started.join(" ");
    } catch {
        return undefined;
    }
}
