import assert from "node:assert/strict";

import { kinds } from "../../../ops/validate/kinds.ts";
import { ReadError } from "../../../ops/validate/readError.ts";
import { targetsPath } from "../../../ops/validate/snapshot.ts";
import { HealthyCluster } from "../../support/healthyCluster.ts";

const gate = "target-health.elbv2.k8s.aws/k8s-spywatch-abc";
const tiers = ["frontend", "backend"];

const target = (index: number): any => ({
    scrapePool: "serviceMonitor/spywatcher/spywatcher-backend/0",
    scrapeUrl: `http://10.0.0.${index}:3001/metrics`,
    health: "up",
    lastError: "",
});

/** What the controllers in AWS add to a healthy cluster. */
function inAws(cluster: HealthyCluster): any {
    for (const node of cluster.all(kinds.nodes))
        node.spec.providerID = "aws:///us-east-1a/i-0123456789abcdef0";
    for (const pod of cluster.all(kinds.pods)) {
        pod.spec.readinessGates = [{ conditionType: gate }];
        pod.status.conditions.push({ type: gate, status: "True" });
    }
    for (const { spec } of cluster.all(kinds.deployments)) {
        spec.template.spec.containers[0].image = `registry.example.com/app@sha256:${"0123456789abcdef".repeat(4)}`;
    }
    const main = {
        metadata: { name: "main", namespace: "monitoring" },
        spec: {
            ruleSelector: {},
            ruleNamespaceSelector: {},
            serviceMonitorSelector: {},
            serviceMonitorNamespaceSelector: {},
        },
    };
    cluster.set(kinds.prometheuses, [main]);
    const targets = [target(1), target(2)];
    cluster.setAt(targetsPath("monitoring"), targets);
    return { main, targets };
}

/** Prod's images are given by tag in the stack file, so that digests differ from the plan. */
const images = tiers.map(
    (tier) =>
        new RegExp(
            `^fail plan: Deployment spywatcher/spywatcher-${tier}: spec\\.template\\.spec\\.containers\\[${tier}\\]\\.image is registry`,
        ),
);

