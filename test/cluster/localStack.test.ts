import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { KubeConfig } from "@kubernetes/client-node";

import { clusterFolder, kubeconfigPath } from "../../local/paths.ts";
import { missing, readStatus } from "../../ops/status/readStatus.ts";
import { kubernetesObjects } from "../../ops/plan/format.ts";
import { ApiServer } from "../support/apiServer.ts";
import { ops } from "../support/command.ts";
import { planOf } from "../support/plans.ts";
import { PodRecord } from "../support/podRecord.ts";
import { annotateNewPods } from "../support/podAnnotations.ts";
import { poll } from "../support/poll.ts";
import { copyProject } from "../support/projectCopy.ts";

interface Deployment {
    spec: { replicas: number; template: { spec: { containers: { image: string; envFrom: unknown[] }[] } } };
    status: { observedGeneration: number };
    metadata: {
        generation: number;
        managedFields: { manager: string; fieldsV1: { "f:spec"?: Record<string, unknown> } }[];
    };
}
interface List {
    items: { metadata: { name: string } }[];
}

const namespace = "/api/v1/namespaces/spywatcher";
const backend = "/apis/apps/v1/namespaces/spywatcher/deployments/spywatcher-backend";
const backendHpa =
    "/apis/autoscaling/v2/namespaces/spywatcher/horizontalpodautoscalers/spywatcher-backend-hpa";
const mergePatch = "application/merge-patch+json";

