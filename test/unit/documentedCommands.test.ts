import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { addEngineCommands } from "../../ops/commands/engine.ts";
import { addLoadCommands } from "../../ops/commands/load.ts";
import { addLocalCommand } from "../../ops/commands/local.ts";
import { addValidateCommand } from "../../ops/commands/validate.ts";
import { changedConfig } from "../../ops/simulation/changedConfig.ts";
import { readStackFile } from "../../ops/stackFile.ts";
import { projectFolder } from "../support/plans.ts";

const documents = ["AUTO_SCALING.md", "AUTO_SCALING_EXAMPLES.md"];

const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
};

/** The lines of a document's shell blocks that run something of this repository, without comments and variables. */
function commandsOf(document: string): string[] {
    const text = readFileSync(join(projectFolder, "docs", document), "utf8");
    return [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gm)]
        .flatMap(([, block = ""]) => block.split("\n"))
        .map((line) =>
            line
                .trim()
                .replace(/ +#.*$/, "")
                .replace(/^([A-Z_]+=\S* )+/, ""),
        )
        .filter((line) => line.startsWith("npm run "));
}

/** Parses a command as `ops` does, and gives its stack and options in place of running it. */
function parsed(args: readonly string[]): { name: string; stack: string; set: string[] } {
    const { signal } = new AbortController();
    const program = new Command().exitOverride();
    addEngineCommands(program, signal);
    addLoadCommands(program, signal);
    addLocalCommand(program, signal);
    addValidateCommand(program, signal);
    let found: Command | undefined;
    const replace = (command: Command): void => {
        command.exitOverride().configureOutput({ writeErr: () => undefined });
        if (command.commands.length === 0)
            command.action(() => {
                found = command;
            });
        command.commands.forEach(replace);
    };
    replace(program);
    program.parse([...args], { from: "user" });
    assert.ok(found, args.join(" "));
    return {
        name: found.name(),
        stack: String(found.processedArgs[0] ?? "local"),
        set: found.opts<{ set?: string[] }>().set ?? [],
    };
}

function assertWorks(line: string): void {
    const [, script = "", rest = ""] = /^npm run (?:--silent )?(\S+)(?: -- (.*))?$/.exec(line) ?? [];
    const command = scripts[script];
    assert.ok(command, `package.json has no script ${script}`);
    const args = rest === "" ? [] : rest.split(/ +/);
    const ops = "node ops/main.ts ";
    if (command.startsWith(ops)) {
        const { stack, set } = parsed([...command.slice(ops.length).split(" "), ...args]);
        const { config } = readStackFile(projectFolder, stack);
        changedConfig(config, set);
        return;
    }
    // Tests: their files, in a shell's braces.
    for (const arg of args) {
        const [, before = "", names = "", after = ""] = /^(.*)\{(.*)\}(.*)$/.exec(arg) ?? [];
        const files = names === "" ? [arg] : names.split(",").map((name) => before + name + after);
        for (const file of files) assert.ok(existsSync(join(projectFolder, file)), file);
    }
}

describe("the commands of the documentation", () => {
    for (const document of documents) {
        const commands = commandsOf(document);

        it(`of ${document} are there`, () => assert.ok(commands.length >= 5));

        for (const line of commands) it(line, () => assertWorks(line));
    }

    it("would not work with an option or a key that is none", () => {
        for (const line of [
            "npm run loadtest -- dev",
            "npm run load-test -- dev --spike --rps 5",
            "npm run load-test -- dev --rate 5",
            "npm run load-test -- nowhere",
            "npm run simulate -- --set app.backend.autoscaling.maximum=20",
            "npm run test:cluster -- test/cluster/{scaling,nothing}.test.ts",
        ]) {
            assert.throws(() => assertWorks(line), line);
        }
    });
});
