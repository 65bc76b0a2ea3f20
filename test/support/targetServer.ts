/** A worker that answers requests after 50 to 250 ms, and keeps a record of its own. Its event loop is nobody else's. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";

/** What the server saw, in milliseconds. */
export interface ServerRecord {
    /** When each request arrived, on a clock of its own. */
    arrivals: number[];
    /** What each answer took. */
    durations: number[];
}

const record: ServerRecord = { arrivals: [], durations: [] };
const server = createServer((request, response) => {
    const began = performance.now();
    response.on("finish", () => record.durations.push(performance.now() - began));
    // In a fixed order that looks like chance; on the path /fast at once.
    const delay = request.url === "/fast" ? 0 : 50 + ((record.arrivals.length * 73) % 200);
    record.arrivals.push(began);
    if (delay === 0) response.end("ok");
    else setTimeout(() => response.end("ok"), delay);
});
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
parentPort?.on("message", () => parentPort?.postMessage(record));
