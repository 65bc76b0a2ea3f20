import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { ensurePrograms } from "../../local/build.ts";
import { projectFolder } from "../support/plans.ts";

/** What actionlint says of the workflows in a folder's `.github`. */
async function actionlint(folder: string): Promise<string[]> {
    const { actionlint: program } = await ensurePrograms(["actionlint"]);
    // Whether shellcheck is on the machine must not decide.
    const args = ["-shellcheck=", "-pyflakes=", "-no-color", "-oneline"];
    const { stdout, stderr, exitCode } = await execa(program, args, { cwd: folder, reject: false });
    assert.ok(exitCode === 0 || exitCode === 1, stderr);
    return stdout.split("\n").filter((line) => line !== "");
}

describe("actionlint", function () {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-actionlint-"));
        cpSync(join(projectFolder, ".github"), join(folder, ".github"), { recursive: true });
        // It looks for the root of a repository.
        mkdirSync(join(folder, ".git"));
    });
    after(() => rmSync(folder, { recursive: true }));

    it("finds nothing wrong with the workflows", async () => {
        assert.deepEqual(await actionlint(projectFolder), []);
    });

    for (const { file, from, to, says } of [
        {
            file: "drift.yml",
            from: "steps.drift.outputs.code",
            to: "steps.drfit.outputs.code",
            says: 'property "drfit" is not defined',
        },
        { file: "deploy.yml", from: "needs: plan", to: "needs: plans", says: 'needs job "plans"' },
        {
            file: "preview.yml",
            from: "id-token: write",
            to: "id-tokens: write",
            says: 'unknown permission scope "id-tokens"',
        },
        { file: "drift.yml", from: '"17 3 * * *"', to: '"61 3 * * *"', says: "invalid CRON format" },
        {
            file: "ci.yml",
            from: 'local-programs: "true"',
            to: 'local-program: "true"',
            says: 'input "local-program" is not defined',
        },
    ]) {
        it(`finds ${to} in ${file}`, async () => {
            const path = join(folder, ".github", "workflows", file);
            const text = readFileSync(path, "utf8");
            assert.ok(text.includes(from));
            writeFileSync(path, text.replaceAll(from, to));
            try {
                const found = await actionlint(folder);
                assert.ok(found.length > 0);
                assert.ok(
                    found.every((line) => line.includes(file)) && found.some((line) => line.includes(says)),
                    found.join("\n"),
                );
            } finally {
                writeFileSync(path, text);
            }
        });
    }
});
