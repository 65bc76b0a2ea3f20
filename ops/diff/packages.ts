import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface LockFile {
    packages?: Record<string, { version?: string; dev?: boolean }>;
}

function versions(folder: string): Map<string, string> {
    const file = join(folder, "package-lock.json");
    if (!existsSync(file)) return new Map();
    const { packages = {} } = JSON.parse(readFileSync(file, "utf8")) as LockFile;
    return new Map(
        Object.entries(packages)
            .filter(([path, { dev }]) => path !== "" && dev !== true)
            .map(([path, { version }]) => [path.replace(/^node_modules\//, ""), version ?? "?"]),
    );
}

/** At most so many packages are named. */
const named = 5;

/**
 * What to say when two revisions want different packages, since both run with those installed here; undefined when they
 * want the same.
 */
export function packagesNote(base: string, head: string): string | undefined {
    const [old, next] = [versions(base), versions(head)];
    const changed = [...new Set([...old.keys(), ...next.keys()])]
        .filter((name) => old.get(name) !== next.get(name))
        .sort()
        .map((name) => `${name} ${old.get(name) ?? "none"} → ${next.get(name) ?? "none"}`);
    if (changed.length === 0) return undefined;
    const more = changed.length > named ? ` and ${changed.length - named} more` : "";
    return `package-lock.json differs (${changed.slice(0, named).join(", ")}${more}); both sides were planned with the packages installed here, so what the packages change is not shown.`;
}
