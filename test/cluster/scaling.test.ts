import assert from "node:assert/strict";

import { figures, type Figures } from "../../ops/load/figures.ts";
import type { Run } from "../../ops/load/run.ts";
import { withSimulationCluster } from "../../ops/simulation/simulationCluster.ts";
import { median } from "../bench/measure.ts";
import { planOf } from "../support/plans.ts";
import { runScenarios, type ScenarioName, scenarios, writeFigure } from "../support/scenarios.ts";

/** Milli-CPU that the pods of all scenarios request at most at a time. */
const cpu = 28_000;

const changesOf = ({ events }: Run): string => events.map(({ from, to }) => `${from}→${to}`).join(" ");

describe("auto-scaling under load, by the real controllers", function () {
    this.timeout(900_000);
    let runs: Awaited<ReturnType<typeof runScenarios>>;

    before(async () => {
        const plan = await planOf("local");
        runs = await withSimulationCluster(cpu, {}, (config) => runScenarios(config, plan));
        for (const name of Object.keys(scenarios) as ScenarioName[]) {
            const result = runs[name];
            if (result.status === "rejected") continue;
            const { rises, secondsToFloor, mostReady, errorShare, p95 } = figures(result.value);
            console.log(
                `${name}: capacity ${rises.map(({ seconds }) => seconds ?? "never").join(", ")} s, ` +
                    `floor ${secondsToFloor ?? "–"} s, at most ${mostReady}, ${changesOf(result.value)}, ` +
                    `failed ${(errorShare * 100).toFixed(1)} %, p95 ${Math.round(p95 ?? 0)} ms`,
            );
            writeFigure(name, result.value);
        }
    });

    function runOf(name: ScenarioName): { run: Run; seen: Figures } {
        const result = runs[name];
        if (result.status === "rejected") throw result.reason;
        return { run: result.value, seen: figures(result.value) };
    }

    const spikes = ["spike", "spike4", "spike8", "spike12"] as const;

    it("has 4 pods within 45 s of a spike to 100 requests/s in the median, 20 s of it start-up, and within 60 s at worst", () => {
        const seconds = spikes.map((name) => {
            const { rises } = runOf(name).seen;
            assert.deepEqual(
                rises.map(({ podsBefore, pods }) => [podsBefore, pods]),
                [[2, 4]],
            );
            return rises[0]?.seconds ?? Infinity;
        });
        const worst = Math.max(...seconds);
        console.log(`spikes: median ${median(seconds)} s, worst ${worst} s`);
        // The goal of 45 s is not the worst case's: who spikes just as metrics-server looks is seen in part, gets a third pod
        // first, and the fourth when the HPA looks again 15 s later.
        assert.ok(median(seconds) <= 45, seconds.join(", "));
        assert.ok(worst <= 60, seconds.join(", "));
    });

    for (const name of spikes) {
        it(`adds no pod too many, fails no request, and is back at 2 pods 5 to 7 minutes after the load fell (${name})`, () => {
            const { run, seen } = runOf(name);
            assert.match(changesOf(run), /^(2→4|2→3 3→4) 4→3 3→2$/);
            assert.equal(seen.errorShare, 0);
            const { secondsToFloor } = seen;
            assert.ok(
                secondsToFloor !== null && secondsToFloor >= 300 && secondsToFloor <= 420,
                `${secondsToFloor ?? "never"} s`,
            );
        });
    }

    it("has the frontend's pods within 45 s of a spike, and goes back", () => {
        const { run, seen } = runOf("frontend");
        assert.ok((seen.rises[0]?.seconds ?? Infinity) <= 45);
        assert.equal(seen.mostReady, 3);
        assert.equal(changesOf(run), "2→3 3→2");
        assert.ok((seen.secondsToFloor ?? Infinity) <= 420);
    });

    it("goes to the maximum and no further when all pods are not enough", () => {
        const { run, seen } = runOf("overload");
        assert.ok(
            run.events.every(({ from, to }) => to > from),
            changesOf(run),
        );
        assert.equal(run.events.at(-1)?.to, 10);
        assert.equal(seen.mostReady, 10);
        assert.ok((seen.rises[0]?.seconds ?? Infinity) <= 130, `${seen.rises[0]?.seconds ?? "never"} s`);
        assert.equal(seen.outOfPods, true);
        // 10 pods of (1000m - 20m) / 14m requests per second answer 700 of 1000.
        assert.ok(Math.abs((run.samples.at(-1)?.answered ?? 0) - 700) < 1);
        assert.ok(seen.errorShare > 0.2);
    });

    it("keeps up with a slow ramp without an error", () => {
        const { run, seen } = runOf("ramp");
        assert.equal(seen.errorShare, 0);
        assert.ok(
            run.events.every(({ from, to }) => to > from),
            changesOf(run),
        );
        assert.ok(seen.mostReady >= 8 && seen.mostReady <= 9, `${seen.mostReady} pods`);
        assert.ok((seen.p95 ?? Infinity) < 500, `p95 ${seen.p95 ?? 0} ms`);
    });

    it("does not follow a load that goes up and down", () => {
        const { run, seen } = runOf("oscillation");
        assert.ok(
            run.events.every(({ from, to }) => to > from),
            changesOf(run),
        );
        assert.ok(run.events.length <= 3, changesOf(run));
        assert.equal(seen.errorShare, 0);
    });
});
