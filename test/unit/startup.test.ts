import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { projectFolder } from "../support/plans.ts";

/** Every file that is loaded with another one, by its imports that are no types and not made later. */
function loaded(file: string, importer = "", seen = new Map<string, string>()): Map<string, string> {
    if (seen.has(file)) return seen;
    seen.set(file, importer);
    if (!file.endsWith(".ts")) return seen;
    for (const [, names = "", source = ""] of readFileSync(file, "utf8").matchAll(
        /^(?:import|export) ((?!type )[^;]*?)from "([^"]+)";$/gm,
    )) {
        if (/^\{\s*(?:type [^,}]+,?\s*)*\}\s*$/.test(names)) continue;
        loaded(source.startsWith(".") ? join(dirname(file), source) : source, file, seen);
    }
    return seen;
}

describe("the command line", () => {
    it("does not load the SDKs, which take a second, before a command needs them", () => {
        const heavy = [...loaded(join(projectFolder, "ops", "run.ts"))]
            .filter(([file]) => /^(?:@pulumi|@kubernetes|@octokit)\//.test(file))
            .map(([file, importer]) => `${file} in ${relative(projectFolder, importer)}`);
        assert.deepEqual(heavy, []);
    });
});
