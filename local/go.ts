import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { LocalClusterError, errorCode } from "./errors.ts";

/** Where and how a `go` command runs. */
export interface GoRun {
    /** Environment to take PATH, HOME and the user's proxy settings from. */
    readonly environment: NodeJS.ProcessEnv;
    /** Kills the command and everything that it started. */
    readonly signal?: AbortSignal | undefined;
    /** Folder with the `go.mod`. Default: a folder without one. */
    readonly folder?: string;
    /** File for the whole output. Default: a temporary one. */
    readonly log?: string;
    /** Folder for Go's temporary files. Default: the system's. */
    readonly temporary?: string;
}

/** What a `go` command printed and its exit code. */
export interface GoResult {
    readonly code: number;
    readonly output: string;
}

const goPlatforms: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };
const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

const ignoredVariables = new Set(["GO111MODULE", "GOEXPERIMENT", "GOAMD64", "GOARM64", "GODEBUG"]);

/** The environment for `go`: the user's, without what would change the result of a build. */
export function goEnvironment(environment: NodeJS.ProcessEnv, temporary?: string): NodeJS.ProcessEnv {
    const kept = Object.fromEntries(
        Object.entries(environment).filter(([name]) => !ignoredVariables.has(name)),
    );
    return {
        ...kept,
        GOFLAGS: "-mod=readonly",
        GOWORK: "off",
        GOTOOLCHAIN: "local",
        CGO_ENABLED: "0",
        GOOS: goPlatforms[process.platform] ?? process.platform,
        GOARCH: goArchitectures[process.arch] ?? process.arch,
        ...(temporary === undefined ? {} : { GOTMPDIR: temporary }),
    };
}

/** Runs `go` with `args`. Fails with a `LocalClusterError` when there is no `go`, with the signal's reason when aborted. */
export async function runGo(args: readonly string[], run: GoRun): Promise<GoResult> {
    run.signal?.throwIfAborted();
    const scratch = run.log === undefined ? await mkdtemp(join(tmpdir(), "spywatcher-go-")) : undefined;
    const log = run.log ?? join(scratch ?? "", "output");
    try {
        const file = await open(log, "w");
        try {
            const code = await runToEnd(args, run, file.fd);
            run.signal?.throwIfAborted();
            return { code, output: await readFile(log, "utf8") };
        } finally {
            await file.close();
        }
    } finally {
        if (scratch !== undefined) {
            await rm(scratch, { recursive: true, force: true });
        }
    }
}

async function runToEnd(args: readonly string[], run: GoRun, output: number): Promise<number> {
    // A group of its own, so that an abort reaches the compilers that go starts as well.
    const child = spawn("go", args, {
        cwd: run.folder ?? dirname(import.meta.dirname),
        env: goEnvironment(run.environment, run.temporary),
        stdio: ["ignore", output, output],
        detached: true,
    });
    const abort = (): void => killGroup(child);
    run.signal?.addEventListener("abort", abort, { once: true });
    try {
        return await new Promise<number>((resolve, reject) => {
            child.once("error", (error) => reject(errorCode(error) === "ENOENT" ? goMissing() : error));
            child.once("close", (code) => resolve(code ?? 1));
        });
    } finally {
        run.signal?.removeEventListener("abort", abort);
    }
}

function killGroup(child: ChildProcess): void {
    if (child.pid !== undefined) {
        try {
            process.kill(-child.pid, "SIGKILL");
        } catch {
            // The group has ended by itself.
        }
    }
}

function goMissing(): LocalClusterError {
    return new LocalClusterError(
        "Go was not found on PATH. The embedded cluster is built from source once: install Go (https://go.dev/doc/install) " +
            "and run the command again, or set `spywatcher:cluster` to use a cluster of your own.",
    );
}

/** Fails with a `LocalClusterError` unless `go` is on PATH and as new as the `go.mod` in `folder` asks for. */
export async function requireGo(folder: string, run: GoRun): Promise<void> {
    const needed = /^go (\S+)$/m.exec(await readFile(join(folder, "go.mod"), "utf8"))?.[1] ?? "1.21";
    const { code, output } = await runGo(["env", "GOVERSION"], run);
    const found = /^go(\d\S*)/m.exec(output)?.[1];
    if (code !== 0 || found === undefined) {
        throw new LocalClusterError(
            `\`go env GOVERSION\` failed, so the Go installation is not usable.\n${output.trim()}`,
        );
    }
    if (compareGoVersions(found, needed) < 0) {
        throw new LocalClusterError(
            `Go ${found} is too old: the embedded cluster needs Go ${needed} or newer. Install it ` +
                "(https://go.dev/doc/install), put it first on PATH and run the command again.",
        );
    }
}

/** Negative, zero or positive as Go version `left` is older than, equal to or newer than `right`, such as "1.26.8" or "1.27rc1". */
export function compareGoVersions(left: string, right: string): number {
    const a = goVersionParts(left);
    const b = goVersionParts(right);
    for (const [index, part] of a.entries()) {
        const difference = part - (b[index] ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}

function goVersionParts(version: string): readonly number[] {
    const [, major, minor, patch, stage, count] =
        /^(\d+)\.(\d+)(?:\.(\d+))?(?:(beta|rc)(\d+))?/.exec(version) ?? [];
    const stageRank = stage === "beta" ? 0 : stage === "rc" ? 1 : 2;
    return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0), stageRank, Number(count ?? 0)];
}

/** The folder of a module that the `go.mod` in `folder` names, downloading it if needed. */
export async function moduleFolder(module: string, folder: string, run: GoRun): Promise<string> {
    const { code, output } = await runGo(["mod", "download", "-json", module], { ...run, folder });
    // Progress lines may stand before the JSON.
    const json = output.slice(output.indexOf("{"));
    const parsed: unknown = json.startsWith("{") ? JSON.parse(json) : undefined;
    if (
        code === 0 &&
        typeof parsed === "object" &&
        parsed !== null &&
        "Dir" in parsed &&
        typeof parsed.Dir === "string"
    ) {
        return parsed.Dir;
    }
    throw new LocalClusterError(
        `The Go module ${module} could not be downloaded. Check the network and \`go env GOPROXY\`, then run the ` +
            `command again.\n${output.trimEnd().split("\n").slice(-6).join("\n")}`,
    );
}
