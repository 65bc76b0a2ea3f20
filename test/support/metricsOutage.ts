import { setTimeout as sleep } from "node:timers/promises";

import { AppsV1Api, type KubeConfig } from "@kubernetes/client-node";

import type { ApiServer } from "./apiServer.ts";
import { loadOn, workloads } from "./availability.ts";
import { planOf } from "./plans.ts";
import { poll } from "./poll.ts";

const metricsApi = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";

export interface Outage {
    /** Pods when the metrics went away. */
    pods: number;
    /** Numbers of replicas that were seen meanwhile. */
    replicas: number[];
    /** Requests that failed meanwhile. */
    failed: number;
    /** Seconds from the return of the metrics until more pods are ready. */
    secondsToScale: number;
}

/**
 * Takes the metrics API away for 330 s from a workload under load, while the other tests go on: longer than the 300 s
 * after which an HPA that took no metrics for no load would begin to scale down. Then load rises.
 */
export async function metricsOutage(config: KubeConfig, server: ApiServer): Promise<Outage> {
    const namespace = "no-metrics";
    const plan = await planOf("local");
    await workloads({ config, plan, namespace, replicas: { backend: 2 } });
    let rate = 150;
    const load = await loadOn(config, plan, namespace, () => rate);
    const { watch } = load;
    let since = performance.now();
    await poll("enough pods, and no change for 40 s", 240, () => {
        const { ready, desired } = watch.state();
        if (ready !== desired || (ready ?? 0) < 6) since = performance.now();
        return performance.now() - since > 40_000 ? true : undefined;
    });
    const pods = watch.readyPods().length;
    const api = await server.get<{ metadata: { name: string }; spec: unknown }>(metricsApi);
    await server.send("DELETE", metricsApi);
    const before = load.failed();
    const replicas = new Set<number>();
    const apps = config.makeApiClient(AppsV1Api);
    const end = performance.now() + 330_000;
    while (performance.now() < end) {
        const { spec } = await apps.readNamespacedDeployment({ namespace, name: "spywatcher-backend" });
        replicas.add(spec?.replicas ?? 0);
        await sleep(1000);
    }
    const failed = load.failed() - before;
    await server.send("POST", metricsApi.slice(0, metricsApi.lastIndexOf("/")), {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: api.metadata.name },
        spec: api.spec,
    });
    rate = 240;
    const began = performance.now();
    await poll("more pods", 120, () => (watch.readyPods().length > pods ? true : undefined));
    const secondsToScale = (performance.now() - began) / 1000;
    await load.stop();
    return { pods, replicas: [...replicas], failed, secondsToScale };
}
