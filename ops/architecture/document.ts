import { costsMarkdown } from "../costs/format.ts";
import { monthlyCosts } from "../costs/monthlyCosts.ts";
import { OperationError } from "../errors.ts";
import type { Plan } from "../plan/model.ts";
import { describeArchitecture } from "./describe.ts";
import { drawArchitecture } from "./picture.ts";
import { creationTable, layersTable, sizesTable } from "./tables.ts";

/** Stacks that the document shows. */
export const shownStacks = ["dev", "prod"] as const;

/** Path of the document, from the project's folder. */
export const documentPath = "docs/ARCHITECTURE.md";

/** Path of a stack's picture, from the project's folder. */
export function picturePath(stack: string): string {
    return `docs/architecture-${stack}.svg`;
}

/**
 * The text with each part between `<!-- generated: NAME -->` and `<!-- end -->` replaced. Throws an `OperationError` when
 * a part has no place in the text, or a place no part.
 */
export function withGenerated(text: string, parts: ReadonlyMap<string, string>): string {
    const missing = new Set(parts.keys());
    const result = text.replace(/<!-- generated: (.+?) -->\n[^]*?<!-- end -->/g, (_, name: string) => {
        const part = parts.get(name);
        if (part === undefined) throw new OperationError(`Nothing is generated under the name ${name}.`);
        missing.delete(name);
        return `<!-- generated: ${name} -->\n<!-- prettier-ignore-start -->\n\n${part}\n\n<!-- prettier-ignore-end -->\n<!-- end -->`;
    });
    if (missing.size > 0) {
        throw new OperationError(
            `The text has no place for ${[...missing].join(", ")}: add <!-- generated: NAME --> and <!-- end -->.`,
        );
    }
    return result;
}

/** The document and the pictures by path, from the plans of the shown stacks and the document as it is. */
export async function architectureFiles(
    plans: readonly Plan[],
    document: string,
): Promise<Map<string, string>> {
    const parts = new Map([["sizes", sizesTable(plans)]]);
    const files = new Map<string, string>();
    for (const plan of plans) {
        parts.set(`costs ${plan.stack}`, costsMarkdown(monthlyCosts(plan)));
        files.set(picturePath(plan.stack), await drawArchitecture(describeArchitecture(plan)));
    }
    const last = plans.at(-1);
    if (last) {
        parts.set(`layers ${last.stack}`, layersTable(last));
        parts.set(`creation ${last.stack}`, creationTable(last));
    }
    files.set(documentPath, withGenerated(document, parts));
    return files;
}
