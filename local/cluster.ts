import { createHash } from "node:crypto";
import { access, chmod, mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ApiClient } from "./api.ts";
import { type Manifest, clusterDefaults, metricsApi, permissions } from "./bootstrap.ts";
import { type BuildHooks, ensurePrograms } from "./build.ts";
import { ensureCertificates } from "./certificates.ts";
import {
    type ClusterFiles,
    type ClusterPorts,
    type Component,
    clusterFiles,
    commandLines,
    componentEnvironment,
    componentKubeconfig,
    portNames,
} from "./controlPlane.ts";
import { changedDefinitions, customResourceDefinitions, servedResources } from "./crds.ts";
import { LocalClusterError } from "./errors.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { kwokConfig } from "./kwok.ts";
import { withLock } from "./lock.ts";
import { applyNodes, nodes } from "./nodes.ts";
import { type ClusterOptions, type ClusterSettings, resolveOptions } from "./options.ts";
import { choosePorts, isFree } from "./ports.ts";
import { isRunning, logTail, startProcess, stopProcess } from "./processes.ts";
import { clusterPrograms } from "./programs.ts";
import { type ClusterState, type ComponentRecord, readState, writeState } from "./state.ts";
import { waitFor } from "./wait.ts";

/** Which cluster; see `ClusterOptions`. */
export type ClusterIdentity = Pick<ClusterOptions, "name" | "folder">;

/** How a caller follows and ends a start. */
export interface ClusterHooks extends BuildHooks {
    /** Told in a few words what is being done now. */
    readonly step?: ((text: string) => void) | undefined;
}

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

