import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Who holds a lock, as the engine writes it into the lock's file. */
export interface LockHolder {
    pid: number;
    username: string;
    hostname: string;
    /** When it was taken, as an ISO date. */
    timestamp: string;
}

/** The holders of a stack's locks in a backend of files; none for another backend, whose locks nobody can list. */
export function lockHolders(backend: string, project: string, stack: string): LockHolder[] {
    if (!backend.startsWith("file://")) return [];
    const folder = join(fileURLToPath(backend), ".pulumi", "locks", "organization", project, stack);
    try {
        return readdirSync(folder)
            .filter((file) => file.endsWith(".json"))
            .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as LockHolder);
    } catch {
        return [];
    }
}

/** True when the process that took the lock still runs, as far as this machine knows. */
export function isAlive({ pid, hostname: host }: LockHolder): boolean {
    if (host !== hostname()) return false;
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
