import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import {
    AppsV1Api,
    BatchV1Api,
    CoreV1Api,
    KubeConfig,
    KubernetesObjectApi,
    NetworkingV1Api,
    loadAllYaml,
} from "@kubernetes/client-node";

import { ensurePrograms } from "../../local/build.ts";
import { type StartResult, remove, start, status, stop } from "../../local/cluster.ts";
import type { ClusterOptions } from "../../local/options.ts";
import { clusterPrograms } from "../../local/programs.ts";

/** Waits until `check` gives a value; fails after `seconds`. */
async function eventually<T>(what: string, check: () => Promise<T | undefined>, seconds = 60): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const value = await check();
        if (value !== undefined) {
            return value;
        }
        assert.ok(Date.now() < deadline, `${what}: not so after ${seconds} s`);
        await sleep(100);
    }
}

/** Names of the programs that run with a file of this folder on their command line. */
async function processesOf(folder: string): Promise<string[]> {
    const { stdout } = await promisify(execFile)("ps", ["-eo", "args"], { maxBuffer: 16 * 1024 * 1024 });
    return stdout
        .split("\n")
        .filter((line) => line.includes(`${folder}/`) && !line.startsWith("ps "))
        .map((line) => /([^/ ]+)( |$)/.exec(line)?.[1] ?? line)
        .sort();
}

function pidOf({ components }: Pick<StartResult, "components">, name: string): number {
    const pid = components.find((component) => component.name === name)?.pid;
    assert.ok(pid !== undefined, `${name} runs`);
    return pid;
}

function pids({ components }: Pick<StartResult, "components">): Record<string, number | undefined> {
    return Object.fromEntries(components.map(({ name, pid }) => [name, pid]));
}

const workloads = `
apiVersion: v1
kind: Namespace
metadata: { name: trial }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: trial }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: "web:1", resources: { requests: { cpu: 500m, memory: 512Mi } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: slow, namespace: trial }
spec:
  selector: { matchLabels: { app: slow } }
  template:
    metadata:
      labels: { app: slow }
      annotations: { kwok.x-k8s.io/startup-delay: 1h }
    spec:
      containers: [{ name: slow, image: "slow:1" }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: trial }
spec:
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers: [{ name: store, image: "store:1" }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: good, namespace: trial }
spec:
  backoffLimit: 0
  template:
    spec: { restartPolicy: Never, containers: [{ name: job, image: "job:1" }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: bad, namespace: trial }
spec:
  backoffLimit: 0
  template:
    metadata: { annotations: { kwok.x-k8s.io/exit-code: "3" } }
    spec: { restartPolicy: Never, containers: [{ name: job, image: "job:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: trial }
spec:
  ingressClassName: alb
  defaultBackend: { service: { name: web, port: { number: 80 } } }
`;

