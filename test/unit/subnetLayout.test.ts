import assert from "node:assert/strict";

import fc from "fast-check";

import { isNetworkAddress, overlap, parseCidr, subnetLayout } from "../../infra/network/subnetLayout.ts";

describe("subnetLayout", () => {
    it("gives a /16 the blocks the documentation shows", () => {
        assert.deepEqual(subnetLayout("10.0.0.0/16", 3), {
            private: ["10.0.0.0/19", "10.0.64.0/19", "10.0.128.0/19"],
            public: ["10.0.32.0/22", "10.0.96.0/22", "10.0.160.0/22"],
            database: ["10.0.36.0/24", "10.0.100.0/24", "10.0.164.0/24"],
        });
    });

    it("still has room for AWS's smallest subnets in a /20", () => {
        assert.deepEqual(subnetLayout("172.31.16.0/20", 2), {
            private: ["172.31.16.0/23", "172.31.20.0/23"],
            public: ["172.31.18.0/26", "172.31.22.0/26"],
            database: ["172.31.18.64/28", "172.31.22.64/28"],
        });
    });

    const vpc = fc
        .tuple(fc.integer({ min: 16, max: 20 }), fc.nat({ max: 2 ** 20 - 1 }))
        .map(([length, number]) => {
            const first = (number % 2 ** length) * 2 ** (32 - length);
            const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
            return `${octets.join(".")}/${length}`;
        });

    it("never overlaps, stays inside, and moves nothing when a zone is added", () => {
        fc.assert(
            fc.property(vpc, fc.integer({ min: 1, max: 3 }), (cidr, zones) => {
                const layout = subnetLayout(cidr, zones);
                const all = Object.values(layout).flat() as string[];
                assert.equal(all.length, 3 * zones);
                for (const [index, block] of all.entries()) {
                    assert.ok(isNetworkAddress(block), block);
                    assert.ok(overlap(block, cidr), block);
                    assert.ok(parseCidr(block).prefixLength <= 28, block);
                    for (const other of all.slice(index + 1)) assert.ok(!overlap(block, other));
                }
                const grown = subnetLayout(cidr, zones + 1);
                for (const kind of ["public", "private", "database"] as const) {
                    assert.deepEqual(grown[kind].slice(0, zones), layout[kind]);
                }
            }),
        );
    });
});
