import { access, rm } from "node:fs/promises";
import { join } from "node:path";

import { ensurePrograms } from "./build.ts";
import { type Programs, apiServerAnswers, commandDigests, stopComponents } from "./components.ts";
import { type ClusterFiles, type Component, clusterFiles } from "./controlPlane.ts";
import { customResourceDefinitions } from "./crds.ts";
import { contextName } from "./kubeconfig.ts";
import { type ClusterHooks, Launch, PortTakenError } from "./launch.ts";
import { withLock } from "./lock.ts";
import { type ClusterOptions, type ClusterSettings, resolveOptions } from "./options.ts";
import { isRunning } from "./processes.ts";
import { clusterPrograms } from "./programs.ts";
import { type ClusterState, readState } from "./state.ts";
import { removeVolumes } from "./volumes.ts";

/** Which cluster; see `ClusterOptions`. */
export type ClusterIdentity = Pick<ClusterOptions, "name" | "folder">;

/** What a cluster is and does. */
export interface ClusterStatus {
    readonly name: string;
    /** "absent": never started or removed; "degraded": some processes run, or all but the API server does not answer. */
    readonly state: "running" | "degraded" | "stopped" | "absent";
    readonly folder: string;
    readonly kubeconfig: string;
    /** Name of the context in the kubeconfig. */
    readonly context: string;
    /** URL of the API server; undefined for an absent cluster. */
    readonly server: string | undefined;
    readonly components: readonly {
        readonly name: Component;
        readonly pid: number | undefined;
        readonly running: boolean;
        readonly log: string;
    }[];
    /** The settings of the last start; undefined for an absent cluster. */
    readonly settings: ClusterSettings | undefined;
}

/** The outcome of a start. */
export interface StartResult extends ClusterStatus {
    /** True when the cluster ran already and nothing was changed. */
    readonly found: boolean;
    /** The components that this start started. */
    readonly started: readonly Component[];
    /** Seconds from call to return. */
    readonly seconds: number;
}

/**
 * Starts the cluster, or finds the running one, repairs a broken one, applies changed options; builds programs that are
 * missing. When it fails or is aborted, every process that it started is ended. Two starts at once are safe.
 * Fails with a `LocalClusterError`, or with the signal's reason.
 */
export async function start(options: ClusterOptions = {}, hooks: ClusterHooks = {}): Promise<StartResult> {
    const began = Date.now();
    const settings = resolveOptions(options);
    const files = clusterFiles(settings.folder);
    const programs = await ensurePrograms(clusterPrograms, hooks);
    const definitions = customResourceDefinitions(hooks);
    // Awaited late; without this a failure would count as unhandled until then.
    definitions.catch(() => undefined);

    const finish = async (started: readonly Component[], found: boolean): Promise<StartResult> => ({
        ...(await status(settings)),
        found,
        started,
        seconds: (Date.now() - began) / 1000,
    });
    if (await isAsWanted(files, settings, programs)) {
        return finish([], true);
    }
    const waiting = { signal: hooks.signal, onWait: () => hooks.step?.("waiting for another start or stop") };
    return withLock(files.lock, waiting, async () => {
        if (await isAsWanted(files, settings, programs)) {
            return finish([], true);
        }
        for (let attempt = 1; ; attempt++) {
            const launch = new Launch(settings, files, programs, definitions, hooks);
            try {
                await launch.run();
                return await finish(launch.started, false);
            } catch (error) {
                await launch.undo();
                // Another program may take a port between the moment it is found free and the moment it is used.
                if (!(error instanceof PortTakenError) || attempt === 3) {
                    throw error;
                }
            }
        }
    });
}

/** Ends exactly the cluster's processes and keeps its data for the next start. Returns the components that were running. */
export async function stop(identity: ClusterIdentity = {}): Promise<readonly Component[]> {
    const { folder } = resolveOptions(identity);
    const files = clusterFiles(folder);
    if ((await readState(files.state)) === undefined) {
        return [];
    }
    return withLock(files.lock, {}, () => stopComponents(files));
}

/** Stops the cluster and deletes its folder. Returns true when there was something to delete. */
export async function remove(identity: ClusterIdentity = {}): Promise<boolean> {
    const { folder } = resolveOptions(identity);
    const files = clusterFiles(folder);
    // Nothing but what a start made is deleted, whatever folder is named.
    const made = await access(files.certificates).then(
        () => true,
        () => false,
    );
    if (!made) {
        return false;
    }
    return withLock(files.lock, {}, async () => {
        await removeVolumes(files);
        await stopComponents(files);
        await rm(files.folder, { recursive: true, force: true });
        return true;
    });
}

/** What the cluster does right now. Starts and changes nothing. */
export async function status(identity: ClusterIdentity = {}): Promise<ClusterStatus> {
    const { name, folder } = resolveOptions({ ...pickIdentity(identity) });
    const files = clusterFiles(folder);
    const state = await readState(files.state);
    const components = await Promise.all(
        clusterPrograms.map(async (component) => {
            const record = state?.components[component];
            const running = record !== undefined && (await isRunning(record));
            return {
                name: component,
                pid: running ? record.pid : undefined,
                running,
                log: join(files.logs, `${component}.log`),
            };
        }),
    );
    return {
        name,
        state: await overallState(files, state, components),
        folder,
        kubeconfig: files.kubeconfig,
        context: contextName(name),
        server: state === undefined ? undefined : `https://127.0.0.1:${state.ports.apiserver}`,
        components,
        settings: state?.settings,
    };
}

function pickIdentity({ name, folder }: ClusterIdentity): ClusterIdentity {
    return { ...(name === undefined ? {} : { name }), ...(folder === undefined ? {} : { folder }) };
}

async function overallState(
    files: ClusterFiles,
    state: ClusterState | undefined,
    components: readonly { readonly running: boolean }[],
): Promise<ClusterStatus["state"]> {
    if (state === undefined) {
        return "absent";
    }
    if (!components.some(({ running }) => running)) {
        return "stopped";
    }
    const complete = state.ready && components.every(({ running }) => running);
    return complete && (await apiServerAnswers(files, state)) ? "running" : "degraded";
}

async function isAsWanted(
    files: ClusterFiles,
    settings: ClusterSettings,
    programs: Programs,
): Promise<boolean> {
    const state = await readState(files.state);
    if (state?.ready !== true || JSON.stringify(state.settings) !== JSON.stringify(settings)) {
        return false;
    }
    const digests = await commandDigests(files, state.ports, settings, programs);
    const running = await Promise.all(
        clusterPrograms.map(async (component) => {
            const record = state.components[component];
            return record?.command === digests[component] && (await isRunning(record));
        }),
    );
    return running.every(Boolean) && (await apiServerAnswers(files, state));
}
