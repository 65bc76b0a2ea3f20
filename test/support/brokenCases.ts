import assert from "node:assert/strict";

import { HealthyCluster } from "./healthyCluster.ts";

export interface BrokenCase {
    name: string;
    break: (cluster: HealthyCluster) => void;
    /** Everything that is then neither passed nor skipped, as `HealthyCluster.faults` gives it. */
    expected: string[];
}

/** A test for each way a cluster that is well can be broken. */
export function brokenCases(stack: string, cases: readonly BrokenCase[]): void {
    for (const each of cases) {
        it(`tells of ${each.name}`, async () => {
            const cluster = await HealthyCluster.of(stack);
            each.break(cluster);
            assert.deepEqual(cluster.faults(), each.expected);
        });
    }
}
