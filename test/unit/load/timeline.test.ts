import assert from "node:assert/strict";

import { Timeline } from "../../../ops/load/timeline.ts";
import type { WorkloadState } from "../../../ops/load/workloadWatch.ts";

describe("the timeline of a run", () => {
    it("puts each second of the load beside the state of the cluster at its end", () => {
        const states: WorkloadState[] = [
            { ready: 2, desired: 2, cpu: 4, memory: 31 },
            { ready: null, desired: null, cpu: null, memory: null },
        ];
        let second = 0;
        const timeline = new Timeline(() => states[second++] ?? assert.fail());
        const kept = { intended: 100, started: 99, answered: 98, errors: 1, p50: 1, p95: 2, p99: 3 };
        timeline.add({ second: 0, ...kept, waiting: 3 });
        timeline.add({ second: 1, ...kept, waiting: 3 });
        assert.deepEqual(timeline.samples, [
            { second: 0, ...kept, ...states[0] },
            { second: 1, ...kept, ...states[1] },
        ]);
    });

    it("dates changes of the number of pods by the same clock", () => {
        const timeline = new Timeline(() => ({ ready: 2, desired: 2, cpu: 4, memory: 31 }));
        timeline.scaled({ from: 2, to: 4, reason: "cpu above target" });
        assert.deepEqual(timeline.events, [{ second: 0, from: 2, to: 4, reason: "cpu above target" }]);
    });
});
