import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { KubeConfig } from "@kubernetes/client-node";

import { waitForReconciliation } from "../../ops/destroy/loadBalancer.ts";
import { volumesOf, waitForVolumes } from "../../ops/destroy/volumes.ts";
import { waitUntil } from "../../ops/destroy/waitUntil.ts";

/** Answers to GET by path, each time the next one, the last one for ever. */
type Answers = Record<string, object[][]>;

describe("what a destroy waits for in the cluster", () => {
    let server: Server;
    let answers: Answers;
    let asked: string[];
    let access: KubeConfig;
    const { signal } = new AbortController();

    before(async () => {
        server = createServer((request, response) => {
            asked.push(request.url ?? "");
            const [path = ""] = (request.url ?? "").split("?");
            const left = answers[path] ?? [[]];
            const items = (left.length > 1 ? left.shift() : left[0]) ?? [];
            response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ items }));
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        access = new KubeConfig();
        access.loadFromClusterAndUser(
            {
                name: "fake",
                server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
                skipTLSVerify: true,
            },
            { name: "nobody" },
        );
    });
    beforeEach(() => {
        asked = [];
    });
    after(() => {
        server.closeAllConnections();
        server.close();
    });

    const volume = (name: string, namespace: string, persistentVolumeReclaimPolicy = "Delete") => ({
        metadata: { name },
        spec: {
            persistentVolumeReclaimPolicy,
            capacity: { storage: "20Gi" },
            claimRef: { namespace, name: "data-postgres-0" },
        },
    });
    const volumesPath = "/api/v1/persistentvolumes";

    it("are volumes of the stack's namespaces that go with their claims", async () => {
        answers = {
            [volumesPath]: [
                [volume("a", "spywatcher"), volume("b", "other"), volume("c", "spywatcher", "Retain")],
            ],
        };
        assert.deepEqual(await volumesOf(access, ["spywatcher"]), [
            { name: "a", claim: "spywatcher/data-postgres-0", size: "20Gi" },
        ]);
    });

    it("are volumes until they are gone", async () => {
        answers = { [volumesPath]: [[volume("a", "spywatcher")], [volume("b", "other")]] };
        await waitForVolumes("prod", access, ["spywatcher"], signal);
        assert.equal(asked.length, 2);
    });

    const ingressesPath = "/apis/networking.k8s.io/v1/ingresses";
    const eventsPath = "/api/v1/namespaces/spywatcher/events";
    const ingress = (namespace: string, name: string, finalizers?: string[]) => ({
        metadata: { namespace, name, ...(finalizers && { finalizers }) },
    });
    const since = new Date("2026-11-28T12:00:00.700Z");

    it("are load balancers until the controller says that they are as asked for", async () => {
        answers = {
            [ingressesPath]: [
                [
                    ingress("spywatcher", "spywatcher-ingress", ["ingress.k8s.aws/resources"]),
                    ingress("spywatcher", "plain"),
                    ingress("other", "another", ["ingress.k8s.aws/resources"]),
                ],
            ],
            [eventsPath]: [
                [{ reason: "SuccessfullyReconciled", lastTimestamp: "2026-11-28T11:59:59Z" }],
                [{ reason: "SuccessfullyReconciled", lastTimestamp: "2026-11-28T12:00:00Z" }],
            ],
        };
        assert.deepEqual(await waitForReconciliation(access, ["spywatcher"], since, signal), []);
        assert.deepEqual(
            asked.map((url) => decodeURIComponent(url)),
            [
                ingressesPath,
                ...Array<string>(2).fill(
                    `${eventsPath}?fieldSelector=involvedObject.name=spywatcher-ingress,reason=SuccessfullyReconciled`,
                ),
            ],
        );
    });

    it("are no load balancers where no controller has made any", async () => {
        answers = { [ingressesPath]: [[ingress("spywatcher", "plain")]] };
        assert.deepEqual(await waitForReconciliation(access, ["spywatcher"], since, signal), []);
        assert.deepEqual(asked, [ingressesPath]);
    });

    it("ends with the reason of its signal", async () => {
        const controller = new AbortController();
        const reason = new Error("interrupted");
        const wait = waitUntil(
            () => {
                controller.abort(reason);
                return Promise.resolve(false);
            },
            { seconds: 60, signal: controller.signal },
        );
        await assert.rejects(wait, reason);
    });

    it("ends when its time is over", async () => {
        assert.equal(await waitUntil(() => Promise.resolve(false), { seconds: 0, signal }), false);
    });
});
