import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { LocalClusterError, errorCode } from "./errors.ts";
import { type GoRun, moduleFolder, requireGo, runGo } from "./go.ts";
import { withLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";
import { type Program, type ProgramName, programs } from "./programs.ts";

/** What became of one program; "waiting" means that another process is building it. */
export interface ProgramProgress {
    readonly program: string;
    readonly state: "cached" | "waiting" | "building" | "built";
    /** Seconds since `ensureProgram` began with this program. */
    readonly seconds: number;
}

/** How a caller follows and ends a build. */
export interface BuildHooks {
    /** Told of every change of a program's state. */
    readonly report?: ((progress: ProgramProgress) => void) | undefined;
    /** Ends the build: the compiler's processes are killed and nothing half-built stays. */
    readonly signal?: AbortSignal | undefined;
    /** Environment to take PATH, HOME and Go's own variables from. Default: `process.env`. */
    readonly environment?: NodeJS.ProcessEnv | undefined;
    /** Folder for what is built. Default: `cacheFolder()`. */
    readonly cache?: string | undefined;
}

/**
 * Absolute paths of the named programs, building those that are not in the cache, one after the other.
 * Fails with a `LocalClusterError` when Go is missing or too old, the disk is full, modules cannot be downloaded or
 * the compiler fails; with the signal's reason when aborted.
 */
export async function ensurePrograms<Name extends ProgramName>(
    names: readonly Name[],
    hooks: BuildHooks = {},
): Promise<Record<Name, string>> {
    const paths = {} as Record<Name, string>;
    for (const name of names) {
        paths[name] = await ensureProgram(programs[name], hooks);
    }
    return paths;
}

/** Absolute path of one program; see `ensurePrograms`. */
export async function ensureProgram(program: Program, hooks: BuildHooks = {}): Promise<string> {
    const cache = hooks.cache ?? cacheFolder();
    const began = Date.now();
    const report = (state: ProgramProgress["state"]): void => {
        hooks.report?.({ program: program.name, state, seconds: (Date.now() - began) / 1000 });
    };
    const folder = join(cache, "bin", `${program.name}-${program.version}-${await buildKey(program)}`);
    const target = join(folder, program.name);
    if (await isExecutable(target)) {
        report("cached");
        return target;
    }
    try {
        return await withLock(
            `${folder}.lock`,
            { signal: hooks.signal, onWait: () => report("waiting") },
            async () => {
                // Another process may have finished the same build while this one waited.
                if (await isExecutable(target)) {
                    report("cached");
                    return target;
                }
                report("building");
                await build(program, { cache, folder, target, hooks });
                report("built");
                return target;
            },
        );
    } catch (error) {
        throw isFull(errorCode(error)) ? diskFull(program, cache) : error;
    }
}

/** Digest of everything that decides what a build gives, so that a change of any of it builds anew. */
export async function buildKey(program: Program): Promise<string> {
    const digest = createHash("sha256");
    const files = (await readdir(program.folder)).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file)).sort();
    for (const file of files) {
        digest.update(`${file}\0`).update(await readFile(join(program.folder, file)));
    }
    const settings = [program.package, linkerFlags(program), program.overlay, process.platform, process.arch];
    // Only where there are some, so that what was built before there were any is still found.
    settings.push(...tagFlags(program));
    return digest.update(JSON.stringify(settings)).digest("hex").slice(0, 12);
}

function linkerFlags(program: Program): string {
    const stamps = Object.entries(program.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
    return ["-s", "-w", ...stamps].join(" ");
}

function tagFlags({ tags }: Program): string[] {
    return tags === undefined ? [] : ["-tags", tags.join(",")];
}

interface Build {
    readonly cache: string;
    readonly folder: string;
    readonly target: string;
    readonly hooks: BuildHooks;
}

async function build(program: Program, { cache, folder, target, hooks }: Build): Promise<void> {
    const run: GoRun = { environment: hooks.environment ?? process.env, signal: hooks.signal };
    await requireGo(program.folder, run);
    // Go's own work folder and the linker's output lie in one folder that is removed whatever happens.
    const work = join(cache, "work", basename(folder));
    const log = join(cache, "log", `${program.name}-${program.version}.log`);
    try {
        // What a builder left that was killed: the lock says that there is no other.
        await rm(work, { recursive: true, force: true });
        await mkdir(work, { recursive: true });
        await mkdir(join(cache, "log"), { recursive: true });
        const output = join(work, program.name);
        const result = await runGo(
            [
                "build",
                "-trimpath",
                "-buildvcs=false",
                "-ldflags",
                linkerFlags(program),
                ...tagFlags(program),
                ...(await overlayFlags(program, work, run)),
                "-o",
                output,
                program.package,
            ],
            { ...run, folder: program.folder, log, temporary: work },
        );
        if (result.code !== 0) {
            throw buildFailure(program, result.output, log, cache);
        }
        await mkdir(folder, { recursive: true });
        await rename(output, target);
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}

async function overlayFlags(program: Program, work: string, run: GoRun): Promise<string[]> {
    if (program.overlay === undefined) {
        return [];
    }
    const { file, module, path } = program.overlay;
    const source = join(await moduleFolder(module, program.folder, run), path);
    const overlay = join(work, "overlay.json");
    await writeFile(overlay, JSON.stringify({ Replace: { [join(program.folder, file)]: source } }));
    return ["-overlay", overlay];
}

async function isExecutable(path: string): Promise<boolean> {
    return access(path, constants.X_OK).then(
        () => true,
        () => false,
    );
}

function isFull(code: string | undefined): boolean {
    return code === "ENOSPC" || code === "EDQUOT";
}

function diskFull(program: Program, cache: string): LocalClusterError {
    return new LocalClusterError(
        `The disk is full: ${program.name} could not be built. A first build needs about ${program.diskGiB} GiB in ` +
            `${cache} and in Go's caches (\`go env GOCACHE GOMODCACHE\`). Free some space, or set SPYWATCHER_CACHE, ` +
            "GOCACHE and GOMODCACHE to folders on another disk, and run the command again.",
    );
}

/** The error for a `go build` that ended with an error and printed `output`. */
export function buildFailure(
    program: Program,
    output: string,
    log: string,
    cache: string,
): LocalClusterError {
    if (/no space left on device|disk quota exceeded/i.test(output)) {
        return diskFull(program, cache);
    }
    const tail = output.trimEnd().split("\n").slice(-12).join("\n");
    if (
        /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|proxyconnect|unexpected EOF|server response|reading https?:/i.test(
            output,
        )
    ) {
        return new LocalClusterError(
            `The Go modules of ${program.name} ${program.version} could not be downloaded. Check the network and ` +
                "`go env GOPROXY`, then run the command again; what was downloaded so far is kept.\n" +
                `${tail}\nThe whole output is in ${log}.`,
        );
    }
    return new LocalClusterError(
        `${program.name} ${program.version} could not be built.\n${tail}\nThe whole output is in ${log}.`,
    );
}
