import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type ProgramProgress, buildKey, ensureProgram } from "../../../local/build.ts";
import { LocalClusterError } from "../../../local/errors.ts";
import type { Program } from "../../../local/programs.ts";
import { eventually, exists, inTemporaryFolder, writeScript } from "./support.ts";

interface Bench {
    readonly program: Program;
    readonly cache: string;
    readonly environment: NodeJS.ProcessEnv;
    /** Makes `go` print a version and, for a build, run these lines of shell; `$out` is the file to write. */
    readonly go: (version: string, lines: readonly string[]) => Promise<void>;
}

async function onBench(work: (bench: Bench) => Promise<void>): Promise<void> {
    await inTemporaryFolder(async (folder) => {
        const source = join(folder, "source");
        const path = join(folder, "path");
        await mkdir(source);
        await mkdir(path);
        await writeFile(join(source, "go.mod"), "module example\n\ngo 1.26.0\n");
        await writeFile(join(source, "go.sum"), "");
        await work({
            program: {
                name: "tool",
                version: "v1.2.3",
                folder: source,
                package: "example.org/tool",
                stamps: { "main.version": "v1.2.3" },
                diskGiB: 3,
            },
            cache: join(folder, "cache"),
            environment: { PATH: `${path}:/usr/bin:/bin`, HOME: folder, MARKS: folder },
            go: async (version, lines) =>
                writeScript(path, "go", [
                    `if [ "$1" = env ]; then echo go${version}; exit 0; fi`,
                    'while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done',
                    ...lines,
                ]),
        });
    });
}

async function problemOf(work: Promise<unknown>): Promise<string> {
    try {
        await work;
    } catch (error) {
        assert.ok(error instanceof LocalClusterError, String(error));
        return error.message;
    }
    return assert.fail("nothing was thrown");
}

async function filesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

const writesTool = 'printf "#!/bin/sh\\n" > "$out"; chmod +x "$out"';

describe("local/build", () => {
    it("builds a program once, with the settings that make builds alike, and finds it afterwards without go", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", [
                'echo "$GOFLAGS $GOWORK $GOTOOLCHAIN $CGO_ENABLED" > "$MARKS/settings"',
                writesTool,
            ]);
            const states: ProgramProgress["state"][] = [];
            const hooks = { cache, environment, report: ({ state }: ProgramProgress) => states.push(state) };
            const path = await ensureProgram(program, {
                ...hooks,
                environment: { ...environment, GOFLAGS: "-x" },
            });
            assert.equal(path, join(cache, "bin", `tool-v1.2.3-${await buildKey(program)}`, "tool"));
            assert.equal(
                await readFile(join(environment["MARKS"] ?? "", "settings"), "utf8"),
                "-mod=readonly off local 0\n",
            );
            assert.equal(await ensureProgram(program, { ...hooks, environment: { PATH: "/nowhere" } }), path);
            assert.deepEqual(states, ["building", "built", "cached"]);
            assert.deepEqual(await readdir(join(cache, "work")), []);
        }));

    it("builds anew when go.mod, go.sum or a stamp changes", () =>
        onBench(async ({ program }) => {
            const key = await buildKey(program);
            assert.equal(await buildKey({ ...program }), key);
            assert.notEqual(await buildKey({ ...program, stamps: {} }), key);
            await writeFile(join(program.folder, "go.sum"), "example v1.0.0 h1:x=\n");
            assert.notEqual(await buildKey(program), key);
        }));

    it("lets one of two builders build and the other wait for it", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", ['echo build >> "$MARKS/builds"; sleep 0.5', writesTool]);
            const states: ProgramProgress["state"][] = [];
            const hooks = { cache, environment, report: ({ state }: ProgramProgress) => states.push(state) };
            const paths = await Promise.all([ensureProgram(program, hooks), ensureProgram(program, hooks)]);
            assert.equal(paths[0], paths[1]);
            assert.equal(await readFile(join(environment["MARKS"] ?? "", "builds"), "utf8"), "build\n");
            assert.deepEqual([...states].sort(), ["building", "built", "cached", "waiting"]);
        }));

    it("says that go is missing", () =>
        onBench(async ({ program, cache }) => {
            assert.match(
                await problemOf(ensureProgram(program, { cache, environment: { PATH: "/nowhere" } })),
                /^Go was not found on PATH\. .* install Go \(https:\/\/go\.dev\/doc\/install\)/,
            );
        }));

    it("says that go is too old, and which version is needed", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.22.5", [writesTool]);
            assert.match(
                await problemOf(ensureProgram(program, { cache, environment })),
                /^Go 1\.22\.5 is too old: the embedded cluster needs Go 1\.26\.0 or newer\./,
            );
        }));

    it("says that the disk is full, where, and how much is needed", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", [
                'echo half > "$out"; echo "link: write: no space left on device" >&2; exit 1',
            ]);
            const problem = await problemOf(ensureProgram(program, { cache, environment }));
            assert.ok(problem.startsWith("The disk is full: tool could not be built."), problem);
            assert.ok(problem.includes(`about 3 GiB in ${cache} and in Go's caches`), problem);
            assert.deepEqual(await filesBelow(join(cache, "bin")), []);
            assert.deepEqual(await readdir(join(cache, "work")), []);
        }));

    it("says that modules cannot be downloaded", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", ['echo "go: x@v1: Get: dial tcp: lookup proxy: no such host" >&2; exit 1']);
            assert.match(
                await problemOf(ensureProgram(program, { cache, environment })),
                /^The Go modules of tool v1\.2\.3 could not be downloaded\. Check the network/,
            );
        }));

    it("shows the end of the compiler's output and where the whole is", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", ['for i in $(seq 1 40); do echo "main.go:$i: wrong"; done; exit 1']);
            const problem = await problemOf(ensureProgram(program, { cache, environment }));
            const log = join(cache, "log", "tool-v1.2.3.log");
            assert.ok(problem.startsWith("tool v1.2.3 could not be built.\nmain.go:29: wrong\n"), problem);
            assert.ok(problem.endsWith(`main.go:40: wrong\nThe whole output is in ${log}.`), problem);
            assert.equal((await readFile(log, "utf8")).split("\n").length, 41);
        }));

    it("kills the compiler and what it started when aborted, and leaves nothing", () =>
        onBench(async ({ program, cache, environment, go }) => {
            await go("1.26.0", ['sleep 300 & echo "$! $$" > "$MARKS/pids"; echo half > "$out"; wait']);
            const controller = new AbortController();
            const building = ensureProgram(program, { cache, environment, signal: controller.signal });
            const pids = join(environment["MARKS"] ?? "", "pids");
            await eventually("go runs", async () => (await readFile(pids, "utf8").catch(() => "")) !== "");
            const running = (await readFile(pids, "utf8")).trim().split(" ").map(Number);
            assert.deepEqual(running.map(exists), [true, true]);
            controller.abort(new Error("stopped by the test"));
            await assert.rejects(building, { message: "stopped by the test" });
            await eventually("the compiler is gone", () => !running.some(exists));
            assert.deepEqual(await filesBelow(join(cache, "bin")), []);
            assert.deepEqual(await readdir(join(cache, "work")), []);
        }));
});
