import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { ChangeSet } from "../changes/model.ts";
import { commentBody, fullText } from "./body.ts";
import { runUrlOf } from "./target.ts";

/** The comment of a set of changes, with a link to the workflow's run when it had to be shortened. */
export function bodyOf(changes: ChangeSet): string {
    const runUrl = runUrlOf(process.env);
    return commentBody(changes, { ...(runUrl !== undefined && { runUrl }) });
}

/** Writes the full text of some sets of changes into a file, with the folders it needs. */
export function writeArtifact(file: string, changes: readonly ChangeSet[]): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, changes.map(fullText).join("\n"));
}
