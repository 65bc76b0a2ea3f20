import { setTimeout as sleep } from "node:timers/promises";

import {
    CoreV1Api,
    type KubeConfig,
    PatchStrategy,
    setHeaderOptions,
    type V1Pod,
} from "@kubernetes/client-node";

import type { LoadSecond } from "../load/generator.ts";
import type { WorkloadWatch } from "../load/workloadWatch.ts";
import { type LoadModel, step } from "./model.ts";
import { usageAnnotations } from "./workspace.ts";

export interface SimulatedLoadArgs {
    config: KubeConfig;
    watch: WorkloadWatch;
    model: LoadModel;
    /** CPU limit of a pod in milli-CPU. */
    cpuLimit: number;
    /** Requests per second at a time in seconds. */
    rateAt: (second: number) => number;
    onSecond: (second: LoadSecond) => void;
    /** Asked after every second: false ends the load. */
    goOn: (second: number) => boolean;
    signal?: AbortSignal | undefined;
}

/** A change below this share of the last value is not written. */
const noise = 0.02;

/** Writes what a pod uses to its annotations, from which the simulated nodes' metrics are made. */
class UsageWriter {
    readonly #args: SimulatedLoadArgs;
    readonly #written = new Map<string, number>();
    readonly #busy = new Set<string>();

    constructor(args: SimulatedLoadArgs) {
        this.#args = args;
    }

    write({ metadata }: V1Pod, cpu: number): void {
        const name = metadata?.name ?? "";
        const last = this.#written.get(name);
        if (this.#busy.has(name) || (last !== undefined && Math.abs(cpu - last) <= noise * last)) return;
        this.#busy.add(name);
        void this.#patch(name, cpu).finally(() => this.#busy.delete(name));
    }

    async #patch(name: string, cpu: number): Promise<void> {
        const { config, watch, model } = this.#args;
        const body = { metadata: { annotations: usageAnnotations(Math.round(cpu), model.memory) } };
        try {
            await config
                .makeApiClient(CoreV1Api)
                .patchNamespacedPod(
                    { namespace: watch.workload.namespace, name, body },
                    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
                );
            this.#written.set(name, cpu);
        } catch {
            // The pod is gone, or the API server is busy: the next second tries again.
            this.#written.delete(name);
        }
    }
}

/**
 * Turns requests into the CPU use of the pods that are ready, every second, by the model. Everything else
 * is the cluster's own doing.
 */
export async function simulateLoad(args: SimulatedLoadArgs): Promise<void> {
    const { watch, model, cpuLimit, signal } = args;
    const writer = new UsageWriter(args);
    const began = performance.now();
    let backlog = 0;
    for (let second = 0; ; second++) {
        const rate = args.rateAt(second + 0.5);
        const ready = watch.readyPods();
        const now = step(model, cpuLimit, { rate, readyPods: ready.length, backlog, seconds: 1 });
        backlog = now.backlog;
        for (const pod of ready) writer.write(pod, now.cpuPerPod);
        const wait = began + (second + 1) * 1000 - performance.now();
        await sleep(Math.max(wait, 0), undefined, signal ? { signal } : {}).catch(() => undefined);
        args.onSecond({
            second,
            intended: rate,
            started: rate,
            answered: now.answered,
            errors: now.failed,
            waiting: Math.round(backlog),
            p50: now.p50,
            p95: now.p95,
            p99: now.p99,
        });
        if (signal?.aborted === true || !args.goOn(second + 1)) return;
    }
}
