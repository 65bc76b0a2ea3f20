import { at, listAt, numberAt, ofType, podGroups, textAt } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import type { Box } from "./model.ts";

/** The stores by the port clients use. */
const stores = [
    { id: "postgres", title: "PostgreSQL", port: 5432 },
    { id: "redis", title: "Redis", port: 6379 },
] as const;

/** Boxes of the stores that AWS runs for the stack. */
export function managedStores(plan: Plan): Box[] {
    return [
        ...ofType(plan, "aws:rds/instance:Instance").map(({ inputs }) => ({
            id: "postgres",
            kind: "data" as const,
            title: `RDS PostgreSQL ${textAt(inputs, "engineVersion") ?? ""}`.trim(),
            lines: [
                `${textAt(inputs, "instanceClass") ?? ""}, ${numberAt(inputs, "allocatedStorage") ?? "?"} GiB`,
                at(inputs, "multiAz") === true ? "standby in another zone" : "one zone",
            ],
        })),
        ...ofType(plan, "aws:elasticache/replicationGroup:ReplicationGroup").map(({ inputs }) => ({
            id: "redis",
            kind: "data" as const,
            title: `ElastiCache ${textAt(inputs, "engine") ?? "redis"} ${textAt(inputs, "engineVersion") ?? ""}`.trim(),
            lines: [`${numberAt(inputs, "numCacheClusters") ?? 1} × ${textAt(inputs, "nodeType") ?? ""}`],
        })),
    ];
}

/** Boxes of the stores that run in the cluster, as StatefulSets. */
export function storesInCluster(plan: Plan): Box[] {
    const names = new Set(
        ofType(plan, "kubernetes:apps/v1:StatefulSet").map(({ inputs }) =>
            textAt(inputs, "metadata", "name"),
        ),
    );
    return podGroups(plan)
        .filter(({ name }) => names.has(name))
        .flatMap(({ name, minReplicas }) =>
            stores
                .filter(({ id }) => name.includes(id))
                .map(({ id, title }) => ({
                    id,
                    kind: "data" as const,
                    title,
                    lines: [
                        name,
                        minReplicas === 1 ? "1 pod with a volume" : `${minReplicas} pods with a volume each`,
                    ],
                })),
        );
}

/** Boxes of the stores that exist already: what the network policies let pods reach, by port. */
export function existingStores(plan: Plan): Box[] {
    if (managedStores(plan).length > 0 || storesInCluster(plan).length > 0) return [];
    const rules = ofType(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy").flatMap(({ inputs }) =>
        listAt(inputs, "spec", "egress"),
    );
    return stores.flatMap(({ id, title, port }) => {
        const cidrs = rules
            .filter((rule) => listAt(rule, "ports").some((each) => numberAt(each, "port") === port))
            .flatMap((rule) => listAt(rule, "to").flatMap((peer) => textAt(peer, "ipBlock", "cidr") ?? []));
        if (cidrs.length === 0) return [];
        const lines = ["exists already, not made here", [...new Set(cidrs)].join(", ")];
        return [{ id, kind: "data" as const, title, lines }];
    });
}
