import assert from "node:assert/strict";

import { criticalPath, goalRatio, longestChain } from "../../ops/criticalPath/criticalPath.ts";
import { formatCriticalPath, formatSeconds } from "../../ops/criticalPath/format.ts";
import { lowerBound } from "../../ops/criticalPath/lowerBound.ts";
import { typicalSeconds } from "../../ops/criticalPath/typicalSeconds.ts";
import { OperationError } from "../../ops/errors.ts";
import { planOf } from "../support/plans.ts";
import { planOfSketches, type ResourceSketch } from "../support/syntheticPlans.ts";

const vpc: ResourceSketch = { type: "awsx:ec2:Vpc", name: "vpc", component: true };
const gateway: ResourceSketch = {
    type: "aws:ec2/natGateway:NatGateway",
    name: "gateway",
    dependsOn: ["vpc"],
};
const controlPlane: ResourceSketch = {
    type: "eks:index:Cluster",
    name: "control-plane",
    component: true,
    dependsOn: ["vpc"],
};
const nodes: ResourceSketch = {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: "nodes",
    dependsOn: ["control-plane", "gateway"],
};
const provider: ResourceSketch = {
    type: "pulumi:providers:kubernetes",
    name: "kubernetes",
    dependsOn: ["control-plane"],
};
const controller: ResourceSketch = {
    type: "kubernetes:helm.sh/v3:Release",
    name: "controller",
    inputs: { name: "aws-load-balancer-controller" },
    provider: "kubernetes",
    dependsOn: ["nodes"],
};
const ingress: ResourceSketch = {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    name: "ingress",
    provider: "kubernetes",
    dependsOn: ["controller"],
};
const probed = { spec: { template: { spec: { containers: [{ readinessProbe: {} }] } } } };
const deployment: ResourceSketch = {
    type: "kubernetes:apps/v1:Deployment",
    name: "deployment",
    inputs: probed,
    provider: "kubernetes",
    dependsOn: ["ingress"],
};
const cluster = [vpc, gateway, controlPlane, nodes, provider, controller, ingress, deployment];

function names(sketches: ResourceSketch[]): [string, number, number][] {
    return longestChain(planOfSketches(sketches)).map(({ name, start, seconds }) => [name, start, seconds]);
}

describe("typical creation times", () => {
    const seconds = (type: string, inputs = {}, custom = true) => typicalSeconds({ type, inputs, custom });

    it("depend on the inputs that matter", () => {
        assert.equal(seconds("aws:rds/instance:Instance", { multiAz: true }), 842);
        assert.equal(seconds("aws:rds/instance:Instance", { multiAz: false }), 360);
        assert.equal(seconds("aws:eks/addon:Addon", { addonName: "coredns" }), 35);
        assert.equal(seconds("aws:eks/addon:Addon", { addonName: "kube-proxy" }), 25);
        const release = "kubernetes:helm.sh/v3:Release";
        assert.equal(seconds(release, { name: "karpenter" }), 63);
        assert.equal(seconds(release, { name: "x", chart: "oci://registry.example/karpenter-crd" }), 5);
        assert.equal(seconds(release, { name: "some-chart" }), 45);
        assert.equal(seconds("kubernetes:apps/v1:Deployment", probed), 140);
        assert.equal(seconds("kubernetes:apps/v1:Deployment"), 110);
    });

    it("are short for what has no entry and nothing for the program's own components", () => {
        assert.equal(seconds("aws:ec2/route:Route"), 1);
        assert.equal(seconds("kubernetes:core/v1:ConfigMap"), 0.5);
        assert.equal(seconds("pulumi:providers:kubernetes"), 0);
        assert.equal(seconds("spywatcher:app:Workload", {}, false), 0);
        assert.equal(seconds("eks:index:Cluster", {}, false), 590);
    });
});

describe("the longest chain", () => {
    it("follows dependencies, each step after the slowest it waits for", () => {
        assert.deepEqual(names(cluster), [
            ["vpc", 0, 30],
            ["control-plane", 30, 590],
            ["nodes", 620, 145],
            ["controller", 765, 45],
            ["ingress", 810, 150],
            ["deployment", 960, 140],
        ]);
    });

    it("waits for a provider and for a parent's dependencies", () => {
        const object: ResourceSketch = {
            type: "kubernetes:core/v1:ConfigMap",
            name: "settings",
            provider: "kubernetes",
        };
        assert.deepEqual(names([vpc, controlPlane, provider, object]).at(-1), ["settings", 620, 0.5]);
        const parent: ResourceSketch = {
            type: "spywatcher:x:Y",
            name: "parent",
            component: true,
            dependsOn: ["vpc"],
        };
        const child: ResourceSketch = { type: "aws:ec2/eip:Eip", name: "child", parent: "parent" };
        assert.deepEqual(names([vpc, parent, child]), [
            ["vpc", 0, 30],
            ["child", 30, 3],
        ]);
    });

    it("waits for everything below a component that something depends on", () => {
        const component: ResourceSketch = { type: "spywatcher:x:Y", name: "component", component: true };
        const inner: ResourceSketch = { ...component, name: "inner", parent: "component" };
        const slow: ResourceSketch = { type: "aws:kms/key:Key", name: "slow", parent: "inner" };
        const later: ResourceSketch = { type: "aws:ec2/eip:Eip", name: "later", dependsOn: ["component"] };
        assert.deepEqual(names([component, inner, slow, later]), [
            ["slow", 0, 20],
            ["later", 20, 3],
        ]);
    });

    it("does not hang on the order of registration", () => {
        const keys = ["b", "a"].map((name): ResourceSketch => ({ type: "aws:kms/key:Key", name }));
        assert.deepEqual(names(keys), [["a", 0, 20]]);
        assert.deepEqual(names(keys.toReversed()), [["a", 0, 20]]);
    });

    it("names the resources that wait for each other", () => {
        const loop = ["a", "b", "c"].map((name, index, all): ResourceSketch => {
            const next = all[(index + 1) % all.length];
            return { type: "aws:kms/key:Key", name, dependsOn: next === undefined ? [] : [next] };
        });
        assert.throws(
            () => longestChain(planOfSketches(loop)),
            new OperationError("The plan has resources that wait for each other: a, b, c."),
        );
    });

    it("is empty for an empty plan", () => {
        const path = criticalPath(planOfSketches([]));
        assert.deepEqual([path.totalSeconds, path.ratio, path.chain], [0, 1, []]);
    });
});