describe("the embedded cluster", function () {
    this.timeout(120_000);
    let folder = "";
    let options: ClusterOptions = {};
    let running: StartResult;

    before(async function () {
        // The first time on a machine, all programs are compiled.
        this.timeout(45 * 60_000);
        await ensurePrograms(clusterPrograms);
        folder = await mkdtemp(join(tmpdir(), "spywatcher-cluster-"));
        options = { name: "trial", folder: join(folder, "trial"), podStartupSeconds: 0, jobSeconds: 0 };
        running = await start(options);
    });

    after(async () => {
        await remove(options);
        assert.deepEqual(await processesOf(folder), []);
        await rm(folder, { recursive: true, force: true });
    });

    it("starts every component and writes a kubeconfig for its owner only", async () => {
        assert.equal(running.found, false);
        assert.deepEqual(running.started, [...clusterPrograms]);
        assert.equal(running.state, "running");
        assert.deepEqual(await processesOf(folder), [...clusterPrograms].sort());
        assert.equal((await stat(running.kubeconfig)).mode & 0o777, 0o600);
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        assert.equal(config.getCurrentContext(), "spywatcher-trial");
        const { items } = await config.makeApiClient(CoreV1Api).listNode();
        assert.deepEqual(
            items.map(({ metadata, status: node }) => [
                metadata?.labels?.["topology.kubernetes.io/zone"],
                node?.allocatable?.["cpu"],
                node?.conditions?.find(({ type }) => type === "Ready")?.status,
            ]),
            ["a", "b", "c"].map((zone) => [`us-east-1${zone}`, "3920m", "True"]),
        );
    });

    it("runs Deployments, StatefulSets with volumes, Jobs that succeed and fail, and gives an Ingress its host name", async () => {
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        const objects = KubernetesObjectApi.makeApiClient(config);
        for (const object of loadAllYaml(workloads)) {
            await objects.create(object);
        }
        const apps = config.makeApiClient(AppsV1Api);
        const batch = config.makeApiClient(BatchV1Api);
        const namespace = "trial";
        await eventually("the Deployment is ready", async () => {
            const web = await apps.readNamespacedDeployment({ name: "web", namespace });
            return web.status?.readyReplicas === 2 ? true : undefined;
        });
        await eventually("the StatefulSet is ready", async () => {
            const store = await apps.readNamespacedStatefulSet({ name: "store", namespace });
            return store.status?.readyReplicas === 1 ? true : undefined;
        });
        await eventually(
            "one Job succeeds",
            async () => (await batch.readNamespacedJob({ name: "good", namespace })).status?.succeeded,
        );
        await eventually(
            "one Job fails",
            async () => (await batch.readNamespacedJob({ name: "bad", namespace })).status?.failed,
        );
        const host = await eventually("the Ingress has an address", async () => {
            const ingress = await config
                .makeApiClient(NetworkingV1Api)
                .readNamespacedIngress({ name: "web", namespace });
            return ingress.status?.loadBalancer?.ingress?.[0]?.hostname;
        });
        assert.equal(host, "web-trial.elb.localhost");
        const slow = await apps.readNamespacedDeployment({ name: "slow", namespace });
        assert.equal(slow.status?.readyReplicas, undefined);
        const { items } = await config
            .makeApiClient(CoreV1Api)
            .listNamespacedPersistentVolumeClaim({ namespace });
        assert.deepEqual(
            items.map((claim) => [claim.metadata?.name, claim.status?.phase]),
            [["data-store-0", "Bound"]],
        );
    });

    it("knows the CPU and memory of every pod", async () => {
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        const objects = KubernetesObjectApi.makeApiClient(config);
        const usage = await eventually("the metrics of the pods", async () => {
            const list = (await objects.list(
                "metrics.k8s.io/v1beta1",
                "PodMetrics",
                "trial",
                undefined,
                undefined,
                undefined,
                undefined,
                "app=web",
            )) as unknown as {
                items: { containers: { usage: { cpu: string; memory: string } }[] }[];
            };
            return list.items.length === 2
                ? list.items.flatMap(({ containers }) => containers.map(({ usage }) => usage))
                : undefined;
        });
        // A tenth of what the container requests, give or take the clock of two samples.
        for (const { cpu, memory } of usage) {
            assert.ok(Math.abs(millicores(cpu) - 50) <= 5, cpu);
            assert.equal(memory, "53687091");
        }
    });

    it("finds the running cluster", async () => {
        const again = await start(options);
        assert.equal(again.found, true);
        assert.deepEqual(again.started, []);
        assert.deepEqual(pids(again), pids(running));
    });

    it("starts only what was killed", async () => {
        process.kill(pidOf(running, "kube-scheduler"), "SIGKILL");
        await eventually("the loss is seen", async () =>
            (await status(options)).state === "degraded" ? true : undefined,
        );
        const repaired = await start(options);
        assert.deepEqual(repaired.started, ["kube-scheduler"]);
        assert.deepEqual(
            { ...pids(repaired), "kube-scheduler": undefined },
            { ...pids(running), "kube-scheduler": undefined },
        );
        running = repaired;
    });

    it("restarts only what a changed option concerns, and removes nodes that are too many", async () => {
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        const changed = await start({ ...options, nodes: 2, jobSeconds: 1 });
        assert.deepEqual(changed.started, ["kwok"]);
        const { items } = await config.makeApiClient(CoreV1Api).listNode();
        assert.deepEqual(
            items.map(({ metadata }) => metadata?.name),
            ["node-1-us-east-1a", "node-2-us-east-1b"],
        );
        running = await start(options);
        assert.equal((await config.makeApiClient(CoreV1Api).listNode()).items.length, 3);
    });

    it("ends all of its processes, and comes back with its objects on other ports when one is taken", async () => {
        assert.deepEqual([...(await stop(options))].sort(), [...clusterPrograms].sort());
        assert.deepEqual(await processesOf(folder), []);
        assert.equal((await status(options)).state, "stopped");
        const port = Number(new URL(running.server ?? "").port);
        const thief = createServer();
        await new Promise<void>((resolve) => thief.listen(port, "127.0.0.1", resolve));
        try {
            const [left, right] = await Promise.all([start(options), start(options)]);
            assert.deepEqual([left.found, right.found].sort(), [false, true]);
            assert.deepEqual(pids(left), pids(right));
            assert.notEqual(left.server, running.server);
            running = left;
        } finally {
            await new Promise((resolve) => thief.close(resolve));
        }
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: "trial" });
        assert.equal(metadata?.name, "trial");
    });

    it("deletes a namespace with everything in it", async () => {
        const config = new KubeConfig();
        config.loadFromFile(running.kubeconfig);
        const core = config.makeApiClient(CoreV1Api);
        await core.deleteNamespace({ name: "trial" });
        await eventually("the namespace is gone", async () => {
            const { items } = await core.listNamespace();
            return items.some(({ metadata }) => metadata?.name === "trial") ? undefined : true;
        });
        await eventually("the volume is gone", async () =>
            (await core.listPersistentVolume()).items.length === 0 ? true : undefined,
        );
    });

    it("leaves no process when a first start is aborted, and can be started afterwards", async () => {
        const other = { ...options, name: "aborted", folder: join(folder, "aborted") };
        const controller = new AbortController();
        const step = (text: string): void => {
            if (text === "starting controllers and nodes") {
                controller.abort(new Error("stopped by the test"));
            }
        };
        await assert.rejects(start(other, { step, signal: controller.signal }), {
            message: "stopped by the test",
        });
        assert.deepEqual(await processesOf(other.folder), []);
        assert.equal((await status(other)).state, "stopped");
        assert.equal(await remove(other), true);
        await assert.rejects(access(other.folder), { code: "ENOENT" });
    });

    it("says why a component ended, and leaves no process", async () => {
        const other = { ...options, name: "broken", folder: join(folder, "broken") };
        const controller = new AbortController();
        await assert.rejects(
            start(other, {
                signal: controller.signal,
                step: (text) => {
                    if (text === "starting etcd") controller.abort(new Error("prepared"));
                },
            }),
            { message: "prepared" },
        );
        await rm(join(other.folder, "certificates", "etcd.key"));
        await assert.rejects(start(other), (error: Error) => {
            assert.equal(error.name, "LocalClusterError");
            assert.match(
                error.message,
                /^etcd ended right after its start\. The end of its log .*etcd\.key/s,
            );
            return true;
        });
        assert.deepEqual(await processesOf(other.folder), []);
        assert.match(await readFile(join(other.folder, "logs", "etcd.log"), "utf8"), /etcd\.key/);
        await remove(other);
    });
});

function millicores(quantity: string): number {
    const [, value, unit] = /^(\d+)(n|u|m|)$/.exec(quantity) ?? [];
    return Number(value) * ({ n: 1e-6, u: 1e-3, m: 1 }[unit ?? ""] ?? 1000);
}
