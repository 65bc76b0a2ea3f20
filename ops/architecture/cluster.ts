import { at, listAt, nodeGroups, nodePools, numberAt, ofType, textAt } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import { type Box, type Frame, frame } from "./model.ts";

function reach(inputs: Readonly<Record<string, unknown>>): string {
    const cidrs = listAt(inputs, "publicAccessCidrs").map(String);
    return at(inputs, "endpointPublicAccess") === true && cidrs.length > 0
        ? `API from the VPC and ${cidrs.join(", ")}`
        : "API from the VPC only";
}

/** The control plane, which AWS runs outside of the VPC's nodes. */
export function controlPlane(plan: Plan): Box[] {
    return ofType(plan, "eks:index:Cluster").map(({ inputs }) => ({
        id: "control-plane",
        kind: "cluster",
        title: "EKS control plane",
        lines: [
            textAt(inputs, "name") ?? "",
            `Kubernetes ${textAt(inputs, "version") ?? "of EKS's choice"}`,
            reach(inputs),
        ],
    }));
}

/** Add-ons whose pods run on every node rather than on the system group. */
const agents = ["eks-node-monitoring-agent", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"];

function addons(plan: Plan, onEveryNode: boolean): string[] {
    return ofType(plan, "aws:eks/addon:Addon")
        .map(({ inputs }) => ({
            name: textAt(inputs, "addonName") ?? "",
            version: textAt(inputs, "addonVersion")?.split("-")[0] ?? "",
        }))
        .filter(({ name }) => agents.includes(name) === onEveryNode)
        .map(({ name, version }) => `${name} ${version}`);
}

/** Charts that only bring definitions. */
const isDefinitions = (name: string): boolean => name.endsWith("-crd") || name.endsWith("-crds");

/** Box of a chart, by its name: `chart-karpenter`. */
export function chartId(name: string): string {
    return `chart-${name}`;
}

/** Charts with a box of their own; the others share one. */
const makers = ["aws-load-balancer-controller", "karpenter"];

interface Chart {
    readonly name: string;
    readonly version: string;
    readonly pods: string[];
}

function charts(plan: Plan): Chart[] {
    return ofType(plan, "kubernetes:helm.sh/v3:Release")
        .map(({ name, inputs }) => {
            const replicas =
                numberAt(inputs, "values", "replicas") ?? numberAt(inputs, "values", "replicaCount");
            return {
                name: textAt(inputs, "name") ?? name,
                version: textAt(inputs, "version") ?? "",
                pods: replicas === undefined ? [] : [replicas === 1 ? "1 pod" : `${replicas} pods`],
            };
        })
        .filter(({ name }) => !isDefinitions(name));
}

/** The nodes of the controllers, with the controllers in it. */
export function systemNodes(plan: Plan): Frame {
    const groups = nodeGroups(plan).map(
        ({ name, instanceType, count, volumeGiB }) =>
            `Node group ${name}: ${count} × ${instanceType}, ${volumeGiB} GiB`,
    );
    const all = charts(plan);
    const others = [
        ...addons(plan, false),
        ...all.filter(({ name }) => !makers.includes(name)).map(({ name, version }) => `${name} ${version}`),
    ];
    return frame("system-nodes", groups.join("; ") || "Controllers", {
        boxes: [
            ...(others.length === 0
                ? []
                : [{ id: "controllers", kind: "cluster" as const, title: "Controllers", lines: others }]),
            ...all
                .filter(({ name }) => makers.includes(name))
                .map(({ name, version, pods }) => ({
                    id: chartId(name),
                    kind: "cluster" as const,
                    title: name,
                    lines: [`chart ${version}`, ...pods],
                })),
        ],
    });
}

/** What runs on every node. */
export function nodeAgents(plan: Plan): Box[] {
    const lines = addons(plan, true);
    return lines.length === 0 ? [] : [{ id: "agents", kind: "cluster", title: "On every node", lines }];
}

/** The node pools, preferred one first. */
export function pools(plan: Plan): Box[] {
    const all = nodePools(plan);
    const [first] = all;
    if (!first) return [];
    return [
        {
            id: "node-pools",
            kind: "cluster",
            title:
                all.length === 1
                    ? `Node pool ${first.name}`
                    : `Node pools ${all.map(({ name }) => name).join(", then ")}`,
            lines: [
                first.instanceTypes.join(", "),
                `${first.cpuLimit === undefined ? "" : `at most ${first.cpuLimit} cores each, `}${first.volumeGiB} GiB a node`,
            ],
        },
    ];
}
