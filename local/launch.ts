import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ApiClient } from "./api.ts";
import { type Manifest, clusterDefaults, metricsApi, permissions } from "./bootstrap.ts";
import type { BuildHooks } from "./build.ts";
import { ensureCertificates } from "./certificates.ts";
import {
    type Programs,
    adminClient,
    apiServerAnswers,
    commandDigests,
    stopComponents,
} from "./components.ts";
import {
    type ClusterFiles,
    type ClusterPorts,
    type Component,
    commandLines,
    componentEnvironment,
    componentKubeconfig,
    portNames,
} from "./controlPlane.ts";
import { changedDefinitions } from "./crds.ts";
import { LocalClusterError } from "./errors.ts";
import { contextName, writeKubeconfig } from "./kubeconfig.ts";
import { kwokConfig } from "./kwok.ts";
import { applyNodes, nodes } from "./nodes.ts";
import type { ClusterSettings } from "./options.ts";
import { choosePorts, isFree } from "./ports.ts";
import { isRunning, logTail, startProcess, stopProcess } from "./processes.ts";
import { clusterPrograms } from "./programs.ts";
import { type ComponentRecord, readState, writeState } from "./state.ts";
import { untilUsable } from "./usable.ts";
import { volumeFolder } from "./volumes.ts";
import { waitFor } from "./wait.ts";

/** How a caller follows and ends a start. */
export interface ClusterHooks extends BuildHooks {
    /** Told in a few words what is being done now. */
    readonly step?: ((text: string) => void) | undefined;
}

/** Another process took a port between its choice and the start. */
export class PortTakenError extends LocalClusterError {}

/** One start of a cluster, from whatever state it is in. Needs the cluster's lock. */
export class Launch {
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
            await untilUsable(api, {
                nodes: this.#settings.nodes,
                definitions: await this.#definitions,
                logs: files.logs,
                signal,
                guard: () => this.#noneEnded(),
            });
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
