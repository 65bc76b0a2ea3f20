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

describe("what the HPA did", () => {
    const load = [steady("load", 100, 100, 10)];
    const seen = (change: (second: number) => Partial<Sample>, seconds = 100) =>
        figures(
            runOf(
                load,
                Array.from({ length: seconds }, (_, second) => sample(second, change(second))),
            ),
        );
    const high = { cpu: 78 };

    it("is nothing for as long as CPU is above what its target tolerates and it wants the same number", () => {
        assert.equal(seen(() => high).secondsIgnored, 100);
        assert.equal(seen(() => ({ cpu: 77 })).secondsIgnored, 0);
        assert.equal(seen((second) => (second === 30 ? { cpu: 70 } : high)).secondsIgnored, 69);
        assert.equal(seen((second) => ({ ...high, desired: second < 40 ? 2 : 4 })).secondsIgnored, 60);
        // At the maximum there is nothing it could do.
        assert.equal(seen(() => ({ ...high, desired: 10 })).secondsIgnored, 0);
    });

    it("is unknown while a metric with a target is, or the HPA cannot be read", () => {
        assert.equal(seen((second) => (second < 31 ? { cpu: null } : {})).secondsUnknown, 31);
        assert.equal(seen((second) => (second < 20 ? { memory: null } : {})).secondsUnknown, 20);
        assert.equal(seen((second) => (second < 10 ? { desired: null } : {})).secondsUnknown, 10);
    });

    it("is to want pods until they are ready, each number for itself", () => {
        const climb = (second: number) => ({
            desired: second < 10 ? 2 : second < 30 ? 4 : 6,
            ready: second < 32 ? 2 : second < 55 ? 4 : 6,
        });
        assert.equal(seen(climb).secondsWanting, 25);
        // The run ends before they are ready.
        assert.equal(seen(climb, 50).secondsWanting, 22);
        assert.equal(seen((second) => ({ desired: second < 10 ? 2 : 4 })).secondsWanting, 90);
        // It wants fewer again.
        assert.equal(seen((second) => ({ desired: second < 10 || second >= 40 ? 2 : 4 })).secondsWanting, 30);
    });
});

describe("the verdict", () => {
    const failed = (change: Partial<Sample>, seconds = 100) => {
        const samples = Array.from({ length: seconds }, (_, second) =>
            sample(second, { intended: 100, started: 100, answered: 100, ...change }),
        );
        const run = runOf([steady("load", 100, 100, 10)], samples);
        return names(verdict(run, figures(run), defaultExpectations), false);
    };

    it("does not pass when the HPA does nothing, knows nothing, or wants pods in vain", () => {
        assert.deepEqual(failed({ cpu: 200 }), ["HPA reacts to CPU above 77 %"]);
        assert.deepEqual(failed({ cpu: null, memory: null }), ["HPA knows its metrics"]);
        assert.deepEqual(failed({ cpu: null }, 5), ["HPA knows its metrics"]);
        assert.deepEqual(failed({ desired: 4, cpu: 60 }), [
            "scales from 2 to 4 pods (0 → 100 requests/s)",
            "wanted pods are ready",
        ]);
        assert.deepEqual(failed({}), []);
    });

    it("names the metrics API where the HPA knows nothing", () => {
        const run = runOf([], [sample(0, { cpu: null })]);
        const [check] = verdict(run, figures(run), defaultExpectations);
        assert.match(
            check?.seen ?? "",
            /^1 s unknown: does the metrics API answer\? .*v1beta1\.metrics\.k8s\.io/,
        );
    });

    it("names what was not kept", () => {
        const run = runOf(spike, spikeSamples);
        const checks = verdict(run, figures(run), defaultExpectations);
        assert.deepEqual(names(checks, false), ["errors"]);
        assert.deepEqual(names(checks, true), [
            "scales from 2 to 4 pods (0 → 100 requests/s)",
            "HPA knows its metrics",
            "HPA reacts to CPU above 77 %",
            "wanted pods are ready",
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
