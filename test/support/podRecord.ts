import { CoreV1Api, type KubeConfig, makeInformer, type V1Pod } from "@kubernetes/client-node";

import { isServing } from "../../ops/validate/pods.ts";

export interface PodRecordArgs {
    config: KubeConfig;
    namespace: string;
    /** Label selector of the pods. */
    selector: string;
}

/** Follows pods and remembers the fewest that were ready and the most there were, at every change. */
export class PodRecord {
    fewestReady = Infinity;
    most = 0;
    readonly #informer: ReturnType<typeof makeInformer<V1Pod>>;

    private constructor({ config, namespace, selector }: PodRecordArgs) {
        const core = config.makeApiClient(CoreV1Api);
        this.#informer = makeInformer<V1Pod>(
            config,
            `/api/v1/namespaces/${namespace}/pods`,
            () => core.listNamespacedPod({ namespace, labelSelector: selector }),
            selector,
        );
    }

    static async start(args: PodRecordArgs): Promise<PodRecord> {
        const record = new PodRecord(args);
        await record.#informer.start();
        record.reset();
        for (const verb of ["add", "update", "delete"] as const)
            record.#informer.on(verb, () => record.#count());
        return record;
    }

    /** Forgets what was, and begins with what is. */
    reset(): void {
        this.fewestReady = Infinity;
        this.most = 0;
        this.#count();
    }

    /** Pods that are not going away. */
    pods(): V1Pod[] {
        return this.#informer.list().filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    }

    ready(): V1Pod[] {
        return this.#informer.list().filter(isServing);
    }

    stop(): Promise<void> {
        return this.#informer.stop();
    }

    #count(): void {
        this.fewestReady = Math.min(this.fewestReady, this.ready().length);
        this.most = Math.max(this.most, this.pods().length);
    }
}