const cases: {
    name: string;
    break: (cluster: HealthyCluster, aws: any) => unknown;
    expected: string[] | ((cluster: HealthyCluster) => string[]);
}[] = [
    { name: "nothing", break: () => undefined, expected: [] },
    {
        name: "a pod older than its target group",
        break: (each) => delete each.the(kinds.pods, "spywatcher-backend-1").spec.readinessGates,
        expected: [
            "fail readiness-gates: Deployment spywatcher-backend: 1 of 2 pods have no readiness gate: spywatcher-backend-1",
        ],
    },
    {
        name: "an unhealthy target",
        break: (each) => (each.the(kinds.pods, "spywatcher-backend-1").status.conditions[1].status = "False"),
        expected: [
            "fail readiness-gates: Deployment spywatcher-backend: the targets of 1 of 2 pods are not healthy: spywatcher-backend-1",
        ],
    },
    {
        name: "no Prometheus",
        break: (each) => each.set(kinds.prometheuses, []),
        expected: ["fail monitoring: Prometheus: does not exist"],
    },
    {
        name: "a Prometheus that selects rules by a label of its release",
        break: (_each, { main }) => (main.spec.ruleSelector = { matchLabels: { release: "stack" } }),
        expected: ({ planned }) =>
            planned
                .of(kinds.rules)
                .map(
                    ({ metadata }) =>
                        `fail monitoring: PrometheusRule ${metadata.name ?? ""}: no Prometheus selects it (monitoring/main)`,
                ),
    },
    {
        name: "a Prometheus that looks into its own namespace only",
        break: (_each, { main }) => delete main.spec.serviceMonitorNamespaceSelector,
        expected: [
            "fail monitoring: ServiceMonitor spywatcher-backend: no Prometheus selects it (monitoring/main)",
        ],
    },
    {
        name: "a target that is down",
        break: (_each, { targets }) => Object.assign(targets[0], { health: "down", lastError: "timeout" }),
        expected: [
            "fail targets: ServiceMonitor spywatcher-backend: 1 of 2 targets are down, such as http://10.0.0.1:3001/metrics: timeout",
        ],
    },
    {
        name: "a target that was not scraped yet",
        break: (_each, { targets }) => (targets[1].health = "unknown"),
        expected: [
            "warn targets: ServiceMonitor spywatcher-backend: 1 of 2 targets have not been scraped yet",
        ],
    },
    {
        name: "a monitor without targets, and a target of somebody else's that is down",
        break: (_each, { targets }) => {
            targets.length = 1;
            Object.assign(targets[0], { scrapePool: "serviceMonitor/monitoring/kubelet/0", health: "down" });
        },
        expected: [
            "fail targets: ServiceMonitor spywatcher-backend: Prometheus has no target of it",
            "warn targets: Prometheus: 1 other targets are down: serviceMonitor/monitoring/kubelet/0",
        ],
    },
    {
        name: "a Prometheus that does not answer",
        break: (each) => {
            const error = new ReadError(
                "failed",
                "get services/proxy in namespace monitoring: 503 no endpoints",
                "",
            );
            each.setAt(targetsPath("monitoring"), error);
        },
        expected: [
            "fail targets: Prometheus: does not answer through the API server (get services/proxy in namespace monitoring: 503 no endpoints)",
        ],
    },
    {
        name: "NodePools whose limits are used up",
        break: (each) => {
            for (const node of each.all(kinds.nodes)) node.spec.unschedulable = true;
            for (const pool of each.all(kinds.nodePools))
                pool.status = { resources: { cpu: "30", memory: "64Gi" } };
        },
        expected: [
            "fail capacity: Nodes: no room for 9 of Deployment spywatcher-backend, 4 of Deployment spywatcher-frontend at the maximum (4.9 CPU, 5120Mi); the NodePools may add 4 CPU, 131072Mi",
        ],
    },
];

describe("validate: prod in AWS", () => {
    for (const each of cases) {
        it(`tells of ${each.name}`, async () => {
            const cluster = await HealthyCluster.of("prod");
            each.break(cluster, inAws(cluster));
            const faults = Map.groupBy(cluster.faults(), (text) => text.startsWith("fail plan"));
            const expected = typeof each.expected === "function" ? each.expected(cluster) : each.expected;
            assert.deepEqual(faults.get(false) ?? [], expected);
            const differing = faults.get(true) ?? [];
            assert.equal(differing.length, images.length);
            for (const [index, text] of differing.entries()) assert.match(text, images[index] ?? /$^/);
        });
    }

    it("relies on Karpenter for what does not fit", async () => {
        const cluster = await HealthyCluster.of("prod");
        inAws(cluster);
        for (const node of cluster.all(kinds.nodes)) node.spec.unschedulable = true;
        const capacity = cluster.findings().find(({ check }) => check === "capacity");
        assert.equal(
            capacity?.message,
            "Karpenter may add nodes for 9 of Deployment spywatcher-backend, 4 of Deployment spywatcher-frontend (4.9 CPU, 5120Mi)",
        );
    });

    it("compares nothing that only AWS or the secrets know", async () => {
        const cluster = await HealthyCluster.of("prod");
        inAws(cluster);
        const ingress = cluster.the(kinds.ingresses, "spywatcher-ingress");
        ingress.metadata.annotations["alb.ingress.kubernetes.io/certificate-arn"] =
            "arn:aws:acm:::certificate/real";
        const [backend] = cluster
            .all(kinds.deployments)
            .filter(({ metadata }) => metadata.name.endsWith("backend"));
        for (const { secretRef } of backend.spec.template.spec.containers[0].envFrom) {
            if (secretRef) secretRef.name = "spywatcher-secrets-0123456789";
        }
        assert.equal(cluster.faults().filter((text) => text.startsWith("fail plan")).length, images.length);
    });
});
