import type { V1Container, V1Node, V1Pod, V1PodSpec, V1Taint } from "@kubernetes/client-node";

import { parseQuantity } from "../../stacks/schema/quantity.ts";

import { hasCondition, isSidecar } from "./pods.ts";

/** Cores and bytes. */
export interface Amounts {
    cpu: number;
    memory: number;
}

export const resourceNames = ["cpu", "memory"] as const;

/** Number of a Kubernetes quantity; an absent or strange one is 0. */
export function amount(quantity: string | undefined): number {
    return parseQuantity(quantity ?? "") ?? 0;
}

/** What a pod requests, or is limited to: all containers together, or the largest init container. Sidecars count as containers. */
export function podAmount(
    { containers, initContainers = [] }: V1PodSpec,
    kind: "requests" | "limits",
    name: string,
): number {
    const of = ({ resources }: V1Container): number => amount(resources?.[kind]?.[name]);
    const sidecars = initContainers.filter(isSidecar);
    const together = [...containers, ...sidecars].reduce((sum, container) => sum + of(container), 0);
    return Math.max(together, ...initContainers.map(of));
}

export function podRequests(pod: V1PodSpec): Amounts {
    return { cpu: podAmount(pod, "requests", "cpu"), memory: podAmount(pod, "requests", "memory") };
}

function tolerates({ tolerations = [] }: V1PodSpec, { key, value = "", effect }: V1Taint): boolean {
    return (
        effect === "PreferNoSchedule" ||
        tolerations.some(
            (each) =>
                (each.key === undefined || each.key === key) &&
                (each.effect === undefined || each.effect === effect) &&
                (each.operator === "Exists" || (each.value ?? "") === value),
        )
    );
}

/** What is left of a node. */
export interface Room {
    node: V1Node;
    free: Amounts;
    pods: number;
}

/** What is left of each node that takes new pods. */
export function rooms(nodes: readonly V1Node[], pods: readonly V1Pod[]): Room[] {
    const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
    const byNode = Map.groupBy(running, ({ spec }) => spec?.nodeName);
    return nodes
        .filter((node) => hasCondition(node, "Ready") && !node.spec?.unschedulable)
        .map((node) => {
            const there = byNode.get(node.metadata?.name) ?? [];
            const used = there.map(({ spec }) => (spec ? podRequests(spec) : { cpu: 0, memory: 0 }));
            const allocatable = node.status?.allocatable ?? {};
            const free = (name: keyof Amounts): number =>
                amount(allocatable[name]) - used.reduce((sum, each) => sum + each[name], 0);
            return {
                node,
                free: { cpu: free("cpu"), memory: free("memory") },
                pods: amount(allocatable["pods"]) - there.length,
            };
        });
}

/** Rounding of sums of fractions. */
const tolerance = 1e-9;

/** Puts a pod on the first node that has room and takes it off the room. False when there is none. */
export function place(pod: V1PodSpec, all: readonly Room[]): boolean {
    const needs = podRequests(pod);
    const room = all.find(
        ({ node, free, pods }) =>
            pods >= 1 &&
            resourceNames.every((name) => free[name] + tolerance >= needs[name]) &&
            Object.entries(pod.nodeSelector ?? {}).every(
                ([key, value]) => node.metadata?.labels?.[key] === value,
            ) &&
            (node.spec?.taints ?? []).every((taint) => tolerates(pod, taint)),
    );
    if (!room) return false;
    room.pods -= 1;
    for (const name of resourceNames) room.free[name] -= needs[name];
    return true;
}