describe("the lower bound", () => {
    const multiAz: ResourceSketch = {
        type: "aws:rds/instance:Instance",
        name: "database",
        inputs: { multiAz: true },
        dependsOn: ["vpc"],
    };

    it("sums the stages that cannot overlap", () => {
        const bound = lowerBound(planOfSketches(cluster));
        assert.equal(bound.seconds, 30 + 590 + 145 + 45 + 150 + 140);
        assert.deepEqual(
            bound.stages.map(({ stage }) => stage),
            ["network", "control plane", "nodes", "load balancer controller", "Ingress", "workloads"],
        );
    });

    it("counts a data store only where it takes longer than the cluster", () => {
        const beside = planOfSketches([...cluster, multiAz]);
        assert.equal(lowerBound(beside).seconds, 1100);
        const alone = planOfSketches([vpc, multiAz, deployment, ingress]);
        assert.equal(lowerBound(alone).seconds, 30 + 842 + 140);
    });

    it("counts the start of a node once, however many pods come one after the other", () => {
        const job: ResourceSketch = { type: "kubernetes:batch/v1:Job", name: "job", dependsOn: ["nodes"] };
        const withJob = [vpc, controlPlane, nodes, job, { ...deployment, dependsOn: ["job"] }];
        assert.deepEqual(
            lowerBound(planOfSketches(withJob)).stages.map(({ stage, seconds }) => [stage, seconds]),
            [
                ["network", 30],
                ["control plane", 590],
                ["nodes", 145],
                ["schema job", 110],
                ["workloads", 50],
            ],
        );
    });

    it("is met when the plan loses nothing, and tells what does otherwise", () => {
        const best = criticalPath(planOfSketches(cluster));
        assert.deepEqual([best.totalSeconds, best.ratio, best.beyondBound], [1100, 1, []]);
        const serial = cluster.map((each) =>
            each === controlPlane ? { ...controlPlane, dependsOn: ["vpc", "gateway"] } : each,
        );
        const worse = criticalPath(planOfSketches(serial));
        assert.deepEqual([worse.totalSeconds, worse.ratio], [1205, 1205 / 1100]);
        assert.deepEqual(
            worse.beyondBound.map(({ name, seconds }) => [name, seconds]),
            [["gateway", 105]],
        );
        const withDatabase = serial.map((each) =>
            each === gateway ? { ...gateway, dependsOn: ["database"] } : each,
        );
        const missed = criticalPath(planOfSketches([...withDatabase, multiAz]));
        assert.deepEqual([missed.totalSeconds, missed.ratio > goalRatio], [2047, true]);
        assert.match(formatCriticalPath(missed), /^Ratio +1\.861, goal at most 1\.1: missed$/m);
        assert.match(formatCriticalPath(missed), /^Beyond bound +database 842 s, gateway 105 s$/m);
    });
});

describe("the critical path as a table", () => {
    it("shows chain, total, lower bound and ratio", () => {
        const lines = formatCriticalPath(criticalPath(planOfSketches(cluster))).split("\n");
        assert.match(lines[4] ?? "", /^│ +0:30 │ +590 │ control-plane │ eks:index:Cluster +│$/);
        assert.deepEqual(lines.slice(-5), [
            "Longest chain  18:20",
            "Lower bound    18:20 (network 30 + control plane 590 + nodes 145 + load balancer controller 45 + Ingress 150 + workloads 140)",
            "Ratio          1.000, goal at most 1.1: met",
            "Times are typical ones of first creations, not promises.",
            "",
        ]);
        assert.equal(formatSeconds(3599.6), "60:00");
    });
});

describe("a first creation of prod", () => {
    it("takes at most a tenth longer than any order would", async () => {
        const path = criticalPath(await planOf("prod"));
        const stages = path.lowerBound.stages.map(({ stage }) => stage);
        assert.deepEqual(stages.slice(0, 3), ["network", "control plane", "nodes"]);
        assert.equal(stages.at(-1), "workloads");
        const serial = path.beyondBound.filter(({ seconds }) => seconds >= 1).map(({ name }) => name);
        const message = `ratio ${path.ratio.toFixed(3)}; what serialises: ${serial.join(", ")}`;
        assert.ok(stages.includes("load balancer controller"));
        assert.ok(path.ratio <= goalRatio, message);
        assert.deepEqual(serial, [
            "cluster-coredns",
            "cluster-eks-node-monitoring-agent",
            "load-balancer-controller-definitions-job",
        ]);
    });
});
