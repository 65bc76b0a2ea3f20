import assert from "node:assert/strict";

import { formatStatus } from "../../ops/status/formatStatus.ts";
import { missing, type NamespaceStatus } from "../../ops/status/readStatus.ts";
import { waitUntilReady } from "../../ops/status/waitUntilReady.ts";

const ready: NamespaceStatus = {
    workloads: [
        { kind: "Deployment", name: "spywatcher-backend", ready: 2, desired: 2 },
        { kind: "StatefulSet", name: "postgres", ready: 1, desired: 1 },
    ],
    autoscalers: [
        {
            name: "spywatcher-backend-hpa",
            replicas: 2,
            min: 2,
            max: 10,
            metrics: [
                { name: "cpu", current: 10, target: 70 },
                { name: "memory", current: 9, target: 80 },
            ],
        },
    ],
    budgets: [{ name: "spywatcher-backend-pdb", allowedDisruptions: 1 }],
    ingresses: [{ name: "spywatcher-ingress", address: "lb.example.com" }],
};

const starting: NamespaceStatus = {
    ...ready,
    workloads: [{ kind: "Deployment", name: "spywatcher-backend", ready: 0, desired: 1 }],
    autoscalers: [
        {
            name: "spywatcher-backend-hpa",
            replicas: 0,
            min: 2,
            max: 10,
            metrics: [{ name: "cpu", current: undefined, target: 70 }],
        },
    ],
    ingresses: [{ name: "spywatcher-ingress", address: undefined }],
};

const { signal } = new AbortController();

describe("missing", () => {
    it("is empty when pods are ready and metrics known", () => {
        assert.deepEqual(missing(ready), []);
    });

    it("names every pod, replica and metric that is missing", () => {
        assert.deepEqual(missing(starting), [
            "Deployment spywatcher-backend: 0 of 1 pods are ready",
            "HPA spywatcher-backend-hpa: 0 replicas, fewer than its minimum of 2",
            "HPA spywatcher-backend-hpa: cpu is unknown (is metrics-server running?)",
        ]);
    });
});

describe("waitUntilReady", () => {
    it("waits as long as something is missing and tells what", async () => {
        const answers = [starting, starting, ready];
        const told: string[] = [];
        const status = await waitUntilReady({
            read: () => Promise.resolve(answers.shift() ?? ready),
            seconds: 10,
            report: (text) => told.push(text),
            signal,
        });
        assert.equal(status, ready);
        assert.deepEqual(told, ["Deployment spywatcher-backend: 0 of 1 pods are ready; and 2 more"]);
    });

    it("fails after the deadline and says what is missing", async () => {
        await assert.rejects(
            waitUntilReady({
                read: () => Promise.resolve(starting),
                seconds: 0,
                report: () => undefined,
                signal,
            }),
            {
                name: "OperationError",
                message: `Not ready after 0 s:\n${missing(starting)
                    .map((line) => `  ${line}`)
                    .join("\n")}`,
            },
        );
    });
});

describe("formatStatus", () => {
    it("shows workloads, metrics, budgets and addresses", () => {
        const text = formatStatus(ready);
        assert.match(text, /│ Deployment spywatcher-backend │ 2\/2 +│/);
        assert.match(text, /│ spywatcher-backend-hpa │ cpu 10%\/70%, memory 9%\/80% │ 2 +│ 2–10 +│/);
        assert.match(text, /│ spywatcher-backend-pdb │ 1 +│/);
        assert.match(text, /│ spywatcher-ingress │ lb\.example\.com │/);
    });

    it("says what is unknown", () => {
        const text = formatStatus(starting);
        assert.match(text, /cpu unknown\/70%/);
        assert.match(text, /│ spywatcher-ingress │ none +│/);
    });
});
