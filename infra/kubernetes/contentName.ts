import { createHash } from "node:crypto";

/**
 * A name that changes with the content: `prefix-<10 hex digits>`. An object under such a name never changes, so pods of
 * the old ReplicaSet keep the settings they were started with until the rollout is through, and a change rolls the pods.
 */
export function contentName(prefix: string, content: Record<string, string>): string {
    const canonical = JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
    return `${prefix}-${createHash("sha256").update(canonical).digest("hex").slice(0, 10)}`;
}
