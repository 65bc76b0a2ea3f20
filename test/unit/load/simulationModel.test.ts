import assert from "node:assert/strict";

import { loadModels, step } from "../../../ops/simulation/model.ts";
import { weightedPercentiles } from "../../../ops/simulation/weightedPercentiles.ts";
import { sample } from "../../support/runs.ts";

const model = { ...loadModels.backend, cpuPerRequest: 10, idleCpu: 50, serviceMs: 20, timeoutSeconds: 10 };
/** A pod can answer (1050 - 50) / 10 = 100 requests per second. */
const limit = 1050;

describe("the simulation's model", () => {
    it("shares requests among the ready pods and turns them into CPU", () => {
        const { cpuPerPod, answered, failed, backlog } = step(model, limit, {
            rate: 100,
            readyPods: 4,
            backlog: 0,
            seconds: 1,
        });
        assert.deepEqual(
            { cpuPerPod, answered, failed, backlog },
            { cpuPerPod: 300, answered: 100, failed: 0, backlog: 0 },
        );
    });

    it("answers more slowly the busier the pods are", () => {
        const at = (rate: number) => step(model, limit, { rate, readyPods: 1, backlog: 0, seconds: 1 });
        assert.ok(Math.abs((at(50).p50 ?? 0) - 40 * Math.LN2) < 1e-9);
        assert.ok(Math.abs((at(50).p95 ?? 0) + 40 * Math.log(0.05)) < 1e-9);
        assert.ok((at(90).p95 ?? 0) > 4 * (at(50).p95 ?? 0));
    });

    it("lets what is beyond the CPU limit wait, and fail when it would wait too long", () => {
        let backlog = 0;
        const seconds = Array.from({ length: 12 }, () => {
            const now = step(model, limit, { rate: 200, readyPods: 1, backlog, seconds: 1 });
            backlog = now.backlog;
            return now;
        });
        assert.ok(seconds.every(({ cpuPerPod, answered }) => cpuPerPod === limit && answered === 100));
        assert.deepEqual(
            seconds.map(({ failed }) => failed),
            [...Array<number>(10).fill(0), 100, 100],
        );
        assert.equal(seconds.at(-1)?.p50, 10_000);
        // Afterwards the pod works the queue off.
        const after = step(model, limit, { rate: 0, readyPods: 1, backlog, seconds: 1 });
        assert.deepEqual([after.answered, after.backlog], [100, 900]);
    });

    it("fails everything without a ready pod", () => {
        const { cpuPerPod, answered, failed, p50 } = step(model, limit, {
            rate: 5,
            readyPods: 0,
            backlog: 7,
            seconds: 1,
        });
        assert.deepEqual(
            { cpuPerPod, answered, failed, p50 },
            { cpuPerPod: 0, answered: 0, failed: 12, p50: null },
        );
    });

    it("weighs each second's percentiles by its requests", () => {
        const fast = { answered: 900, p50: 10, p95: 20, p99: 30 };
        const slow = { answered: 60, errors: 40, p50: 1000, p95: 2000, p99: 3000 };
        assert.deepEqual(weightedPercentiles([sample(0, fast), sample(1, slow), sample(2)]), {
            p50: 20,
            p95: 1000,
            p99: 2000,
        });
        assert.deepEqual(weightedPercentiles([sample(0)]), { p50: null, p95: null, p99: null });
    });
});
