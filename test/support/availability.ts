import {
    ApiException,
    AppsV1Api,
    CoreV1Api,
    type KubeConfig,
    PatchStrategy,
    PolicyV1Api,
    setHeaderOptions,
    V1Eviction,
    type V1Pod,
} from "@kubernetes/client-node";

import { WorkloadWatch } from "../../ops/load/workloadWatch.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { loadModels } from "../../ops/simulation/model.ts";
import { simulateLoad } from "../../ops/simulation/simulatedLoad.ts";
import { cpuOf, createWorkspace, type SimulatedTier } from "../../ops/simulation/workspace.ts";
import { PodRecord } from "./podRecord.ts";
import { poll } from "./poll.ts";

const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Pods start fast here: these tests are about what happens, not about how long a container takes. */
export const startupSeconds = 3;

const models = {
    backend: { ...loadModels.backend, startupSeconds },
    frontend: { ...loadModels.frontend, startupSeconds },
};

export interface WorkloadArgs {
    config: KubeConfig;
    plan: Plan;
    namespace: string;
    /** Pods that are waited for. */
    replicas: Partial<Record<SimulatedTier, number>>;
}

/** Makes a namespace with workloads of a plan and waits until they have their pods. */
export async function workloads({
    config,
    plan,
    namespace,
    replicas,
}: WorkloadArgs): Promise<Record<SimulatedTier, PodRecord>> {
    const tiers = Object.keys(replicas) as SimulatedTier[];
    await createWorkspace(config, { plan, namespace, tiers, models });
    const records = {} as Record<SimulatedTier, PodRecord>;
    for (const tier of tiers) {
        records[tier] = await PodRecord.start({ config, namespace, selector: `tier=${tier}` });
        await poll(`${replicas[tier] ?? 0} ${tier} pods in ${namespace}`, 120, () =>
            records[tier].ready().length === replicas[tier] ? true : undefined,
        );
    }
    return records;
}

/** A load on a workload, at a rate that is asked for every second, until it is stopped. */
export async function loadOn(
    config: KubeConfig,
    plan: Plan,
    namespace: string,
    rate: () => number,
): Promise<{ watch: WorkloadWatch; failed: () => number; stop: () => Promise<void> }> {
    const watch = await WorkloadWatch.open({ config, namespace, deployment: "spywatcher-backend" });
    let failed = 0;
    let going = true;
    const run = simulateLoad({
        config,
        watch,
        model: models.backend,
        cpuLimit: cpuOf(plan, "backend").limit,
        rateAt: rate,
        onSecond: ({ errors }) => (failed += errors),
        goOn: () => going,
    });
    return {
        watch,
        failed: () => failed,
        stop: async () => {
            going = false;
            await run;
            await watch.stop();
        },
    };
}

/** Changes a Deployment's pod template: another image, and how long its pods start. */
export async function rollOut(
    config: KubeConfig,
    namespace: string,
    tier: SimulatedTier,
    { image, startup = startupSeconds }: { image: string; startup?: number },
): Promise<void> {
    await config.makeApiClient(AppsV1Api).patchNamespacedDeployment(
        {
            namespace,
            name: `spywatcher-${tier}`,
            body: {
                spec: {
                    template: {
                        metadata: { annotations: { "kwok.x-k8s.io/startup-delay": `${startup}s` } },
                        spec: { containers: [{ name: tier, image }] },
                    },
                },
            },
        },
        setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
    );
}

/** Waits until a rollout is complete; its seconds. */
export async function rolledOut(
    config: KubeConfig,
    namespace: string,
    tier: SimulatedTier,
    record: PodRecord,
    replicas: number,
): Promise<number> {
    const began = performance.now();
    const apps = config.makeApiClient(AppsV1Api);
    await poll(`rollout of ${tier} in ${namespace}`, 180, async () => {
        const { metadata, status } = await apps.readNamespacedDeployment({
            namespace,
            name: `spywatcher-${tier}`,
        });
        return status?.observedGeneration === metadata?.generation &&
            status?.updatedReplicas === replicas &&
            status.readyReplicas === replicas &&
            record.pods().length === replicas
            ? true
            : undefined;
    });
    return (performance.now() - began) / 1000;
}

/** Number of pods in each zone, the fewest first. */
export async function zoneSpread(config: KubeConfig, pods: readonly V1Pod[]): Promise<number[]> {
    const { items } = await config.makeApiClient(CoreV1Api).listNode();
    const zoneOf = new Map(
        items.map(({ metadata }) => [
            metadata?.name,
            metadata?.labels?.["topology.kubernetes.io/zone"] ?? "",
        ]),
    );
    const counts = new Map([...zoneOf.values()].map((zone) => [zone, 0]));
    for (const { spec } of pods) {
        const zone = zoneOf.get(spec?.nodeName) ?? "";
        counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    return [...counts.values()].sort((a, b) => a - b);
}

/** Asks for the eviction of a pod; the API server's status, 201 when it goes and 429 when the budget forbids it. */
export async function evict(config: KubeConfig, { metadata }: V1Pod): Promise<number> {
    const name = metadata?.name ?? "";
    const namespace = metadata?.namespace ?? "";
    const body = new V1Eviction();
    if (metadata) body.metadata = metadata;
    try {
        await config.makeApiClient(CoreV1Api).createNamespacedPodEviction({ name, namespace, body });
        return 201;
    } catch (error) {
        if (error instanceof ApiException) return error.code;
        throw error;
    }
}

/** Waits until a budget has seen the pods and allows so many disruptions. */
export async function untilAllowed(
    config: KubeConfig,
    namespace: string,
    disruptions: number,
): Promise<void> {
    await poll(`${disruptions} allowed disruptions in ${namespace}`, 30, async () => {
        const { status } = await config
            .makeApiClient(PolicyV1Api)
            .readNamespacedPodDisruptionBudget({ namespace, name: "spywatcher-backend-pdb" });
        return status?.disruptionsAllowed === disruptions ? true : undefined;
    });
}

/** Makes a running pod unready, as a failing readiness probe does, and keeps it so. */
export async function makeUnready(config: KubeConfig, { metadata }: V1Pod): Promise<void> {
    const core = config.makeApiClient(CoreV1Api);
    const at = { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
    await core.patchNamespacedPod(
        { ...at, body: { metadata: { annotations: { "kwok.x-k8s.io/startup-delay": "3600s" } } } },
        merge,
    );
    await core.patchNamespacedPodStatus(
        { ...at, body: { status: { conditions: [{ type: "Ready", status: "False" }] } } },
        setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
    );
}
