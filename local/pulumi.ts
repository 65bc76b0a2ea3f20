import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
    access,
    constants,
    copyFile,
    link,
    mkdir,
    readFile,
    realpath,
    rename,
    rm,
    stat,
    symlink,
} from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

import semver from "semver";

import { type BuildHooks, ensureProgram, ensurePrograms } from "./build.ts";
import { LocalClusterError, errorCode } from "./errors.ts";
import { withLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";
import { kubernetesProvider } from "./programs.ts";

/** A Pulumi CLI that runs the program. */
export interface PulumiInstallation {
    /** Absolute path of the CLI. */
    readonly command: string;
    /** Folder in which `bin/pulumi` is the CLI, as `PulumiCommand.get({ root })` wants it. */
    readonly root: string;
    readonly version: string;
    /** True for the one that is built here, false for one on PATH. */
    readonly built: boolean;
}

/** CLI versions known to work with the Automation API and the stack files used here. */
const fittingVersions = ">=3.250.0 <4.0.0";
const pluginInstallSeconds = 90;
const run = promisify(execFile);

/** Finds a Pulumi CLI of a fitting version on PATH, or builds one. Fails as `ensurePrograms` does. */
export async function findPulumi(hooks: BuildHooks = {}): Promise<PulumiInstallation> {
    const found = await pulumiOnPath(hooks.environment ?? process.env, hooks.signal);
    const cli = found ?? (await builtPulumi(hooks));
    const root = await rootOf(cli.command, hooks.cache ?? cacheFolder());
    return { command: join(root, "bin", "pulumi"), root, version: cli.version, built: found === undefined };
}

/**
 * PULUMI_HOME to run with, so that the Kubernetes provider plugin of the version that the npm package asks for is at
 * hand: undefined when the user's own home has it, or a found CLI can install it there; else a home of our own with the
 * provider built here. That one holds no other plugin and no credentials: a stack in the cloud must keep the user's home.
 */
export async function providerHome(
    pulumi: PulumiInstallation,
    hooks: BuildHooks = {},
): Promise<string | undefined> {
    const environment = hooks.environment ?? process.env;
    const version = await sdkVersion("kubernetes");
    const chosen = environment["PULUMI_HOME"];
    const usersHome = chosen === undefined || chosen === "" ? join(homedir(), ".pulumi") : chosen;
    if (await hasPlugin(usersHome, version)) {
        return undefined;
    }
    // Built before: without a network each further attempt to install it would only wait.
    if (await hasPlugin(ownHome(hooks), version)) {
        return buildPlugin(version, hooks);
    }
    if (!pulumi.built && (await installPlugin(pulumi.command, version, environment, hooks.signal))) {
        return undefined;
    }
    return buildPlugin(version, hooks);
}

interface Cli {
    readonly command: string;
    readonly version: string;
}

async function pulumiOnPath(
    environment: NodeJS.ProcessEnv,
    signal: AbortSignal | undefined,
): Promise<Cli | undefined> {
    for (const folder of (environment["PATH"] ?? "").split(delimiter).filter(Boolean)) {
        const command = join(folder, "pulumi");
        if (await isExecutable(command)) {
            const version = await versionOf(command, environment, signal);
            // The first one counts, as in a shell; an older one is left alone and one is built.
            return version !== undefined && semver.satisfies(version, fittingVersions)
                ? { command: await realpath(command), version }
                : undefined;
        }
    }
    return undefined;
}

async function versionOf(
    command: string,
    environment: NodeJS.ProcessEnv,
    signal: AbortSignal | undefined,
): Promise<string | undefined> {
    try {
        const { stdout } = await run(command, ["version"], {
            env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
            timeout: 20_000,
            ...(signal === undefined ? {} : { signal }),
        });
        return semver.clean(stdout.trim()) ?? undefined;
    } catch {
        signal?.throwIfAborted();
        return undefined;
    }
}

async function builtPulumi(hooks: BuildHooks): Promise<Cli> {
    const { pulumi } = await ensurePrograms(["pulumi"], hooks);
    const version = await versionOf(pulumi, hooks.environment ?? process.env, hooks.signal);
    if (version === undefined) {
        throw new LocalClusterError(
            `${pulumi} does not run on this machine. Delete its folder to build it again.`,
        );
    }
    return { command: pulumi, version };
}

/** The folder above `bin/pulumi`; one with a link to the CLI when that lies elsewhere. */
async function rootOf(command: string, cache: string): Promise<string> {
    const folder = dirname(command);
    if (basename(folder) === "bin" && basename(command) === "pulumi") {
        return dirname(folder);
    }
    const root = join(cache, "pulumi", createHash("sha256").update(command).digest("hex").slice(0, 12));
    const target = join(root, "bin", "pulumi");
    await mkdir(dirname(target), { recursive: true });
    await symlink(command, target).catch((error: unknown) => {
        if (errorCode(error) !== "EEXIST") {
            throw error;
        }
    });
    return root;
}

/** Version of an installed npm package of Pulumi. */
async function sdkVersion(name: string): Promise<string> {
    const path = join(import.meta.dirname, "..", "node_modules", "@pulumi", name, "package.json");
    try {
        const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
        return version;
    } catch (error) {
        if (errorCode(error) === "ENOENT") {
            throw new LocalClusterError(
                `The npm package @pulumi/${name} is not installed. Run \`npm ci\` first.`,
            );
        }
        throw error;
    }
}

const executable = "pulumi-resource-kubernetes";

function pluginFolder(home: string, version: string): string {
    return join(home, "plugins", `resource-kubernetes-v${version}`);
}

async function hasPlugin(home: string, version: string): Promise<boolean> {
    return isExecutable(join(pluginFolder(home, version), executable));
}

async function installPlugin(
    command: string,
    version: string,
    environment: NodeJS.ProcessEnv,
    signal: AbortSignal | undefined,
): Promise<boolean> {
    try {
        await run(command, ["plugin", "install", "resource", "kubernetes", version], {
            env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
            timeout: pluginInstallSeconds * 1000,
            ...(signal === undefined ? {} : { signal }),
        });
        return true;
    } catch {
        signal?.throwIfAborted();
        return false;
    }
}

/**
 * A PULUMI_HOME for the built provider. A home, because a plugin on PATH makes the engine warn on every run; of our own,
 * because what is built has an older schema than a real cloud stack should get.
 */
function ownHome(hooks: BuildHooks): string {
    return join(hooks.cache ?? cacheFolder(), "pulumi-home");
}

/** Builds the provider, puts it into our own PULUMI_HOME and returns that. */
async function buildPlugin(version: string, hooks: BuildHooks): Promise<string> {
    const home = ownHome(hooks);
    const built = await ensureProgram(kubernetesProvider(version), hooks);
    const folder = pluginFolder(home, version);
    const target = join(folder, executable);
    await withLock(join(home, "plugins.lock"), { signal: hooks.signal }, async () => {
        if (await isSameFile(built, target)) {
            return;
        }
        await mkdir(folder, { recursive: true });
        await rm(`${target}.new`, { force: true });
        // A hard link saves a hundred megabytes; not every file system has them.
        await link(built, `${target}.new`).catch(() => copyFile(built, `${target}.new`));
        await rename(`${target}.new`, target);
    });
    return home;
}

async function isSameFile(built: string, target: string): Promise<boolean> {
    const [left, right] = await Promise.all([stat(built), stat(target).catch(() => undefined)]);
    return left.size === right?.size && left.mtimeMs <= right.mtimeMs;
}

async function isExecutable(path: string): Promise<boolean> {
    return access(path, constants.X_OK).then(
        () => true,
        () => false,
    );
}
