import { KubeConfig } from "@kubernetes/client-node";

import type { ClusterHooks } from "../../local/launch.ts";
import { remove, start } from "../../local/cluster.ts";
import { withLock } from "../../local/lock.ts";
import { clusterFolder } from "../../local/paths.ts";

const name = "simulation";

/** Milli-CPU of an m6i.xlarge that pods can be sure to get, one of another size beside them. */
const nodeCpu = 3400;

/**
 * Gives `work` an embedded cluster of its own, beside the stack `local`, with room for `cpu` milli-CPU of requests in
 * three zones, and removes it afterwards. One at a time on a machine.
 */
export async function withSimulationCluster<T>(
    cpu: number,
    hooks: ClusterHooks,
    work: (config: KubeConfig) => Promise<T>,
): Promise<T> {
    const waiting = {
        signal: hooks.signal,
        onWait: () => hooks.step?.("waiting for another simulation"),
    };
    return withLock(`${clusterFolder(name)}.run.lock`, waiting, async () => {
        const nodes = Math.min(Math.max(Math.ceil(cpu / nodeCpu), 3), 50);
        // What an earlier one left when it was killed.
        await remove({ name });
        try {
            const { kubeconfig } = await start({ name, nodes }, hooks);
            const config = new KubeConfig();
            config.loadFromFile(kubeconfig);
            return await work(config);
        } finally {
            await remove({ name });
        }
    });
}
