import { stripVTControlCharacters } from "node:util";

import { maskCredentials } from "./mask.ts";

/** A text of the engine without colours, as its own marks or a terminal's, and without what has the shape of a credential. */
export function plainText(text: string): string {
    return maskCredentials(stripVTControlCharacters(text.replaceAll(/<\{%[^%]*%\}>/g, "")).trim());
}

/** True for the end of an operation, which the engine repeats as an error of the stack. */
export function repeatsTheEnd(text: string): boolean {
    return /^(?:update|preview|refresh|destroy) failed$/.test(text);
}
