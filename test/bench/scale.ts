/** Prints what 50 workloads of 10 pods each on 30 nodes take: plan, update, memory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import * as k8s from "@pulumi/kubernetes";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

import * as defaults from "../../infra/app/defaults.ts";
import { httpProbes } from "../../infra/app/probes.ts";
import { Workload } from "../../infra/app/workload.ts";
import { remove, start } from "../../local/cluster.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { isolatedCommand } from "../../ops/engine/isolatedCommand.ts";
import { record } from "../../ops/plan/record.ts";
import { poll } from "../support/poll.ts";

const workloads = 50;
const podsEach = 10;
const cluster = { name: "bench-scale", nodes: 30, podStartupSeconds: 0 };

function program(kubeconfig: string): void {
    const provider = new k8s.Provider("cluster", { kubeconfig, clusterIdentifier: "bench" });
    for (let index = 0; index < workloads; index++) {
        const name = `workload-${index}`;
        const namespace = new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider });
        const autoscaling = {
            ...defaults.backend.autoscaling,
            minReplicas: podsEach,
            maxReplicas: 2 * podsEach,
        };
        new Workload(
            name,
            {
                namespace: namespace.metadata.name,
                tier: "backend",
                pod: {
                    image: "registry.example.com/backend:1.0.0",
                    userId: defaults.applicationUserId,
                    resources: {
                        requests: { cpu: "100m", memory: "64Mi" },
                        limits: { cpu: "200m", memory: "128Mi" },
                    },
                    port: defaults.backend.port,
                    probes: httpProbes(defaults.backend.probes, "http"),
                },
                service: {},
                replicas: { autoscaling, disruptionBudget: { minAvailable: 1 } },
                rolloutTimeoutSeconds: defaults.rolloutTimeoutSeconds,
                network: { ingress: [], egress: [] },
            },
            { providers: { kubernetes: provider } },
        );
    }
}

const seconds = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
const memory = (): string => `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`;

let began = performance.now();
const plan = await record("bench", "bench", () => program("none"));
console.log(`plan of ${plan.resources.length} resources: ${seconds(began)}, ${memory()} with the SDKs`);

const folder = mkdtempSync(join(tmpdir(), "spywatcher-scale-"));
try {
    const { kubeconfig, seconds: startSeconds } = await start(cluster);
    console.log(`cluster of ${cluster.nodes} nodes: ${startSeconds.toFixed(1)} s`);
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const pulumi = await findPulumi();
    const pulumiHome = await providerHome(pulumi);
    const stack = await LocalWorkspace.createOrSelectStack(
        {
            stackName: "bench",
            projectName: "bench",
            program: async () => Promise.resolve().then(() => program(kubeconfig)),
        },
        {
            workDir: folder,
            pulumiCommand: await isolatedCommand(pulumi.root),
            ...(pulumiHome !== undefined && { pulumiHome }),
            envVars: {
                PULUMI_BACKEND_URL: pathToFileURL(folder).href,
                PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        },
    );
    began = performance.now();
    await stack.up();
    console.log(`up: ${seconds(began)}`);
    const core = config.makeApiClient(CoreV1Api);
    await poll(`${workloads * podsEach} ready pods`, 300, async () => {
        const { items } = await core.listPodForAllNamespaces({ labelSelector: "tier=backend" });
        const ready = items.filter(({ status }) =>
            status?.conditions?.some((each) => each.type === "Ready" && each.status === "True"),
        );
        return ready.length === workloads * podsEach ? true : undefined;
    });
    console.log(`until all ${workloads * podsEach} pods are ready: ${seconds(began)}`);
    began = performance.now();
    await stack.up();
    console.log(`second up: ${seconds(began)}, ${memory()} in this process`);
} finally {
    await remove(cluster);
    rmSync(folder, { recursive: true, force: true });
}
