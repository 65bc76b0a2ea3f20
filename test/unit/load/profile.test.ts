import assert from "node:assert/strict";

import {
    arrivals,
    duration,
    type Phase,
    profile,
    rateAt,
    requestsBetween,
    steady,
} from "../../../ops/load/profile.ts";

const args = { rate: 100, seconds: 300, connections: 50 };

function starts(...phases: Phase[]): number[] {
    return [...arrivals(phases)].map(({ second }) => second);
}

describe("load profiles", () => {
    it("space requests evenly at a constant rate", () => {
        assert.deepEqual(starts(steady("load", 2, 4, 1)), [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]);
    });

    it("send as many requests up to each moment of a ramp as the rate's integral says", () => {
        const ramp = { name: "ramp", seconds: 10, from: 0, to: 20, connections: 1 };
        const seconds = starts(ramp);
        assert.equal(seconds.length, 100);
        assert.deepEqual(
            [1, 5, 9].map((until) => seconds.filter((second) => second < until).length),
            [1, 25, 81],
        );
        const down = starts({ ...ramp, from: 20, to: 0 });
        assert.equal(down.filter((second) => second < 5).length, 75);
    });

    it("ask for the rate's integral in any stretch", () => {
        const phases = [
            steady("a", 1.5, 10, 1),
            steady("pause", 1, 0, 1),
            { ...steady("b", 2, 0, 1), to: 20 },
        ];
        assert.deepEqual(
            [
                [0, 1],
                [1, 2],
                [2, 3],
                [3, 4],
                [0, 9],
                [4.5, 9],
            ].map(([from = 0, to = 0]) => requestsBetween(phases, from, to)),
            [10, 5, 1.25, 10, 35, 0],
        );
    });

    it("go on to the next phase when one is over, with its connections", () => {
        const all = [...arrivals([steady("a", 1, 2, 3), steady("pause", 5, 0, 3), steady("b", 1, 1, 7)])];
        assert.deepEqual(all, [
            { second: 0, connections: 3 },
            { second: 0.5, connections: 3 },
            { second: 6, connections: 7 },
        ]);
    });

    it("are the former script's in a spike, whatever the arguments say", () => {
        const spike = profile("spike", { rate: 1, seconds: 1, connections: 1 });
        assert.equal(duration(spike), 300);
        assert.deepEqual(
            [0, 29, 35, 40, 99, 105, 110, 229, 235, 299, 300].map((second) => rateAt(spike, second)),
            [20, 20, 0, 50, 50, 0, 200, 200, 0, 0, 0],
        );
        assert.deepEqual(
            [...new Set([...arrivals(spike)].map(({ connections }) => connections))],
            [10, 30, 100],
        );
    });

    it("warm up for a fifth of the time, at most a minute, within the whole time", () => {
        const lengths = (seconds: number) =>
            profile("warm-up", { ...args, seconds }).map((each) => each.seconds);
        assert.deepEqual(lengths(100), [20, 80]);
        assert.deepEqual(lengths(600), [60, 540]);
        assert.equal(rateAt(profile("warm-up", args), 30), 50);
    });

    it("ramp from nothing to the rate", () => {
        const ramp = profile("ramp", args);
        assert.deepEqual(
            [0, 150, 300].map((second) => rateAt(ramp, second)),
            [0, 50, 0],
        );
        assert.equal([...arrivals(ramp)].length, 15_000);
    });
});
