/**
 * Runs each file of cluster tests in a process of its own, on an embedded cluster of its own: what one leaves behind when it
 * fails is no other's failure. Arguments: files (default: all of them), and what Mocha is to be told beside.
 */
import { globSync } from "node:fs";

import { execa } from "execa";

const isFile = (argument: string): boolean => argument.endsWith(".test.ts");

/** The lines of Mocha's report that name a failed test. */
function failedTests(report: string): string[] {
    const [tests = ""] = report.split(/^ +\d+ failing$/m);
    return tests.split("\n").filter((line) => /^ +\d+\) /.test(line));
}

const given = process.argv.slice(2);
const named = given.filter(isFile);
const files = named.length > 0 ? named : globSync("test/{cluster,engine}/**/*.test.ts").sort();
const told = given.filter((argument) => !isFile(argument));

// Told once, Mocha ends its cluster before it ends; npm tells twice.
const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());

const failures: string[] = [];
for (const [index, file] of files.entries()) {
    if (interruption.signal.aborted) break;
    console.log(`\n[${index + 1}/${files.length}] ${file}`);
    const mocha = execa("mocha", ["--config", "test/cluster/.mocharc.json", file, ...told], {
        ...{ preferLocal: true, reject: false, detached: true },
        ...{ stdin: "ignore", stdout: ["inherit", "pipe"], stderr: "inherit" },
    });
    interruption.signal.addEventListener("abort", () => mocha.kill("SIGINT"));
    const { exitCode, stdout } = await mocha;
    if (exitCode !== 0) failures.push(file, ...failedTests(stdout));
}
if (failures.length > 0) {
    console.log(["", "Failed:", ...failures].join("\n"));
    process.exitCode = 1;
}
