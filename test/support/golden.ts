import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fixtures = join(import.meta.dirname, "..", "fixtures");

/** The path of a fixture. */
export function fixture(name: string): string {
    return join(fixtures, name);
}

/** Compares a text with the fixture of that name; with GOLDEN=write in the environment it becomes the fixture instead. */
export function assertGolden(name: string, text: string): void {
    if (process.env["GOLDEN"] === "write") writeFileSync(fixture(name), text);
    assert.equal(text, readFileSync(fixture(name), "utf8"));
}
