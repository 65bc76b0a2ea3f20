import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

import { generateLoad, type LoadSecond } from "../../ops/load/generator.ts";
import { steady } from "../../ops/load/profile.ts";

/** The value below which a share of the sorted values lies. */
function percentile(values: readonly number[], share: number): number {
    return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

describe("the load generator", function () {
    this.timeout(30_000);
    let server: Server;
    let url: URL;
    let answer: (response: ServerResponse) => void;
    /** Milliseconds each request took, by the server's own record. */
    let record: number[];
    let sockets: Set<unknown>;

    beforeEach(async () => {
        record = [];
        sockets = new Set();
        answer = (response) => response.end("ok");
        server = createServer((request, response) => {
            const began = performance.now();
            sockets.add(request.socket);
            response.on("finish", () => record.push(performance.now() - began));
            answer(response);
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health/ready?from=test`);
    });
    afterEach(async () => {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
    });

    it("holds 200 requests per second within 2 %, and its percentiles agree with the server's within 5 %", async function () {
        // Real time: what else the machine does shows in it.
        this.retries(3);
        let index = 0;
        // 50 to 250 ms in a fixed order that looks like chance.
        answer = (response) => setTimeout(() => response.end("ok"), 50 + ((index++ * 73) % 200));
        const seconds: LoadSecond[] = [];
        const result = await generateLoad({
            url,
            profile: [steady("load", 8, 200, 100)],
            onSecond: (second) => seconds.push(second),
        });
        assert.equal(record.length, 1600);
        const rate = record.length / 8;
        assert.ok(rate >= 196 && rate <= 204, `${rate} requests per second`);
        for (const { second, started } of seconds.slice(0, 8)) {
            assert.ok(started >= 190 && started <= 210, `${started} requests in second ${second}`);
        }
        for (const [name, share] of [
            ["p50", 0.5],
            ["p95", 0.95],
            ["p99", 0.99],
        ] as const) {
            const [here, there] = [result.latency[name] ?? 0, percentile(record, share)];
            assert.ok(Math.abs(here / there - 1) < 0.05, `${name}: ${here} ms here, ${there} ms there`);
        }
        assert.deepEqual(
            { intended: result.intended, answered: result.answered, errors: result.errors },
            { intended: 1600, answered: 1600, errors: {} },
        );
        assert.equal(result.shortfall, undefined);
    });

    it("keeps connections alive and opens no more than allowed", async () => {
        let open = 0;
        let most = 0;
        answer = (response) => {
            most = Math.max(most, ++open);
            setTimeout(() => {
                open--;
                response.end();
            }, 50);
        };
        // 200 a second at 50 ms ask for ten connections, two more than allowed.
        const result = await generateLoad({ url, profile: [steady("load", 2, 200, 8)] });
        assert.equal(result.answered, 400);
        assert.equal(most, 8);
        assert.equal(sockets.size, 8);
    });

    it("counts a stall for every request that should have started meanwhile", async () => {
        const began = performance.now();
        const stall = { from: 1000, to: 2000 };
        answer = (response) => {
            const now = performance.now() - began;
            setTimeout(() => response.end(), now > stall.from && now < stall.to ? stall.to - now : 5);
        };
        const { latency, answered } = await generateLoad({ url, profile: [steady("load", 3, 100, 4)] });
        assert.equal(answered, 300);
        // A third of the requests fall into the second of stall; a closed model would see four slow ones of 200.
        assert.ok((latency.p95 ?? 0) > 700, `p95 ${latency.p95 ?? 0} ms`);
        assert.ok((latency.p50 ?? 0) < 300, `p50 ${latency.p50 ?? 0} ms`);
    });

    it("says that the connections do not suffice for the rate instead of pretending", async () => {
        answer = (response) => setTimeout(() => response.end(), 100);
        const result = await generateLoad({ url, profile: [steady("load", 3, 100, 4)], timeoutSeconds: 1 });
        assert.equal(result.intended, 300);
        assert.equal(result.shortfall?.reason, "connections");
        assert.equal(result.shortfall.connections, 4);
        assert.equal(result.shortfall.asked, 100);
        // Four connections at 100 ms an answer.
        assert.ok(Math.abs(result.shortfall.sent - 40) < 3, `${result.shortfall.sent} sent`);
        assert.deepEqual(Object.keys(result.errors), ["no free connection in time"]);
        assert.equal(result.answered + (result.errors["no free connection in time"] ?? 0), 300);
    });

    it("counts failures by their cause", async () => {
        let index = 0;
        answer = (response) => {
            index++;
            if (index % 4 === 0) response.writeHead(503).end();
            else if (index % 4 === 1) response.socket?.destroy();
            else response.end();
        };
        const { errors, answered } = await generateLoad({ url, profile: [steady("load", 1, 40, 1)] });
        assert.equal(answered, 20);
        assert.deepEqual(errors, { "HTTP 503": 10, "connection closed": 10 });
    });

    it("gives up a request without an answer when its time is over", async () => {
        answer = () => undefined;
        const { errors } = await generateLoad({
            url,
            profile: [steady("load", 1, 5, 10)],
            timeoutSeconds: 1,
        });
        assert.deepEqual(errors, { "no answer in time": 5 });
    });

    it("ends at once when it is interrupted, with the record of what was", async () => {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 1500);
        const result = await generateLoad({
            url,
            profile: [steady("load", 60, 20, 10)],
            signal: stop.signal,
        });
        assert.ok(result.seconds < 2.5, `${result.seconds} s`);
        assert.ok(result.answered >= 25 && result.answered <= 31, `${result.answered} answered`);
    });
});
