import assert from "node:assert/strict";

import { figures } from "../../../ops/load/figures.ts";
import { steady } from "../../../ops/load/profile.ts";
import type { Sample } from "../../../ops/load/run.ts";
import { defaultExpectations, verdict } from "../../../ops/load/verdict.ts";
import { runOf, sample } from "../../support/runs.ts";

/** 40 s of 100 requests/s, which want 4 pods after 15 s and have them in second 34; then nothing. */
const spike = [steady("load", 40, 100, 10), steady("idle", 20, 0, 10)];
const spikeSamples: Sample[] = Array.from({ length: 60 }, (_, second) =>
    sample(second, {
        ...(second < 40 && { intended: 100, started: 100, answered: 98, errors: 2 }),
        desired: second < 15 ? 2 : second < 50 ? 4 : 2,
        ready: second < 34 ? 2 : second < 52 ? 4 : 2,
    }),
);

const names = (checks: ReturnType<typeof verdict>, ok: boolean) =>
    checks.filter((check) => check.ok === ok).map(({ name }) => name);

describe("figures of a run", () => {
    it("count from a jump of the load until as many pods are ready as it comes to want", () => {
        const { rises } = figures(runOf(spike, spikeSamples));
        assert.deepEqual(rises, [{ second: 0, from: 0, to: 100, podsBefore: 2, pods: 4, seconds: 35 }]);
    });

    it("know no time when the pods were not ready before the load changed", () => {
        const late = spikeSamples.map((each) => (each.second < 40 ? { ...each, ready: 2 } : each));
        assert.equal(figures(runOf(spike, late)).rises[0]?.seconds, null);
    });

    it("see no rise where no pod was added, nor in a slope", () => {
        const flat = spikeSamples.map((each) => ({ ...each, ready: 2, desired: 2 }));
        assert.deepEqual(figures(runOf(spike, flat)).rises, []);
        const slope = [
            { name: "ramp", seconds: 40, from: 0, to: 100, connections: 1 },
            steady("idle", 20, 0, 10),
        ];
        assert.deepEqual(figures(runOf(slope, spikeSamples)).rises, []);
    });

    it("count from the last fall of the load until the fewest pods run", () => {
        assert.equal(figures(runOf(spike, spikeSamples)).secondsToFloor, 12);
        assert.equal(figures(runOf(spike, spikeSamples.slice(0, 50))).secondsToFloor, null);
        // The end of a load that was watched no longer is no fall.
        const busy = [steady("load", 40, 100, 10), steady("less", 20, 10, 10)];
        assert.equal(figures(runOf(busy, spikeSamples)).secondsToFloor, 12);
        const never = spikeSamples.map((each) => ({ ...each, ready: 2 }));
        assert.equal(figures(runOf(spike, never)).secondsToFloor, null);
    });

    it("add requests up", () => {
        const { sent, answered, failed, errorShare, fewestReady, mostReady } = figures(
            runOf(spike, spikeSamples),
        );
        assert.deepEqual(
            { sent, answered, failed, errorShare, fewestReady, mostReady },
            { sent: 4000, answered: 3920, failed: 80, errorShare: 0.02, fewestReady: 2, mostReady: 4 },
        );
    });

    it("say when the HPA is at its maximum and CPU is still above what it tolerates", () => {
        const at = (desired: number, cpu: number) =>
            figures(runOf([steady("load", 1, 1, 1)], [sample(0, { intended: 1, desired, cpu })])).outOfPods;
        assert.deepEqual([at(10, 78), at(10, 77), at(9, 200)], [true, false, false]);
    });
});

describe("the verdict", () => {
    it("names what was not kept", () => {
        const run = runOf(spike, spikeSamples);
        const checks = verdict(run, figures(run), defaultExpectations);
        assert.deepEqual(names(checks, false), ["errors"]);
        assert.deepEqual(names(checks, true), [
            "scales from 2 to 4 pods (0 → 100 requests/s)",
            "pods suffice",
            "p95 latency",
        ]);
        const strict = verdict(run, figures(run), { scaleSeconds: 34, errorPercent: 2, p95Ms: 59 });
        assert.deepEqual(names(strict, false), [
            "scales from 2 to 4 pods (0 → 100 requests/s)",
            "p95 latency",
        ]);
    });

    it("does not pass without an answer, nor with a rate that was not held", () => {
        const run = runOf(spike, spikeSamples, {
            latency: { p50: null, p95: null, p99: null },
            notes: [
                { failed: false, text: "only said" },
                { failed: true, text: "40 of 100 requests per second were sent" },
            ],
        });
        const checks = verdict(run, figures(run), { ...defaultExpectations, errorPercent: 5 });
        assert.deepEqual(names(checks, false), ["p95 latency", "rate held"]);
    });
});