function contextName(name: string): string {
    return `spywatcher-${name}`;
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

async function apiServerAnswers(files: ClusterFiles, state: ClusterState): Promise<boolean> {
    const api = await adminClient(files, state.ports).catch(() => undefined);
    try {
        return (await api?.isHealthy("/readyz")) ?? false;
    } finally {
        api?.close();
    }
}

async function adminClient(files: ClusterFiles, ports: ClusterPorts): Promise<ApiClient> {
    return ApiClient.open(files.certificates, "ca", "admin", ports.apiserver);
}

type Programs = Readonly<Record<Component, string>>;

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

/** A digest per component of all that decides how it runs; a component whose digest changed must start anew. */
async function commandDigests(
    files: ClusterFiles,
    ports: ClusterPorts,
    settings: ClusterSettings,
    programs: Programs,
): Promise<Record<Component, string>> {
    const args = commandLines(files, ports);
    const config = await kwokConfig(settings);
    const digests = {} as Record<Component, string>;
    for (const component of clusterPrograms) {
        const parts = [programs[component], ...args[component], ...(component === "kwok" ? [config] : [])];
        digests[component] = createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
    }
    return digests;
}

/** Ends the processes of a cluster in the order in which they depend on each other. Needs the cluster's lock. */
async function stopComponents(files: ClusterFiles): Promise<Component[]> {
    const state = await readState(files.state);
    const stopped: Component[] = [];
    const end = async (component: Component): Promise<void> => {
        const record = state?.components[component];
        if (record !== undefined && (await isRunning(record))) {
            await stopProcess(record);
            stopped.push(component);
        }
    };
    await Promise.all(clusterPrograms.filter((component) => component !== "etcd").map(end));
    await end("etcd");
    if (state !== undefined) {
        await writeState(files.state, { ...state, components: {}, ready: false });
    }
    return stopped;
}

/** Deletes the empty folders that the controller manager made for volumes outside of the cluster's folder. */
async function removeVolumes(files: ClusterFiles): Promise<void> {
    const state = await readState(files.state);
    if (state === undefined || !(await apiServerAnswers(files, state))) {
        return;
    }
    const api = await adminClient(files, state.ports);
    const list = (await api.get("/api/v1/persistentvolumes")) as { items: Volume[] } | undefined;
    api.close();
    for (const { spec } of list?.items ?? []) {
        const path = spec.hostPath?.path;
        if (path?.startsWith(`${volumeFolder}/`) === true) {
            await rmdir(path).catch(() => undefined);
        }
    }
}

interface Volume {
    readonly spec: { readonly hostPath?: { readonly path: string } };
}

/** Where the controller manager's host-path provisioner makes a folder per volume; it cannot be told another place. */
const volumeFolder = "/tmp/hostpath_pv";

class PortTakenError extends LocalClusterError {}

/** One start of a cluster, from whatever state it is in. */
class Launch {
    readonly started: Component[] = [];
    readonly #settings: ClusterSettings;
    readonly #files: ClusterFiles;
    readonly #programs: Programs;
    readonly #definitions: Promise<Manifest[]>;
    readonly #hooks: ClusterHooks;
    #components: Partial<Record<Component, ComponentRecord>> = {};
    #ports: ClusterPorts | undefined;

    constructor(
        settings: ClusterSettings,
        files: ClusterFiles,
        programs: Programs,
        definitions: Promise<Manifest[]>,
        hooks: ClusterHooks,
    ) {
        this.#settings = settings;
        this.#files = files;
        this.#programs = programs;
        this.#definitions = definitions;
        this.#hooks = hooks;
    }

    async run(): Promise<void> {
        const { signal, step } = this.#hooks;
        const files = this.#files;
        step?.("preparing");
        await this.#prepareFolder();
        const ports = await this.#keepWhatRuns();
        this.#ports = ports;
        await this.#writeKubeconfigs(ports);
        await writeFile(files.kwokConfig, await kwokConfig(this.#settings));
        await this.#save(false);

        step?.("starting etcd");
        await this.#launch("etcd", ports);
        const etcd = await ApiClient.open(files.certificates, "etcd-ca", "etcd-client", ports.etcd);
        const api = await adminClient(files, ports);
        try {
            await this.#untilHealthy("etcd", () => etcd.isHealthy("/health"));
            step?.("starting the API server");
            await this.#launch("kube-apiserver", ports);
            await this.#untilHealthy("kube-apiserver", () => api.isHealthy("/readyz"));
            step?.("starting controllers and nodes");
            await this.#launch("kube-controller-manager", ports);
            await this.#launch("kube-scheduler", ports);
            await Promise.all(permissions().map((manifest) => api.apply(manifest, { signal })));
            await this.#launch("kwok", ports);
            await this.#launch("metrics-server", ports);
            await this.#fill(api, ports);
            await this.#untilUsable(api);
        } finally {
            etcd.close();
            api.close();
        }
        await this.#save(true);
    }

    /** Ends what this start started. */
    async undo(): Promise<void> {
        const ending = [...this.started].reverse();
        for (const component of ending) {
            const record = this.#components[component];
            if (record !== undefined) {
                await stopProcess(record);
                this.#components = { ...this.#components, [component]: undefined };
            }
        }
        if (this.#ports !== undefined) {
            await this.#save(false);
        }
    }

    async #prepareFolder(): Promise<void> {
        const files = this.#files;
        await mkdir(files.folder, { recursive: true, mode: 0o700 });
        await mkdir(files.logs, { recursive: true });
        // etcd warns about a data folder that others can read.
        await mkdir(files.data, { recursive: true, mode: 0o700 });
        await ensureCertificates(files.certificates);
        if ((await mkdir(volumeFolder, { recursive: true })) !== undefined) {
            // Shared by all clusters on the machine, whoever runs them.
            await chmod(volumeFolder, 0o1777);
        }
    }

    /** Keeps the components that run as wanted, ends the others, and gives the ports of all. */
    async #keepWhatRuns(): Promise<ClusterPorts> {
        const state = await readState(this.#files.state);
        if (state === undefined) {
            return choosePorts(portNames);
        }
        const digests = await commandDigests(this.#files, state.ports, this.#settings, this.#programs);
        const kept: Partial<Record<Component, ComponentRecord>> = {};
        for (const component of clusterPrograms) {
            const record = state.components[component];
            if (record !== undefined && (await isRunning(record))) {
                if (record.command === digests[component]) {
                    kept[component] = record;
                } else {
                    await stopProcess(record);
                }
            }
        }
        const serves = kept["kube-apiserver"] === undefined || (await apiServerAnswers(this.#files, state));
        if (Object.keys(kept).length > 0 && serves && (await deadPortsAreFree(state.ports, kept))) {
            this.#components = kept;
            return state.ports;
        }
        await stopComponents(this.#files);
        return choosePorts(portNames, state.ports);
    }

    async #writeKubeconfigs(port: ClusterPorts): Promise<void> {
        const files = this.#files;
        const shared = { port: port.apiserver, certificates: files.certificates };
        const context = contextName(this.#settings.name);
        await writeKubeconfig({ ...shared, path: files.kubeconfig, context, identity: "admin" });
        for (const identity of ["controller-manager", "scheduler", "kwok", "metrics-server"] as const) {
            await writeKubeconfig({
                ...shared,
                path: componentKubeconfig(files, identity),
                context,
                identity,
            });
        }
    }

    async #launch(component: Component, ports: ClusterPorts): Promise<void> {
        this.#hooks.signal?.throwIfAborted();
        if (this.#components[component] !== undefined) {
            return;
        }
        const digests = await commandDigests(this.#files, ports, this.#settings, this.#programs);
        const record = await startProcess({
            program: this.#programs[component],
            args: commandLines(this.#files, ports)[component],
            log: join(this.#files.logs, `${component}.log`),
            folder: this.#files.folder,
            environment: componentEnvironment(this.#files),
        });
        this.#components = { ...this.#components, [component]: { ...record, command: digests[component] } };
        this.started.push(component);
        // At once, so that a later command can end the process even if this one is killed.
        await this.#save(false);
    }

    async #save(ready: boolean): Promise<void> {
        if (this.#ports !== undefined) {
            await writeState(this.#files.state, {
                version: 1,
                settings: this.#settings,
                ports: this.#ports,
                components: this.#components,
                ready,
            });
        }
    }

    async #untilHealthy(component: Component, healthy: () => Promise<boolean>): Promise<void> {
        await waitFor(async () => ((await healthy()) ? true : undefined), {
            what: component,
            seconds: 60,
            signal: this.#hooks.signal,
            guard: () => this.#noneEnded(),
            hint: `Its log is ${join(this.#files.logs, `${component}.log`)}.`,
        });
    }

    /** Fails with the log's end when a component has ended. */
    async #noneEnded(): Promise<void> {
        for (const component of clusterPrograms) {
            const record = this.#components[component];
            if (record !== undefined && !(await isRunning(record))) {
                const tail = await logTail(record.log);
                const Kind = tail.includes("address already in use") ? PortTakenError : LocalClusterError;
                throw new Kind(
                    `${component} ended right after its start. The end of its log ${record.log}:\n${tail}\n` +
                        "Start again; if it ends again, remove the cluster with its data and start anew.",
                );
            }
        }
    }

    /** Applies the cluster's own objects. */
    async #fill(api: ApiClient, ports: ClusterPorts): Promise<void> {
        const { signal } = this.#hooks;
        const ca = await readFile(join(this.#files.certificates, "ca.crt"), "utf8");
        const manifests = [
            ...metricsApi(ports.metricsServer, ca),
            ...clusterDefaults(),
            ...(await changedDefinitions(api, await this.#definitions)),
        ];
        await Promise.all([
            applyNodes(api, nodes(this.#settings, ports.kwok), signal),
            ...manifests.map((manifest) => api.apply(manifest, { signal })),
        ]);
    }

    /** Waits for what a program or a test may rely on as soon as the start has ended. */
    async #untilUsable(api: ApiClient): Promise<void> {
        const until = (what: string, check: () => Promise<boolean>): Promise<true> =>
            waitFor(async () => ((await check()) ? true : undefined), {
                what,
                seconds: 60,
                signal: this.#hooks.signal,
                guard: () => this.#noneEnded(),
                hint: `The logs are in ${this.#files.logs}.`,
            });
        const served = servedResources(await this.#definitions);
        await Promise.all([
            until("a node", async () => {
                const list = (await api.get("/api/v1/nodes")) as ConditionList | undefined;
                const ready = list?.items.filter((item) => hasCondition(item, "Ready")) ?? [];
                return ready.length >= this.#settings.nodes;
            }),
            until("the metrics API", async () =>
                hasCondition(
                    await api.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"),
                    "Available",
                ),
            ),
            until(
                "the controller manager",
                async () =>
                    (await api.get("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined,
            ),
            ...served.map(({ path, names }) =>
                until(`the API ${path}`, async () => {
                    const list = (await api.get(path)) as ResourceList | undefined;
                    const found = new Set(list?.resources.map(({ name }) => name));
                    return names.every((name) => found.has(name));
                }),
            ),
        ]);
    }
}

interface ResourceList {
    readonly resources: readonly { readonly name: string }[];
}

interface Conditioned {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface ConditionList {
    readonly items: readonly Conditioned[];
}

function hasCondition(object: unknown, type: string): boolean {
    const { status } = (object ?? {}) as Conditioned;
    return (
        status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ??
        false
    );
}

const portsOf: Readonly<Partial<Record<Component, readonly (keyof ClusterPorts)[]>>> = {
    etcd: ["etcd", "etcdPeer"],
    "kube-apiserver": ["apiserver"],
    kwok: ["kwok"],
    "metrics-server": ["metricsServer"],
};

async function deadPortsAreFree(
    ports: ClusterPorts,
    running: Readonly<Partial<Record<Component, unknown>>>,
): Promise<boolean> {
    const dead = clusterPrograms.filter((component) => running[component] === undefined);
    const free = await Promise.all(
        dead.flatMap((component) => portsOf[component] ?? []).map((name) => isFree(ports[name])),
    );
    return free.every(Boolean);
}
