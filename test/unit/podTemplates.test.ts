import assert from "node:assert/strict";

import type { Plan } from "../../ops/plan/model.ts";
import { object, objects, planOf } from "../support/plans.ts";

function podSpecs(plan: Plan): { name: string; spec: any }[] {
    return ["Deployment", "StatefulSet", "Job"].flatMap((kind) =>
        objects(plan, kind).map(({ metadata, spec }) => ({
            name: `${kind} ${metadata.name}`,
            spec: spec.template.spec,
        })),
    );
}

const withBot = { app: { bot: { enabled: true } } };

describe("pod templates", () => {
    it("are restricted: no token, no root, no capability, read-only root file system, seccomp", async () => {
        const pods = podSpecs(await planOf("local", withBot));
        assert.equal(pods.length, 6);
        for (const { name, spec } of pods) {
            assert.equal(spec.automountServiceAccountToken, false, name);
            assert.equal(spec.enableServiceLinks, false, name);
            assert.equal(spec.securityContext.runAsNonRoot, true, name);
            assert.ok(spec.securityContext.runAsUser > 0, name);
            assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" }, name);
            assert.deepEqual(
                spec.containers.map((container: any) => container.securityContext),
                [
                    {
                        allowPrivilegeEscalation: false,
                        privileged: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"] },
                    },
                ],
                name,
            );
        }
    });

    it("limit the size of every folder that can be written", async () => {
        for (const { name, spec } of podSpecs(await planOf("local", withBot))) {
            const folders = spec.volumes.filter((volume: any) => "emptyDir" in volume);
            assert.ok(folders.length > 0, name);
            for (const folder of folders) assert.match(folder.emptyDir.sizeLimit, /^\d+[MG]i$/, name);
        }
    });

    it("request CPU and memory for every container, as the HPA needs", async () => {
        for (const { name, spec } of podSpecs(await planOf("local", withBot))) {
            for (const { resources } of spec.containers) {
                assert.deepEqual(Object.keys(resources.requests), ["cpu", "memory"], name);
                assert.deepEqual(Object.keys(resources.limits), ["cpu", "memory"], name);
            }
        }
    });

    it("use an image with a tag other than latest", async () => {
        for (const { name, spec } of podSpecs(await planOf("local", withBot))) {
            assert.match(spec.containers[0].image, /:(?!latest$)[\w.-]+$/, name);
        }
    });

    it("spread over zones and nodes by the pods of the new ReplicaSet", async () => {
        const { spec } = object(await planOf("prod"), "Deployment", "spywatcher-backend").spec.template;
        const labelSelector = { matchLabels: { app: "spywatcher", tier: "backend" } };
        const constraint = (topologyKey: string) => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector,
            matchLabelKeys: ["pod-template-hash"],
        });
        assert.deepEqual(spec.topologySpreadConstraints, [
            constraint("topology.kubernetes.io/zone"),
            constraint("kubernetes.io/hostname"),
        ]);
        assert.deepEqual(spec.affinity, {
            podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                    {
                        weight: 100,
                        podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector },
                    },
                ],
            },
        });
    });

    it("let nginx bind port 80 without a capability, and need no sysctl above 1024", async () => {
        const sysctls = async (port: number): Promise<unknown> =>
            object(await planOf("prod", { app: { frontend: { port } } }), "Deployment", "spywatcher-frontend")
                .spec.template.spec.securityContext.sysctls;
        assert.deepEqual(await sysctls(80), [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }]);
        assert.equal(await sysctls(8080), undefined);
    });

    it("pull with the configured Secret, or with none", async () => {
        const secrets = async (imagePullSecret?: string): Promise<unknown[]> =>
            objects(await planOf("prod", { app: { imagePullSecret } }), "Deployment").map(
                ({ spec }) => spec.template.spec.imagePullSecrets,
            );
        assert.deepEqual(await secrets("registry"), [[{ name: "registry" }], [{ name: "registry" }]]);
        assert.deepEqual(await secrets(), [undefined, undefined]);
    });

    it("give each workload labels that no other workload's selector takes", async () => {
        const plan = await planOf("local", withBot);
        const templates = ["Deployment", "StatefulSet", "Job"].flatMap((kind) => objects(plan, kind));
        for (const { metadata, spec } of [...objects(plan, "Deployment"), ...objects(plan, "StatefulSet")]) {
            const selected = templates.filter((other) =>
                Object.entries(spec.selector.matchLabels).every(
                    ([key, value]) => other.spec.template.metadata.labels[key] === value,
                ),
            );
            assert.deepEqual(
                selected.map((other) => other.metadata.name),
                [metadata.name],
            );
        }
    });
});

describe("the bot", () => {
    it("is off by default", async () => {
        const names = objects(await planOf("prod"), "Deployment").map(({ metadata }) => metadata.name);
        assert.deepEqual(names, ["spywatcher-frontend", "spywatcher-backend"].sort().reverse());
    });

    it("is one pod that is never doubled, behind no Service, under no HPA or budget", async () => {
        const plan = await planOf("prod", withBot);
        const { metadata, spec } = object(plan, "Deployment", "spywatcher-bot");
        assert.equal(spec.replicas, 1);
        assert.deepEqual(spec.strategy, { type: "Recreate" });
        assert.deepEqual(spec.selector.matchLabels, { app: "spywatcher", tier: "bot" });
        assert.equal(metadata.labels?.["tier"], "bot");
        const [container] = spec.template.spec.containers;
        assert.deepEqual(container.command, ["node", "dist/index.js"]);
        assert.equal(container.env, undefined);
        assert.deepEqual(container.resources.requests, { cpu: "100m", memory: "256Mi" });
        for (const kind of ["Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"]) {
            assert.equal(
                objects(plan, kind).some(({ metadata: { name } }) => name.includes("bot")),
                false,
                kind,
            );
        }
    });
});
