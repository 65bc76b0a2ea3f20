import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { isScalar, LineCounter, parseDocument } from "yaml";

/** A key of the stack file that must have another value, so that the next `up` keeps what a rollback has done. */
export interface NeededLine {
    /** Below `spywatcher:app`. */
    path: readonly string[];
    value: string | boolean;
}

/**
 * What to change in a stack file, a line each: `Pulumi.prod.yaml:71: app.backend.image: …`. Keys that have their value
 * already are left out; one that is not there has no line number.
 */
export function neededLines(file: string, needed: readonly NeededLine[]): string[] {
    const lineCounter = new LineCounter();
    const document = parseDocument(readFileSync(file, "utf8"), { lineCounter });
    return needed.flatMap(({ path, value }) => {
        const node = document.getIn(["config", "spywatcher:app", ...path], true);
        if (isScalar(node) && node.value === value) return [];
        const line = isScalar(node) && node.range ? `:${lineCounter.linePos(node.range[0]).line}` : "";
        return [`${basename(file)}${line}: app.${path.join(".")}: ${value}`];
    });
}
