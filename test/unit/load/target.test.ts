import assert from "node:assert/strict";
import { createServer as createTlsServer } from "node:https";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { ApiException } from "@kubernetes/client-node";

import { assertAnswers, limitNotes, targetUrl } from "../../../ops/load/target.ts";
import { explainApiError } from "../../../ops/load/workloadWatch.ts";
import { configOf } from "../../support/plans.ts";

const folder = "/nowhere";
const prod = configOf("prod");

describe("the target of a load test", () => {
    it("is the API's path that asks the data stores, by default", () => {
        const url = targetUrl({ config: prod, folder, yes: false });
        assert.equal(url.href, "https://api.spywatcher.example.com/health/ready");
    });

    it("may be any path of the stack's hosts", () => {
        const url = "https://spywatcher.example.com/index.html";
        assert.equal(targetUrl({ config: prod, folder, yes: false, url }).href, url);
    });

    it("is refused outside the stack without a yes", () => {
        const url = "http://127.0.0.1:3001/health/ready";
        assert.throws(
            () => targetUrl({ config: prod, folder, yes: false, url }),
            /127\.0\.0\.1:3001 is not a host of the stack \(api\.spywatcher\.example\.com, spywatcher\.example\.com\)/,
        );
        assert.equal(targetUrl({ config: prod, folder, yes: true, url }).href, url);
    });

    it("must be a URL of http or https", () => {
        for (const url of ["api.example.com", "ftp://api.example.com"]) {
            assert.throws(
                () => targetUrl({ config: prod, folder, yes: true, url }),
                /is no URL of http or https/,
            );
        }
    });

    it("does not exist on the embedded cluster", () => {
        const config = configOf("local");
        assert.throws(
            () => targetUrl({ config, folder, yes: false }),
            /nodes are simulated.* Add --simulate/,
        );
    });

    it("comes with a note where the web ACL or the application would refuse the rate", () => {
        const url = new URL("https://api.spywatcher.example.com/health/ready");
        assert.deepEqual(limitNotes(prod, url, 100), []);
        const [note, ...others] = limitNotes(prod, url, 200);
        assert.match(
            note?.text ?? "",
            /429 after 6000 requests a minute from one address; 200 a second are 12000/,
        );
        assert.deepEqual(others, []);
        const bare = configOf("prod", { app: { backend: { preload: false } } });
        assert.match(limitNotes(bare, url, 10)[0]?.text ?? "", /delays every request after the 50th/);
    });
});

describe("a target that cannot be loaded", () => {
    const servers: Server[] = [];

    async function listen(server: Server): Promise<number> {
        servers.push(server);
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return (server.address() as AddressInfo).port;
    }
    after(() => {
        for (const server of servers) server.close();
    });

    it("answers with an error", async () => {
        const port = await listen(createServer((_request, response) => response.writeHead(503).end()));
        await assert.rejects(
            assertAnswers(new URL(`http://127.0.0.1:${port}/`)),
            /answers 503; a load test needs a path/,
        );
    });

    it("does not listen", async () => {
        const server = createServer();
        const port = await listen(server);
        await new Promise((done) => server.close(done));
        await assert.rejects(
            assertAnswers(new URL(`http://127.0.0.1:${port}/`)),
            new RegExp(`http://127.0.0.1:${port}/ does not answer: connection refused\\.`),
        );
    });

    it("has a name that nobody knows", async () => {
        await assert.rejects(
            assertAnswers(new URL("http://nowhere.invalid/")),
            /does not answer: name not found/,
        );
    });

    it("speaks no TLS", async () => {
        const port = await listen(createServer());
        await assert.rejects(
            assertAnswers(new URL(`https://127.0.0.1:${port}/`)),
            /does not answer: TLS error \(/,
        );
        // A server without a certificate refuses every handshake.
        const bare = await listen(createTlsServer());
        await assert.rejects(
            assertAnswers(new URL(`https://127.0.0.1:${bare}/`)),
            /does not answer: TLS error \(/,
        );
    });
});

describe("a cluster that does not let itself be watched", () => {
    it("is explained by the right that is missing, or by what is not there", () => {
        const message = (code: number) =>
            explainApiError(new ApiException(code, "", undefined, {}), "list pods", "spywatcher").message;
        assert.equal(message(403), "You are not allowed to list pods in the namespace spywatcher.");
        assert.match(message(401), /credentials are missing or have expired/);
        assert.match(message(404), /^Not found in the namespace spywatcher \(list pods\)/);
        assert.equal(message(500), "The cluster answered 500 when asked to list pods.");
    });
});
