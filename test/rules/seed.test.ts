import assert from "node:assert/strict";

import { cases } from "./cases/index.ts";
import { alerts } from "./support/promtoolTests.ts";
import { seedRules } from "./support/seedRules.ts";
import { type Verdict, verdicts } from "./support/verdicts.ts";

describe("the seed's 16 alerts in the same cases, as a record", () => {
    let seed: Verdict[];
    let ours: Verdict[];

    before("run promtool", async function () {
        this.timeout(5 * 60_000);
        const names = new Set(seedRules.map(({ alert }) => alert));
        seed = await verdicts(seedRules, cases);
        ours = await verdicts(
            alerts.filter(({ alert }) => names.has(alert)),
            cases,
        );
    });

    it("ours are right in all cases", () => {
        assert.equal(ours.length, 16);
        assert.deepEqual(
            ours.filter(({ kind }) => kind !== "right"),
            [],
        );
    });

    it("those of the seed are what they were found to be", () => {
        console.table(seed);
        const right = seed.filter(({ kind }) => kind === "right").length;
        console.log(`the seed's alerts: ${right} of 16 right; ours: ${ours.length} of 16`);
        const kinds = Object.fromEntries(seed.map(({ alert, kind }) => [alert, kind]));
        assert.deepEqual(kinds, {
            HPAMaxedOut: "wrong in some cases",
            HPAAtMinimumButHighCPU: "never fires",
            HPAMetricsUnavailable: "always fires",
            FrequentScaling: "never fires",
            HighPodCountSustained: "wrong in some cases",
            DeploymentRolloutStuck: "wrong in some cases",
            PodsNotReady: "right",
            HighPodRestartRate: "never fires",
            ServiceNoEndpoints: "always fires",
            EndpointsReducedSignificantly: "never fires",
            SustainedHighCPUUsage: "wrong in some cases",
            SustainedHighMemoryUsage: "never fires",
            NearCPULimit: "wrong in some cases",
            NearMemoryLimit: "never fires",
            High5xxErrorRate: "never fires",
            HighResponseTime: "never fires",
        });
    });
});
