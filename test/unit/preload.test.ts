import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { preloadFile, preloadScript } from "../../infra/app/preload.ts";
import { projectFolder } from "../support/plans.ts";

/** An application as the backend is: requests counted by route, slow-down before everything, one limiter on /api, no trust in its proxy. */
const application = `
const express = require("express");
const { slowDown } = require("express-slow-down");
const { rateLimit } = require("express-rate-limit");
const app = express();
const counted = [];
app.use((req, res, next) => {
    res.on("finish", () => counted.push((req.route?.path || req.path) + " " + res.statusCode));
    next();
});
app.get("/counted", (req, res) => res.json(counted.splice(0)));
app.use("/refused", (req, res) => res.status(403).end());
app.get("/guilds/:id", (req, res) => res.status(req.params.id === "0" ? 404 : 200).end());
app.use(slowDown({ windowMs: 900000, delayAfter: 50, delayMs: (hits) => hits * 500, validate: false }));
app.get("/health/live", (req, res) => res.json({}));
app.get("/metrics", (req, res) => res.send("http_requests_total 1"));
app.get("/api/limited", rateLimit({ windowMs: 900000, limit: 2, validate: false }), (req, res) => res.send(req.ip));
const server = app.listen(0, () => process.send({
    port: server.address().port, keepAlive: server.keepAliveTimeout, headers: server.headersTimeout,
}));
`;

interface Listening {
    port: number;
    keepAlive: number;
    headers: number;
}

describe("the preload script", () => {
    let folder: string;
    let child: ChildProcess;
    let server: Listening;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-preload-"));
        writeFileSync(join(folder, preloadFile), preloadScript);
        child = spawn(process.execPath, ["--require", join(folder, preloadFile), "--eval", application], {
            cwd: projectFolder,
            env: { ...process.env, KEEP_ALIVE_TIMEOUT_MS: "65000", TRUST_PROXY_HOPS: "1" },
            stdio: ["ignore", "inherit", "inherit", "ipc"],
        });
        server = await new Promise<Listening>((done) =>
            child.once("message", (message) => done(message as Listening)),
        );
    });
    after(() => {
        child.kill();
        rmSync(folder, { recursive: true });
    });

    function get(path: string, forwardedFor?: string): Promise<{ status: number; body: string }> {
        return new Promise((done, failed) => {
            const headers = forwardedFor === undefined ? {} : { "X-Forwarded-For": forwardedFor };
            request({ host: "127.0.0.1", port: server.port, path, headers }, (response) => {
                let body = "";
                response.setEncoding("utf8").on("data", (text: string) => (body += text));
                response.on("end", () => done({ status: response.statusCode ?? 0, body }));
            })
                .on("error", failed)
                .end();
        });
    }

    it("keeps idle connections longer than the load balancer", () => {
        assert.equal(server.keepAlive, 65_000);
        assert.equal(server.headers, 66_000);
    });

    it("answers the 121st probe as fast as the first", async () => {
        for (let probe = 0; probe < 120; probe++) assert.equal((await get("/health/live")).status, 200);
        const began = performance.now();
        assert.equal((await get("/health/live")).status, 200);
        // The application's own delay would be over 30 seconds by now.
        assert.ok(performance.now() - began < 1000);
    });

    it("gives each client behind the load balancer a limit of its own", async () => {
        const statuses = async (client: string): Promise<number[]> => [
            (await get("/api/limited", client)).status,
            (await get("/api/limited", client)).status,
            (await get("/api/limited", client)).status,
        ];
        assert.deepEqual(await statuses("203.0.113.1"), [200, 200, 429]);
        assert.deepEqual(await statuses("203.0.113.2"), [200, 200, 429]);
        assert.equal((await get("/api/limited", "203.0.113.3")).body, "203.0.113.3");
    });

    it("trusts only the last hop", async () => {
        assert.equal((await get("/api/limited", "198.51.100.7, 203.0.113.4")).body, "203.0.113.4");
    });

    it("shows /metrics to Prometheus and to nobody who comes through the load balancer", async () => {
        assert.deepEqual(await get("/metrics"), { status: 200, body: "http_requests_total 1" });
        for (const path of ["/metrics", "/METRICS", "/metrics/", "/Metrics?x=1"]) {
            assert.equal((await get(path, "203.0.113.5")).status, 404, path);
        }
    });

    it("counts what no route takes as one, and the rest by its route", async () => {
        await get("/counted");
        for (const path of ["/guilds/1", "/guilds/0", "/made-up/1", "/made-up/2", "/refused/3"])
            await get(path);
        assert.deepEqual(JSON.parse((await get("/counted")).body), [
            "/counted 200",
            "/guilds/:id 200",
            "/guilds/:id 404",
            "unmatched 404",
            "unmatched 404",
            "unmatched 403",
        ]);
    });

    it("refuses to start without its numbers", async () => {
        const broken = spawn(process.execPath, ["--require", join(folder, preloadFile), "--eval", ""], {
            env: { ...process.env, KEEP_ALIVE_TIMEOUT_MS: "soon", TRUST_PROXY_HOPS: "1" },
            stdio: ["ignore", "ignore", "pipe"],
        });
        let message = "";
        broken.stderr.setEncoding("utf8").on("data", (text: string) => (message += text));
        const code = await new Promise<number | null>((done) => broken.once("close", done));
        assert.equal(code, 1);
        assert.match(message, /preload: KEEP_ALIVE_TIMEOUT_MS and TRUST_PROXY_HOPS must be numbers/);
    });
});
