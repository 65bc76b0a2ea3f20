import { performance } from "node:perf_hooks";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { Pool } from "undici";

import { failureText } from "./failures.ts";
import { Latencies, type LatencySummary, type Percentiles } from "./latencies.ts";
import { arrivals, duration, type Profile, requestsBetween } from "./profile.ts";
import { Queue } from "./queue.ts";
import { type SentSecond, type Shortfall, shortfallOf } from "./shortfall.ts";

export interface LoadArgs {
    url: URL;
    profile: Profile;
    /**
     * Seconds after which a request has failed, counted from when it should have started; half of them it may wait for a
     * free connection. Default: 10.
     */
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
    /** Requests the profile asks for. */
    intended: number;
    /** Requests that were sent. */
    started: number;
    /** Requests that were answered with 2xx. The percentiles are theirs. */
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
    /** Of the requests that were answered with 2xx, from when they should have started. */
    latency: LatencySummary;
    /** Undefined when at least 98 % of the rate was sent in every second. */
    shortfall: Shortfall | undefined;
}

/** Milliseconds an idle connection is kept, as long as a load balancer keeps it by default. */
const keepAliveMs = 60_000;

/**
 * Shares of a request's time for the wait for a free connection and for making one. What is sent has time for an answer left:
 * else an overloaded target would get nothing but requests that are broken off at once.
 */
const waitShare = 0.5;
const connectShare = 0.4;

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
    /** When the requests that wait should have started, on the clock of `performance.now()`. */
    readonly #queue = new Queue<number>();
    readonly #result: LoadResult;
    readonly #history: SentSecond[] = [];
    #connections = 1;
    #open = 0;
    #began = 0;
    #count = { started: 0, answered: 0, errors: 0 };
    #lateMs = 0;
    #utilization = performance.eventLoopUtilization();

    constructor(args: LoadArgs) {
        this.#args = args;
        this.#timeoutMs = (args.timeoutSeconds ?? 10) * 1000;
        this.#pool = new Pool(args.url.origin, {
            connections: Math.max(1, ...args.profile.map(({ connections }) => connections)),
            pipelining: 1,
            allowH2: false,
            keepAliveTimeout: keepAliveMs,
            // Each request has a time limit of its own, which counts from when it should have started.
            headersTimeout: 0,
            bodyTimeout: 0,
            // Before that, so that the reason is told.
            connect: { timeout: this.#timeoutMs * connectShare },
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
        this.#utilization = performance.eventLoopUtilization();
        const ticks = setInterval(() => this.#closeSeconds(), 100);
        try {
            for (const { second, connections } of arrivals(profile)) {
                const due = this.#began + second * 1000;
                const early = due - performance.now();
                if (early > 1) await sleep(early, undefined, signal ? { signal } : {});
                signal?.throwIfAborted();
                this.#closeSeconds();
                this.#lateMs = Math.max(this.#lateMs, performance.now() - due);
                this.#connections = connections;
                this.#result.intended++;
                this.#queue.push(due);
                this.#startWaiting();
            }
            const rest = this.#began + duration(profile) * 1000 - performance.now();
            await sleep(Math.max(rest, 0), undefined, signal ? { signal } : {});
            await this.#drain();
        } catch (error) {
            if (signal?.aborted !== true) throw error;
        } finally {
            clearInterval(ticks);
            this.#closeSeconds();
            this.#result.seconds = this.#elapsed();
            this.#close(this.#result.seconds);
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
        while (this.#open < this.#connections) {
            const due = this.#queue.shift();
            if (due === undefined) return;
            void this.#send(due);
        }
    }

    async #send(due: number): Promise<void> {
        const waited = performance.now() - due;
        if (waited > this.#timeoutMs * waitShare) {
            this.#finish(due, "no free connection in time");
            return;
        }
        this.#open++;
        this.#count.started++;
        this.#result.started++;
        const limit = AbortSignal.timeout(Math.ceil(this.#timeoutMs - waited));
        let missing = "no answer in time";
        let failure: string | undefined;
        try {
            const { url } = this.#args;
            const { statusCode, body } = await this.#pool.request({
                method: "GET",
                path: url.pathname + url.search,
                headers: { accept: "*/*", "user-agent": "spywatcher-load-test" },
                signal: limit,
            });
            missing = "answer not complete in time";
            // Other than undici's `dump`, this fails when the connection ends in the middle of an answer.
            await finished(body.resume());
            if (statusCode < 200 || statusCode > 299) failure = `HTTP ${statusCode}`;
        } catch (error) {
            failure = limit.aborted ? missing : failureText(error);
        }
        this.#open--;
        if (this.#args.signal?.aborted === true) return;
        this.#finish(due, failure);
        this.#startWaiting();
    }

    #finish(due: number, failure: string | undefined): void {
        this.#closeSeconds();
        if (failure === undefined) {
            const latency = performance.now() - due;
            this.#total.record(latency);
            this.#recent.record(latency);
            this.#count.answered++;
            this.#result.answered++;
        } else {
            this.#count.errors++;
            this.#result.errors[failure] = (this.#result.errors[failure] ?? 0) + 1;
        }
    }

    /** Seconds since the beginning. */
    #elapsed(): number {
        return (performance.now() - this.#began) / 1000;
    }

    /** Closes the seconds that are over, before something is counted in the next one: no timer's delay moves a request. */
    #closeSeconds(): void {
        const whole = Math.floor(this.#elapsed());
        while (this.#history.length < whole) this.#close(this.#history.length + 1);
    }

    /** Tells of the time from the last second's end until `end`. */
    #close(end: number): void {
        const second = this.#history.length;
        const entry = {
            second,
            intended: requestsBetween(this.#args.profile, second, end),
            ...this.#count,
            waiting: this.#queue.length,
            ...this.#recent.percentiles(),
        };
        const { utilization } = performance.eventLoopUtilization(this.#utilization);
        this.#utilization = performance.eventLoopUtilization();
        this.#history.push({ ...entry, lateMs: this.#lateMs, busy: utilization });
        this.#count = { started: 0, answered: 0, errors: 0 };
        this.#lateMs = 0;
        this.#recent.reset();
        this.#args.onSecond?.(entry);
    }
}

/** Sends requests at the profile's rate over HTTP/1.1 with keep-alive, and measures the answers. */
export function generateLoad(args: LoadArgs): Promise<LoadResult> {
    return new Load(args).run();
}
