import {
    ApiException,
    AppsV1Api,
    AutoscalingV2Api,
    CoreV1Api,
    type KubeConfig,
    makeInformer,
    type V1Pod,
    type V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";

import { OperationError } from "../errors.ts";
import { isServing } from "../validate/pods.ts";
import { failureText } from "./failures.ts";
import type { ScalingEvent, WatchedWorkload } from "./run.ts";

/** What the cluster says of a workload. What the HPA says is null while it cannot be read or does not know. */
export interface WorkloadState {
    ready: number | null;
    desired: number | null;
    cpu: number | null;
    memory: number | null;
}

export interface WatchArgs {
    config: KubeConfig;
    namespace: string;
    /** Name of the Deployment. */
    deployment: string;
    /** Told when the HPA changes the number of pods, without the time. */
    onScaled?: (event: Omit<ScalingEvent, "second">) => void;
}

/** Milliseconds between two looks at the HPA. */
const pollMs = 1000;

function utilization(
    hpa: V2HorizontalPodAutoscaler,
    name: string,
): { target: number | null; current: number | null } {
    const target = hpa.spec.metrics?.find(({ resource }) => resource?.name === name)?.resource?.target;
    const status = hpa.status?.currentMetrics?.find(({ resource }) => resource?.name === name);
    return {
        target: target?.averageUtilization ?? null,
        current: status?.resource?.current.averageUtilization ?? null,
    };
}

/** What a failed read means, and what to do; `what` is as in "list pods". */
export function explainApiError(error: unknown, what: string, namespace: string): Error {
    if (!(error instanceof ApiException)) {
        return new OperationError(`The cluster could not be asked to ${what}: ${failureText(error)}.`);
    }
    const hints: Record<number, string> = {
        401: "The cluster does not know you: your credentials are missing or have expired.",
        403: `You are not allowed to ${what} in the namespace ${namespace}.`,
        404: `Not found in the namespace ${namespace} (${what}): is the stack up, and is NAMESPACE right?`,
    };
    return new OperationError(
        hints[error.code] ?? `The cluster answered ${error.code} when asked to ${what}.`,
    );
}

async function attempt<T>(what: string, namespace: string, call: Promise<T>): Promise<T> {
    try {
        return await call;
    } catch (error) {
        throw explainApiError(error, what, namespace);
    }
}

/** Follows a Deployment's pods and its HPA. */
export class WorkloadWatch {
    readonly workload: WatchedWorkload;
    /** Labels of the Deployment's pods, as a selector. */
    readonly selector: string;
    readonly #args: WatchArgs;
    readonly #hpaName: string;
    readonly #pods: ReturnType<typeof makeInformer<V1Pod>>;
    #hpa: V2HorizontalPodAutoscaler | undefined;
    #timer: NodeJS.Timeout | undefined;
    #stopped = false;

    private constructor(args: WatchArgs, hpa: V2HorizontalPodAutoscaler, selector: string) {
        this.#args = args;
        this.#hpa = hpa;
        this.#hpaName = hpa.metadata?.name ?? "";
        this.selector = selector;
        this.workload = {
            namespace: args.namespace,
            deployment: args.deployment,
            minReplicas: hpa.spec.minReplicas ?? 1,
            maxReplicas: hpa.spec.maxReplicas,
            cpuTarget: utilization(hpa, "cpu").target,
            memoryTarget: utilization(hpa, "memory").target,
        };
        const { config, namespace } = args;
        const core = config.makeApiClient(CoreV1Api);
        this.#pods = makeInformer<V1Pod>(
            config,
            `/api/v1/namespaces/${namespace}/pods`,
            () => core.listNamespacedPod({ namespace, labelSelector: selector }),
            selector,
        );
    }

    /** Throws an OperationError when the Deployment or its HPA cannot be read. */
    static async open(args: WatchArgs): Promise<WorkloadWatch> {
        const { config, namespace, deployment: name } = args;
        const deployment = await attempt(
            `get deployments (${name})`,
            namespace,
            config.makeApiClient(AppsV1Api).readNamespacedDeployment({ namespace, name }),
        );
        const { items } = await attempt(
            "list horizontalpodautoscalers",
            namespace,
            config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace }),
        );
        const hpa = items.find(({ spec }) => spec.scaleTargetRef.name === name);
        if (!hpa) throw new OperationError(`No HPA in the namespace ${namespace} scales ${name}.`);
        const selector = Object.entries(deployment.spec?.selector.matchLabels ?? {})
            .map(([label, value]) => `${label}=${value}`)
            .join(",");
        const watch = new WorkloadWatch(args, hpa, selector);
        await watch.#start();
        return watch;
    }

    /** All pods that are not going away. */
    pods(): V1Pod[] {
        return this.#pods.list().filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    }

    readyPods(): V1Pod[] {
        return this.#pods.list().filter(isServing);
    }

    state(): WorkloadState {
        const hpa = this.#hpa;
        return {
            ready: this.readyPods().length,
            desired: hpa?.status?.desiredReplicas ?? null,
            cpu: hpa ? utilization(hpa, "cpu").current : null,
            memory: hpa ? utilization(hpa, "memory").current : null,
        };
    }

    /** Why the HPA scales nothing at the moment, in its own words; undefined when it does. */
    inactive(): string | undefined {
        const condition = this.#hpa?.status?.conditions?.find(({ type }) => type === "ScalingActive");
        if (condition?.status === "True") return undefined;
        const why =
            condition?.message ?? "it has not looked at its metrics yet; a new one takes half a minute";
        return `The HPA ${this.#hpaName} does not scale: ${why}.`;
    }

    async stop(): Promise<void> {
        this.#stopped = true;
        clearTimeout(this.#timer);
        await this.#pods.stop();
    }

    async #start(): Promise<void> {
        // An informer ends with an error when its connection does, and is to be started again.
        this.#pods.on("error", () => {
            if (!this.#stopped) setTimeout(() => void this.#restart(), pollMs);
        });
        await attempt("list pods", this.#args.namespace, this.#pods.start());
        this.#timer = setTimeout(() => void this.#look(), pollMs);
    }

    async #restart(): Promise<void> {
        if (this.#stopped) return;
        await this.#pods.start().catch(() => {
            setTimeout(() => void this.#restart(), pollMs);
        });
    }

    async #look(): Promise<void> {
        const { config, namespace } = this.#args;
        const before = this.#hpa;
        this.#hpa = await config
            .makeApiClient(AutoscalingV2Api)
            .readNamespacedHorizontalPodAutoscaler({ namespace, name: this.#hpaName })
            .catch(() => undefined);
        const from = before?.status?.desiredReplicas ?? this.#hpa?.status?.currentReplicas;
        const to = this.#hpa?.status?.desiredReplicas;
        if (from !== undefined && to !== undefined && from !== to) {
            this.#args.onScaled?.({ from, to, reason: await this.#reason(to) });
        }
        if (!this.#stopped) this.#timer = setTimeout(() => void this.#look(), pollMs);
    }

    /** What the HPA's newest event for a size says. */
    async #reason(size: number): Promise<string> {
        const { config, namespace } = this.#args;
        const list = await config
            .makeApiClient(CoreV1Api)
            .listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${this.#hpaName}` })
            .catch(() => undefined);
        const messages = (list?.items ?? [])
            .filter(({ reason, message }) => reason === "SuccessfulRescale" && message?.includes(` ${size};`))
            .sort((a, b) => Number(a.lastTimestamp ?? 0) - Number(b.lastTimestamp ?? 0));
        return messages.at(-1)?.message?.replace(/^.*?reason: /, "") ?? "";
    }
}
