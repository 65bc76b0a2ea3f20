import { createHash } from "node:crypto";

import { ApiClient } from "./api.ts";
import { type ClusterFiles, type ClusterPorts, type Component, commandLines } from "./controlPlane.ts";
import { kwokConfig } from "./kwok.ts";
import type { ClusterSettings } from "./options.ts";
import { isRunning, stopProcess } from "./processes.ts";
import { clusterPrograms } from "./programs.ts";
import { type ClusterState, readState, writeState } from "./state.ts";

/** Absolute paths of the components' programs. */
export type Programs = Readonly<Record<Component, string>>;

/** True when the API server says that it is ready. */
export async function apiServerAnswers(files: ClusterFiles, state: ClusterState): Promise<boolean> {
    const api = await adminClient(files, state.ports).catch(() => undefined);
    try {
        return (await api?.isHealthy("/readyz")) ?? false;
    } finally {
        api?.close();
    }
}

/** A client of the API server with the rights of its administrator. */
export async function adminClient(files: ClusterFiles, ports: ClusterPorts): Promise<ApiClient> {
    return ApiClient.open(files.certificates, "ca", "admin", ports.apiserver);
}

/** A digest per component of all that decides how it runs; a component whose digest changed must start anew. */
export async function commandDigests(
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
export async function stopComponents(files: ClusterFiles): Promise<Component[]> {
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
