import * as k8s from "@pulumi/kubernetes";

import * as defaults from "../../infra/app/defaults.ts";
import { httpProbes } from "../../infra/app/probes.ts";
import { Workload } from "../../infra/app/workload.ts";
import { record } from "../../ops/plan/record.ts";

/** Milliseconds to plan a program of `count` autoscaled workloads. */
export async function planWorkloads(count: number): Promise<number> {
    const began = performance.now();
    const plan = await record("bench", "bench", () => {
        const provider = new k8s.Provider("cluster", { kubeconfig: "none", clusterIdentifier: "bench" });
        for (let index = 0; index < count; index++) {
            new Workload(
                `workload-${index}`,
                {
                    namespace: `workload-${index}`,
                    tier: "backend",
                    pod: {
                        image: "registry.example.com/backend:1.0.0",
                        userId: defaults.applicationUserId,
                        resources: defaults.backend.resources,
                        port: defaults.backend.port,
                        probes: httpProbes(defaults.backend.probes, "http"),
                        writableFolders: defaults.backend.writableFolders,
                    },
                    service: {},
                    replicas: defaults.backend,
                    rolloutTimeoutSeconds: defaults.rolloutTimeoutSeconds,
                    network: { ingress: [], egress: [] },
                },
                { providers: { kubernetes: provider } },
            );
        }
    });
    // The stack, the provider, and per workload the component and its six objects.
    if (plan.resources.length !== 2 + 7 * count) throw new Error(`${plan.resources.length} resources`);
    return performance.now() - began;
}
