import { listAt, numberAt, ofType, podGroups, textAt } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import type { Arrow, Box } from "./model.ts";

/** Box of a workload, by the name of its Deployment or Job. */
export function workloadId(name: string): string {
    return `workload-${name}`;
}

const schemaId = workloadId("schema");

function cores(cpu: number): string {
    return `${Math.round(cpu * 1000)}m`;
}

function mebibytes(bytes: number): string {
    return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** The Deployments with their range of pods, and the Job that prepares the database. */
export function workloads(plan: Plan): Box[] {
    const deployments = new Set(
        ofType(plan, "kubernetes:apps/v1:Deployment").map(({ inputs }) => textAt(inputs, "metadata", "name")),
    );
    return [
        ...podGroups(plan)
            .filter(({ name }) => deployments.has(name))
            .map(({ name, minReplicas, maxReplicas, cpu, memory }) => ({
                id: workloadId(name),
                kind: "workload" as const,
                title: name,
                lines: [
                    minReplicas === maxReplicas
                        ? `${minReplicas} pod${minReplicas === 1 ? "" : "s"}`
                        : `HPA ${minReplicas}–${maxReplicas} pods`,
                    `${cores(cpu)}, ${mebibytes(memory)} each`,
                ],
            })),
        ...ofType(plan, "kubernetes:batch/v1:Job")
            .filter(({ inputs }) => textAt(inputs, "metadata", "labels", "tier") === "migration")
            .map(() => ({
                id: schemaId,
                kind: "workload" as const,
                title: "schema job",
                lines: ["before the backend,", "at each new image"],
            })),
    ];
}

/** True when a policy lets its pods reach a port. */
function reaches(policy: unknown, port: number): boolean {
    return listAt(policy, "spec", "egress").some((rule) =>
        listAt(rule, "ports").some((each) => numberAt(each, "port") === port),
    );
}

/** What the workloads talk to, as their network policies allow it. */
export function workloadArrows(plan: Plan): Arrow[] {
    const traffic = (from: string, to: string, label = ""): Arrow => ({ from, to, label, kind: "traffic" });
    const routed = ofType(plan, "kubernetes:networking.k8s.io/v1:Ingress").flatMap(({ inputs }) =>
        listAt(inputs, "spec", "rules").flatMap((rule) =>
            listAt(rule, "http", "paths").flatMap((path) => textAt(path, "backend", "service", "name") ?? []),
        ),
    );
    const throughNat = ofType(plan, "aws:ec2/natGateway:NatGateway").length > 0;
    const wayOut = (from: string): Arrow[] =>
        (throughNat ? [traffic(from, "nat"), traffic("nat", "discord")] : [traffic(from, "discord")]).map(
            (arrow) => ({ ...arrow, upward: true }),
        );
    return [
        ...routed.map((name) => traffic("load-balancer", workloadId(name))),
        ...ofType(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy").flatMap(({ inputs }) => {
            const name = textAt(inputs, "metadata", "name") ?? "";
            const from = name.endsWith("-schema") ? schemaId : workloadId(name);
            return [
                ...(reaches(inputs, 5432) ? [traffic(from, "postgres", "5432")] : []),
                ...(reaches(inputs, 6379) ? [traffic(from, "redis", "6379")] : []),
                ...(reaches(inputs, 443) ? wayOut(from) : []),
            ];
        }),
    ];
}
