/** What a request costs and how a pod behaves: all that the simulation needs to know of the application. */
export interface LoadModel {
    /** Milli-CPU that a pod uses for each request per second. */
    cpuPerRequest: number;
    /** Milli-CPU that a pod uses without requests. */
    idleCpu: number;
    /** MiB that a pod uses. */
    memory: number;
    /** Seconds from a container's start until the pod is ready. */
    startupSeconds: number;
    /** Milliseconds that a request takes in a pod without other requests. */
    serviceMs: number;
    /** Seconds after which a waiting request has failed. */
    timeoutSeconds: number;
}

/**
 * Defaults. The memory is what the backend was seen to use when idle, 129 MB, with some room; the start-up time is the
 * goal's. What a request costs has never been measured: the backend's 14m is what makes 100 requests per second need
 * the 4 pods (of 350m each, 70 % of the request) that are expected of it, the frontend's what needs 3 of 70m.
 */
export const loadModels = {
    backend: {
        cpuPerRequest: 14,
        idleCpu: 20,
        memory: 160,
        startupSeconds: 20,
        serviceMs: 20,
        timeoutSeconds: 10,
    },
    frontend: {
        cpuPerRequest: 1.8,
        idleCpu: 2,
        memory: 20,
        startupSeconds: 5,
        serviceMs: 2,
        timeoutSeconds: 10,
    },
} as const satisfies Record<string, LoadModel>;

/** One moment of the system. */
export interface SystemInput {
    /** Requests per second that arrive. */
    rate: number;
    /** Pods that are ready; they share the requests evenly. */
    readyPods: number;
    /** Requests that still wait from before. */
    backlog: number;
    /** Length of the moment in seconds. */
    seconds: number;
}

export interface SystemOutput {
    /** Milli-CPU of each ready pod. */
    cpuPerPod: number;
    /** Requests per second that are answered and that fail. */
    answered: number;
    failed: number;
    /** Requests that wait afterwards. */
    backlog: number;
    /** Milliseconds; null when nothing is answered. */
    p50: number | null;
    p95: number | null;
    p99: number | null;
}

/** Nearer to its limit a pod's queue does not come within a moment. */
const mostBusy = 0.98;

/**
 * How a moment goes by. Ready pods share the requests; each can use its CPU limit and no more. What is beyond waits, and
 * fails when it would wait for longer than the time limit. Latency is that of a queue with one server in each pod: its
 * times are exponentially distributed around `serviceMs / (1 - load)`, and the wait for the backlog comes on top.
 */
export function step(
    model: LoadModel,
    limit: number,
    { rate, readyPods, backlog, seconds }: SystemInput,
): SystemOutput {
    const capacity = (readyPods * Math.max(limit - model.idleCpu, 0)) / model.cpuPerRequest;
    const demand = backlog + rate * seconds;
    const done = Math.min(demand, capacity * seconds);
    const left = demand - done;
    const longestQueue = capacity * model.timeoutSeconds;
    const rest = Math.min(left, longestQueue);
    const answered = done / seconds;
    const load = capacity === 0 ? 1 : answered / capacity;
    const mean = model.serviceMs / (1 - Math.min(load, mostBusy));
    const wait = capacity === 0 ? 0 : ((backlog + rest) / 2 / capacity) * 1000;
    const at = (share: number): number | null =>
        done === 0 ? null : Math.min(wait - mean * Math.log(1 - share), model.timeoutSeconds * 1000);
    return {
        cpuPerPod: readyPods === 0 ? 0 : model.idleCpu + (answered * model.cpuPerRequest) / readyPods,
        answered,
        failed: (left - rest) / seconds,
        backlog: rest,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
    };
}
