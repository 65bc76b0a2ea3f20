import assert from "node:assert/strict";

import { Queue } from "../../../ops/load/queue.ts";

describe("the queue of requests", () => {
    it("gives the oldest first, however they come and go", () => {
        const queue = new Queue<number>();
        const taken: (number | undefined)[] = [];
        for (let index = 0; index < 10; index++) {
            queue.push(index);
            if (index % 3 > 0) taken.push(queue.shift());
        }
        assert.equal(queue.length, 4);
        for (let left = 4; left > 0; left--) taken.push(queue.shift());
        assert.deepEqual(taken, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert.equal(queue.shift(), undefined);
        assert.equal(queue.length, 0);
        queue.push(10);
        assert.equal(queue.shift(), 10);
    });
});
