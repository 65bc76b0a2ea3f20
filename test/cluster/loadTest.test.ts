import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
    AppsV1Api,
    AutoscalingV2Api,
    CoreV1Api,
    KubeConfig,
    PatchStrategy,
    setHeaderOptions,
} from "@kubernetes/client-node";

import { kubeconfigPath } from "../../local/paths.ts";
import { WorkloadWatch } from "../../ops/load/workloadWatch.ts";
import { workloads } from "../support/availability.ts";
import { ops, startOps } from "../support/command.ts";
import { planOf } from "../support/plans.ts";
import { poll } from "../support/poll.ts";

const namespace = "load-test";

describe("ops load-test against a server, beside a workload on the embedded cluster", () => {
    let config: KubeConfig;
    let server: Server;
    let folder: string;
    let received = 0;
    let status = 200;

    before(async () => {
        config = new KubeConfig();
        config.loadFromFile(kubeconfigPath());
        folder = mkdtempSync(join(tmpdir(), "spywatcher-load-test-"));
        server = createServer((_request, response) => {
            received++;
            response.writeHead(status).end("ok");
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        const plan = await planOf("local");
        const records = await workloads({
            config,
            plan,
            namespace,
            replicas: { backend: 2 },
        });
        await records.backend.stop();
        const watch = await WorkloadWatch.open({ config, namespace, deployment: "spywatcher-backend" });
        await poll("an HPA that knows its metrics", 120, () =>
            watch.inactive() === undefined && watch.state().cpu !== null ? true : undefined,
        );
        await watch.stop();
    });
    after(async () => {
        server.closeAllConnections();
        server.close();
        rmSync(folder, { recursive: true });
        await config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace });
    });

    const args = (name: string, ...more: string[]): string[] => [
        ...["load-test", "local", "--yes", "--namespace", namespace],
        ...["--url", `http://127.0.0.1:${(server.address() as AddressInfo).port}/health/ready`],
        ...["--report", join(folder, name), ...more],
    ];
    const report = (name: string): any => {
        const files = readdirSync(join(folder, name)).sort();
        assert.deepEqual(
            files.map((file) => file.replace(/^load-test-of-local-[-\dt]+/, "")),
            [".html", ".json"],
        );
        return JSON.parse(readFileSync(join(folder, name, files[1] ?? ""), "utf8"));
    };

    it("holds the rate, watches the pods, passes its verdict and writes the report", async () => {
        received = 0;
        const { code, stdout, stderr } = await ops(args("good", "--duration", "6", "--rps", "50"));
        assert.equal(code, 0, stdout + stderr);
        // One more asked whether the target answers.
        assert.equal(received, 301);
        assert.match(
            stdout,
            /1 s · (49|50|51)\/50 requests\/s · p50 .* · 0 failed · pods 2\/2 \(2–10\) · CPU /,
        );
        const { title, results } = report("good");
        assert.equal(title, "Load test of local");
        const [{ run, figures, checks }] = results;
        assert.deepEqual([figures.sent, figures.answered, figures.failed], [300, 300, 0]);
        assert.equal(run.workload.maxReplicas, 10);
        assert.equal(run.interrupted, false);
        assert.deepEqual(
            checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok]),
            [
                ["HPA knows its metrics", true],
                ["HPA reacts to CPU above 77 %", true],
                ["wanted pods are ready", true],
                ["pods suffice", true],
                ["errors", true],
                ["p95 latency", true],
            ],
        );
    });

    it("ends on Ctrl-C with the report of what was", async () => {
        const { child, result, output } = startOps(args("interrupted", "--duration", "300", "--rps", "20"));
        await poll("six seconds of load", 60, () => (output().includes("6 s ·") ? true : undefined));
        child.kill("SIGINT");
        const { code, stdout, stderr } = await result;
        assert.equal(code, 130, stdout + stderr);
        assert.match(stdout, /\nlocal \(ended before its time\)/);
        const [{ run, figures }] = report("interrupted").results;
        assert.equal(run.interrupted, true);
        assert.ok(Math.abs(run.samples[1].started - 20) <= 1, `${run.samples[1].started} in a second`);
        assert.ok(figures.sent >= 100 && figures.sent < 300, `${figures.sent} sent`);
    });

    it("says that the target is down before any load", async () => {
        status = 503;
        const { code, stderr } = await ops(args("down"));
        status = 200;
        assert.equal(code, 1);
        assert.match(stderr, /^http:\/\/127\.0\.0\.1:\d+\/health\/ready answers 503; [^\n]*\n$/);
    });

    it("loads nothing while the HPA does not scale, and says why", async () => {
        const autoscaling = config.makeApiClient(AutoscalingV2Api);
        const apps = config.makeApiClient(AppsV1Api);
        const scale = (replicas: number) =>
            apps.patchNamespacedDeploymentScale(
                { name: "spywatcher-backend", namespace, body: { spec: { replicas } } },
                setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
            );
        const active = async (): Promise<string | undefined> => {
            const { status } = await autoscaling.readNamespacedHorizontalPodAutoscaler({
                name: "spywatcher-backend-hpa",
                namespace,
            });
            return status?.conditions?.find(({ type }) => type === "ScalingActive")?.status;
        };
        // An HPA leaves a Deployment of zero pods alone.
        await scale(0);
        try {
            await poll("an HPA that is off", 60, async () =>
                (await active()) === "False" ? true : undefined,
            );
            received = 0;
            const { code, stderr } = await ops(args("off"));
            assert.equal(code, 1);
            assert.match(
                stderr,
                /^The HPA spywatcher-backend-hpa does not scale: scaling is disabled [^\n]* `npm run validate -- local` says what is missing\.\n$/,
            );
            assert.equal(received, 0);
        } finally {
            await scale(2);
        }
        await poll("an HPA that is on", 120, async () => ((await active()) === "True" ? true : undefined));
    });

    it("says that the namespace holds no workload", async () => {
        const { code, stderr } = await ops(["load-test", "local", "--monitor", "--namespace", "nowhere"]);
        assert.equal(code, 1);
        assert.match(
            stderr,
            /^Not found in the namespace nowhere \(get deployments \(spywatcher-backend\)\): [^\n]*\n$/,
        );
    });

    it("watches only, until Ctrl-C", async () => {
        received = 0;
        const { child, result, output } = startOps([
            ...["load-test", "local", "--monitor", "--namespace", namespace],
            ...["--report", join(folder, "monitor")],
        ]);
        await poll("a second", 60, () => (output().includes("pods 2/2") ? true : undefined));
        child.kill("SIGINT");
        const { code, stdout, stderr } = await result;
        assert.equal(code, 0, stdout + stderr);
        assert.equal(received, 0);
        const [{ run, checks }] = report("monitor").results;
        assert.equal(run.target, "spywatcher-backend");
        assert.equal(run.interrupted, false);
        assert.deepEqual(checks, []);
    });
});
