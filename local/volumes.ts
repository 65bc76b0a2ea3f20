import { rmdir } from "node:fs/promises";

import { adminClient, apiServerAnswers } from "./components.ts";
import type { ClusterFiles } from "./controlPlane.ts";
import { readState } from "./state.ts";

/** Where the controller manager's host-path provisioner makes a folder per volume; it cannot be told another place. */
export const volumeFolder = "/tmp/hostpath_pv";

interface Volume {
    readonly spec: { readonly hostPath?: { readonly path: string } };
}

/** Deletes the empty folders that the controller manager made for volumes outside of the cluster's folder. */
export async function removeVolumes(files: ClusterFiles): Promise<void> {
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
