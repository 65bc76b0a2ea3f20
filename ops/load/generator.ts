import { setTimeout as sleep } from "node:timers/promises";

import { Pool } from "undici";

import { failureText } from "./failures.ts";
import { Latencies, type LatencySummary, type Percentiles } from "./latencies.ts";
import { arrivals, duration, type Profile, rateAt } from "./profile.ts";
import { type Shortfall, shortfallOf } from "./shortfall.ts";

export interface LoadArgs {
    url: URL;
    profile: Profile;
    /** Seconds after which a request has failed, counted from when it should have started. Default: 10. */
    timeoutSeconds?: number;
    /** Told of every second when it is over. */
    onSecond?: (second: LoadSecond) => void;
    /** Ends the load; requests without an answer are then not counted. */
    signal?: AbortSignal;
}

/** What happened in one second. */
export interface LoadSecond extends Percentiles {
    /** Number of the second, from 0. */
    second: number;
    /** Requests per second the profile asks for. */
    intended: number;
    /** Requests that were sent. */
    started: number;
    /** Requests that were answered with 2xx. */
    answered: number;
    /** Requests that failed. */
    errors: number;
    /** Requests that wait for a free connection. */
    waiting: number;
}

export interface LoadResult {
    seconds: number;
    intended: number;
    started: number;
    answered: number;
    /** Number of failed requests by why they failed. */
    errors: Record<string, number>;
    /** Of all requests that were answered or failed, from when they should have started. */
    latency: LatencySummary;
    /** Undefined when at least 98 % of the rate was sent in every second. */
    shortfall: Shortfall | undefined;
}

interface Waiting {
    /** Milliseconds on the clock of `performance.now()`. */
    due: number;
}

/**
 * An open model: each request has a time to start that does not depend on earlier answers, and its latency counts from
 * then. A request that finds no free connection waits for one, and the wait is part of its latency.
 */
class Load {
    readonly #args: LoadArgs;
    readonly #timeoutMs: number;
    readonly #pool: Pool;
    readonly #total = new Latencies();
    readonly #recent = new Latencies();
    readonly #queue: Waiting[] = [];
    readonly #result: LoadResult;
    readonly #history: LoadSecond[] = [];
    #connections = 1;
    #open = 0;
    #began = 0;
    #count = { started: 0, answered: 0, errors: 0 };

    constructor(args: LoadArgs) {
        this.#args = args;
        this.#timeoutMs = (args.timeoutSeconds ?? 10) * 1000;
        const timeout = this.#timeoutMs;
        this.#pool = new Pool(args.url.origin, {
            connections: Math.max(1, ...args.profile.map(({ connections }) => connections)),
            pipelining: 1,
            allowH2: false,
            headersTimeout: timeout,
            bodyTimeout: timeout,
            connect: { timeout },
        });
        this.#result = {
            seconds: 0,
            intended: 0,
            started: 0,
            answered: 0,
            errors: {},
            latency: this.#total.summary(),
            shortfall: undefined,
        };
    }

    async run(): Promise<LoadResult> {
        const { profile, signal } = this.#args;
        this.#began = performance.now();
        const ticks = setInterval(() => this.#tick(), 1000);
        try {
            for (const { second, connections } of arrivals(profile)) {
                const due = this.#began + second * 1000;
                const early = due - performance.now();
                if (early > 1) await sleep(early, undefined, signal ? { signal } : {});
                signal?.throwIfAborted();
                this.#connections = connections;
                this.#result.intended++;
                this.#queue.push({ due });
                this.#startWaiting();
            }
            const rest = this.#began + duration(profile) * 1000 - performance.now();
            await sleep(Math.max(rest, 0), undefined, signal ? { signal } : {});
            await this.#drain();
        } catch (error) {
            if (signal?.aborted !== true) throw error;
        } finally {
            clearInterval(ticks);
            this.#tick();
            this.#result.seconds = (performance.now() - this.#began) / 1000;
            await this.#pool.destroy();
        }
        this.#result.latency = this.#total.summary();
        this.#result.shortfall = shortfallOf(profile, this.#history);
        return this.#result;
    }

    /** Waits for the answers to all that was sent; each request has its own time limit. */
    async #drain(): Promise<void> {
        const { signal } = this.#args;
        while (this.#open > 0 || this.#queue.length > 0) {
            signal?.throwIfAborted();
            await sleep(20);
        }
    }

    #startWaiting(): void {
        while (this.#queue.length > 0 && this.#open < this.#connections) {
            const next = this.#queue.shift();
            if (next) void this.#send(next.due);
        }
    }

    async #send(due: number): Promise<void> {
        if (performance.now() - due > this.#timeoutMs) {
            this.#finish(due, "no free connection in time");
            return;
        }
        this.#open++;
        this.#count.started++;
        this.#result.started++;
        let failure: string | undefined;
        try {
            const { url } = this.#args;
            const { statusCode, body } = await this.#pool.request({
                method: "GET",
                path: url.pathname + url.search,
                headers: { accept: "*/*", "user-agent": "spywatcher-load-test" },
            });
            await body.dump({ limit: Number.MAX_SAFE_INTEGER });
            if (statusCode < 200 || statusCode > 299) failure = `HTTP ${statusCode}`;
        } catch (error) {
            failure = failureText(error);
        }
        this.#open--;
        if (this.#args.signal?.aborted === true) return;
        this.#finish(due, failure);
        this.#startWaiting();
    }

    #finish(due: number, failure: string | undefined): void {
        const latency = performance.now() - due;
        this.#total.record(latency);
        this.#recent.record(latency);
        if (failure === undefined) {
            this.#count.answered++;
            this.#result.answered++;
        } else {
            this.#count.errors++;
            this.#result.errors[failure] = (this.#result.errors[failure] ?? 0) + 1;
        }
    }

    #tick(): void {
        const second = this.#history.length;
        const entry = {
            second,
            intended: rateAt(this.#args.profile, second + 0.5),
            ...this.#count,
            waiting: this.#queue.length,
            ...this.#recent.percentiles(),
        };
        this.#history.push(entry);
        this.#count = { started: 0, answered: 0, errors: 0 };
        this.#recent.reset();
        this.#args.onSecond?.(entry);
    }
}

/** Sends requests at the profile's rate over HTTP/1.1 with keep-alive, and measures the answers. */
export function generateLoad(args: LoadArgs): Promise<LoadResult> {
    return new Load(args).run();
}
