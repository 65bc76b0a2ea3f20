/** Folder the script is mounted at. */
export const preloadFolder = "/opt/spywatcher";

/** File name of the script. */
export const preloadFile = "preload.cjs";

/**
 * Loaded into the backend before its own code (`node --require`). Mends what the application has no switch for:
 * - its slow-down middleware delays every caller after 50 requests in 15 minutes, probes and scrapes included, so that
 *   the kubelet kills each pod a few minutes after its start;
 * - it never trusts its proxy, so all clients behind the load balancer share one rate limit;
 * - Node closes idle connections after 5 s, the load balancer reuses them for longer and answers 502;
 * - it serves /metrics to anyone, in any spelling of the path;
 * - it counts what no route takes under the path that was asked for, so that anyone can make up series without end.
 */
export const preloadScript = `"use strict";
const Module = require("node:module");
const http = require("node:http");

const keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT_MS);
const trustedProxyHops = Number(process.env.TRUST_PROXY_HOPS);
if (!(keepAliveTimeout > 0) || !Number.isInteger(trustedProxyHops)) {
    throw new Error("preload: KEEP_ALIVE_TIMEOUT_MS and TRUST_PROXY_HOPS must be numbers");
}

const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function (...args) {
    this.keepAliveTimeout = keepAliveTimeout;
    this.headersTimeout = keepAliveTimeout + 1000;
    return listen.apply(this, args);
};

const internal = /^\\/(health|metrics)(\\/|$)/;
const metrics = /^\\/metrics(\\/|$)/i;

function exemptInternalPaths(slowDown) {
    const exempt = (options) => {
        const skip = options && options.skip;
        return slowDown({ ...options, skip: (req, res) => internal.test(req.path) || (skip ? skip(req, res) : false) });
    };
    return Object.assign(exempt, { default: exempt, slowDown: exempt, __esModule: true });
}

function behindProxy(express) {
    return new Proxy(express, {
        apply(target, self, args) {
            const app = Reflect.apply(target, self, args);
            app.set("trust proxy", trustedProxyHops);
            app.use((req, res, next) => {
                // Before the application's own listener, which counts the request under the route's path.
                res.on("finish", () => { req.route ??= { path: "unmatched" }; });
                return metrics.test(req.path) && req.headers["x-forwarded-for"] ? res.status(404).end() : next();
            });
            return app;
        },
    });
}

const load = Module._load;
const patched = new Map();
Module._load = function (request) {
    const exported = load.apply(this, arguments);
    if (request !== "express-slow-down" && request !== "express") return exported;
    if (!patched.has(request)) {
        patched.set(request, request === "express" ? behindProxy(exported) : exemptInternalPaths(exported.default || exported));
    }
    return patched.get(request);
};
`;