describe("the stack local on the embedded cluster", () => {
    let server: ApiServer;
    const copies: string[] = [];
    /** What a test has begun in the cluster and must end, whether it passes or fails. */
    const endings: (() => Promise<void>)[] = [];

    before(async () => {
        server = await ApiServer.connect();
    });
    afterEach(async () => {
        for (const end of endings.splice(0)) await end();
    });
    after(() => {
        for (const folder of copies) rmSync(folder, { recursive: true });
    });

    const scaleDown = (selectPolicy: string) =>
        server.send("PATCH", backendHpa, { spec: { behavior: { scaleDown: { selectPolicy } } } }, mergePatch);

    /** Scales the backend, and keeps the HPA from scaling down, which it would begin within seconds. */
    async function scaleTo(replicas: number): Promise<void> {
        await scaleDown("Disabled");
        await server.send("PATCH", `${backend}/scale`, { spec: { replicas } }, mergePatch);
    }

    it("comes up with every pod ready and every HPA metric known, and says so", async () => {
        const { code, stdout, stderr } = await ops(["local", "up"]);
        assert.equal(code, 0, stdout + stderr);
        assert.deepEqual(missing(await readStatus(kubeconfigPath(), undefined, "spywatcher")), []);
        assert.match(stdout, /Deployment spywatcher-backend +│ 2\/2/);
        assert.match(stdout, /Deployment spywatcher-frontend +│ 2\/2/);
        assert.match(stdout, /StatefulSet postgres +│ 1\/1/);
        assert.match(stdout, /spywatcher-backend-hpa +│ cpu \d+%\/70%, memory \d+%\/80% +│ 2 +│ 2–10/);
        assert.match(stdout, /spywatcher-frontend-hpa +│ cpu \d+%\/70%, memory \d+%\/80% +│ 2 +│ 2–5/);
        assert.match(stdout, /spywatcher-backend-pdb +│ 1/);
        assert.match(stdout, /spywatcher-ingress +│ [a-z0-9.-]+/);
        assert.match(stdout, /export KUBECONFIG=/);
    });

    it("holds exactly the objects of its plan", async () => {
        for (const object of kubernetesObjects(await planOf("local"))) {
            const { status } = await server.send("GET", await server.path(object));
            assert.equal(status, 200, `${object.kind} ${object.metadata.name}`);
        }
    });

    it("has nothing to change the second time", async () => {
        const { code, stdout, stderr } = await ops(["local", "up"]);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /Stack local: 0 changes: \d+ unchanged/);
    });

    it("leaves the replica count to whoever scales", async () => {
        await scaleTo(7);
        const { code, stdout, stderr } = await ops(["up", "local"]);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^0 changes: \d+ unchanged/m);
        const { spec, metadata } = await server.get<Deployment>(backend);
        assert.equal(spec.replicas, 7);
        const owners = metadata.managedFields.filter(
            ({ fieldsV1 }) => fieldsV1["f:spec"]?.["f:replicas"] !== undefined,
        );
        assert.equal(
            owners.some(({ manager }) => manager.startsWith("pulumi")),
            false,
        );
        await scaleDown("Min");
    });

    it("keeps every secret encrypted in its state", () => {
        const state = readFileSync(
            join(clusterFolder(), "pulumi/.pulumi/stacks/spywatcher/local.json"),
            "utf8",
        );
        assert.match(state, /"ciphertext"/);
        assert.equal(state.includes("not-a-real"), false);
        assert.equal(state.includes("BEGIN"), false);
    });

    it("does not rewrite its stack file", () => {
        assert.match(readFileSync("Pulumi.local.yaml", "utf8"), /^# The workloads on any Kubernetes cluster/);
    });

    it("rolls the pods when an image or a setting changes, and removes the old settings", async () => {
        const before = await server.get<Deployment>(backend);
        const folder = copyProject("local", (config) => {
            Object.assign(config["spywatcher:app"]?.["backend"] as object, {
                image: "ghcr.io/subculture-collective/spywatcher-backend:main-abcdef0",
                switches: { logLevel: "warn" },
            });
        });
        copies.push(folder);
        const { code, stdout, stderr } = await ops(["up", "local"], { folder });
        assert.equal(code, 0, stdout + stderr);
        const after = await server.get<Deployment>(backend);
        const [container] = after.spec.template.spec.containers;
        assert.equal(container?.image, "ghcr.io/subculture-collective/spywatcher-backend:main-abcdef0");
        assert.notDeepEqual(container.envFrom, before.spec.template.spec.containers[0]?.envFrom);
        assert.deepEqual(
            (await server.get<List>(`${namespace}/configmaps`)).items
                .map(({ metadata }) => metadata.name)
                .filter((name) => name.startsWith("spywatcher-config-")).length,
            1,
        );
        const jobs = await server.get<List>("/apis/batch/v1/namespaces/spywatcher/jobs");
        assert.equal(jobs.items.length, 1);
    });

    it("gives up a rollout whose pods never become ready, with every old pod serving, and is repaired by the next one", async () => {
        const image = (tag: string): string => `ghcr.io/subculture-collective/spywatcher-backend:main-${tag}`;
        const project = (tag: string): string => {
            const folder = copyProject("local", (config) => {
                Object.assign(config["spywatcher:app"] ?? {}, { rolloutTimeoutSeconds });
                Object.assign(config["spywatcher:app"]?.["backend"] as object, {
                    image: image(tag),
                    autoscaling: { minReplicas: 3, maxReplicas: 6 },
                });
            });
            copies.push(folder);
            return folder;
        };
        const rolloutTimeoutSeconds = 60;
        const good = project("900d");
        const first = await ops(["up", "local"], { folder: good });
        assert.equal(first.code, 0, first.stdout + first.stderr);
        const config = new KubeConfig();
        config.loadFromFile(kubeconfigPath());
        const record = await PodRecord.start({ config, namespace: "spywatcher", selector: "tier=backend" });
        endings.push(() => record.stop());
        const names = (): (string | undefined)[] => record.ready().map(({ metadata }) => metadata?.name);
        await scaleTo(3);
        // Those of the image before may still be among them: the update ends when the new ones are enough.
        await poll("three ready pods of the good image", 60, () => {
            const isGood = record.pods().every(({ spec }) => spec?.containers[0]?.image === image("900d"));
            return isGood && record.ready().length === 3 && record.pods().length === 3 ? true : undefined;
        });
        const old = names().sort();
        record.reset();
        const slowStart = { "kwok.x-k8s.io/startup-delay": "3600s" };
        endings.push(await annotateNewPods(server, "backend", slowStart, image("0000bad")));

        const began = performance.now();
        const { code, stderr } = await ops(["up", "local"], { folder: project("0000bad") });
        const seconds = (performance.now() - began) / 1000;
        console.log(`given up after ${seconds.toFixed(0)} s`);
        assert.equal(code, 1);
        // The engine waits 15 s longer than Kubernetes; the rest is the program, the schema job, and a machine that is busy.
        assert.ok(
            seconds > rolloutTimeoutSeconds + 15 && seconds < rolloutTimeoutSeconds + 75,
            `${seconds} s`,
        );
        assert.match(
            stderr,
            /^The update failed\.\n {2}app-backend-deployment: .*\n.*"spywatcher\/spywatcher-backend" failed to fully initialize or become live: .*\n.*\[ProgressDeadlineExceeded\] ReplicaSet "spywatcher-backend-[0-9a-z]+" has timed out progressing\.$/m,
        );
        assert.match(stderr, /^The rollout of Deployment spywatcher-backend was given up: /m);
        assert.match(stderr, /kubectl -n spywatcher describe pods -l tier=backend$/m);
        assert.deepEqual([record.fewestReady, record.most], [3, 4]);
        assert.deepEqual(names().sort(), old);

        record.reset();
        const repaired = await ops(["up", "local"], { folder: good });
        assert.equal(repaired.code, 0, repaired.stdout + repaired.stderr);
        const job = "kubernetes:batch/v1:Job app-schema-job";
        assert.deepEqual(
            repaired.stdout
                .split("\n")
                .filter((line) => /^(?:created|updated|replaced|deleted) /.test(line))
                .map((line) => line.replace(/ \d+ s$/, ""))
                .sort(),
            [
                `created replacement of ${job}`,
                // That of the image before, and that of the broken one.
                `deleted replaced ${job}`,
                `deleted replaced ${job}`,
                `replaced ${job}`,
                "updated kubernetes:apps/v1:Deployment app-backend-deployment (spec.template.spec.containers[0].image)",
            ],
        );
        await poll("no surplus pod", 30, () => (record.pods().length === 3 ? true : undefined));
        assert.deepEqual(names().sort(), old);
        assert.equal(record.fewestReady, 3);
        const again = await ops(["up", "local"], { folder: good });
        assert.match(again.stdout, /^0 changes: \d+ unchanged/m);
        await scaleDown("Min");
    });

    it("changes nothing else when the schema job fails", async () => {
        endings.push(await annotateNewPods(server, "migration", { "kwok.x-k8s.io/exit-code": "1" }));
        const before = await server.get<Deployment>(backend);
        const folder = copyProject("local", (config) => {
            Object.assign(config["spywatcher:app"]?.["backend"] as object, {
                image: "ghcr.io/subculture-collective/spywatcher-backend:main-0000bad",
            });
        });
        copies.push(folder);
        const { code, stderr } = await ops(["up", "local"], { folder });
        assert.equal(code, 1);
        assert.match(stderr, /The update failed\.\n {2}app-schema-job: /);
        const after = await server.get<Deployment>(backend);
        assert.deepEqual(after.spec.template, before.spec.template);
    });

    it("leaves no object behind when it is destroyed", async () => {
        const { code, stdout, stderr } = await ops(["destroy", "local", "--yes"]);
        assert.equal(code, 0, stdout + stderr);
        assert.equal((await server.send("GET", namespace)).status, 404);
        await poll("volumes are deleted", 60, async () => {
            const { items } = await server.get<List>("/api/v1/persistentvolumes");
            return items.length === 0 ? true : undefined;
        });
        const again = await ops(["destroy", "local", "--yes"]);
        assert.equal(again.code, 0, again.stdout + again.stderr);
    });
});
