import assert from "node:assert/strict";

import { steady } from "../../../ops/load/profile.ts";
import { type SentSecond, shortfallNote, shortfallOf } from "../../../ops/load/shortfall.ts";

const profile = [steady("load", 10, 100, 50)];

/** Seconds in which so many of 100 requests were sent, and a last one that was cut short. */
function seconds(sent: readonly number[], change: Partial<SentSecond> = {}): SentSecond[] {
    return [...sent, 0].map((started, second) => ({
        second,
        intended: 100,
        started,
        answered: started,
        errors: 0,
        waiting: 0,
        p50: 1,
        p95: 2,
        p99: 3,
        lateMs: 1,
        busy: 0.1,
        ...change,
    }));
}

describe("a shortfall of the rate", () => {
    const seen = { connections: 50, asked: 200, sent: 81.4 };

    it("is told by its reason", () => {
        assert.match(
            shortfallNote({ ...seen, reason: "connections" }).text,
            /^81 of 200 requests per second were sent: .* 50 connections allow no more\. Raise --concurrent/,
        );
        assert.match(
            shortfallNote({ ...seen, reason: "machine" }).text,
            /this machine is too slow or too busy/,
        );
    });

    it("is the worst stretch of three seconds", () => {
        assert.deepEqual(shortfallOf(profile, seconds([100, 100, 60, 30, 90, 100])), {
            reason: "machine",
            connections: 50,
            asked: 100,
            sent: 60,
        });
    });

    it("is the connections' where requests wait for one, unless this machine is slow", () => {
        const reason = (change: Partial<SentSecond>) =>
            shortfallOf(profile, seconds([100, 60, 60, 60], { waiting: 7, ...change }))?.reason;
        assert.equal(reason({}), "connections");
        assert.equal(reason({ lateMs: 199, busy: 0.79 }), "connections");
        assert.equal(reason({ lateMs: 200 }), "machine");
        assert.equal(reason({ busy: 0.8 }), "machine");
    });

    it("is none where the load falls and its last requests are sent in the next second", () => {
        const history = seconds([100, 100, 88, 12, 0]).map((each) => ({
            ...each,
            intended: each.second < 3 ? 100 : 0,
        }));
        assert.equal(shortfallOf(profile, history), undefined);
        const lost = history.map((each) => (each.second === 3 ? { ...each, started: 0 } : each)).slice(0, 4);
        assert.equal(shortfallOf(profile, lost)?.sent, 96);
    });

    it("is none while 98 % are sent, nor where a late second is made up for", () => {
        assert.equal(shortfallOf(profile, seconds([98, 98, 98, 98])), undefined);
        assert.equal(shortfallOf(profile, seconds([100, 80, 120, 100, 99])), undefined);
        assert.equal(shortfallOf(profile, seconds([97, 97, 97, 97]))?.sent, 97);
    });
});
