import { alg, Graph } from "@dagrejs/graphlib";

import { OperationError } from "../errors.ts";
import type { Plan, PlannedResource } from "../plan/model.ts";
import { isRemoteComponent } from "./typicalSeconds.ts";

/**
 * What each resource of a plan waits for, as the engine creates them: nodes are URNs, an edge leads from the earlier to
 * the later. A resource waits for its dependencies, its provider and its parent; a dependency on a component is one on
 * all below it.
 */
export function dependencyGraph(plan: Plan): Graph {
    const graph = new Graph();
    const byUrn = new Map(plan.resources.map((each) => [each.urn, each]));
    const children = Map.groupBy(plan.resources, ({ parent }) => parent);
    const withDescendants = (resource: PlannedResource): string[] => [
        resource.urn,
        ...(resource.custom || isRemoteComponent(resource)
            ? []
            : (children.get(resource.urn) ?? []).flatMap(withDescendants)),
    ];
    for (const { urn } of plan.resources) graph.setNode(urn);
    for (const { urn, dependsOn, provider, parent } of plan.resources) {
        for (const earlier of dependsOn) {
            const resource = byUrn.get(earlier);
            for (const each of resource ? withDescendants(resource) : []) {
                graph.setEdge(each, urn);
            }
        }
        for (const earlier of [provider, parent]) {
            if (earlier !== null && byUrn.has(earlier)) graph.setEdge(earlier, urn);
        }
    }
    return graph;
}

/** The URNs of a graph, each after all it waits for. Throws an `OperationError` that names what waits for itself. */
export function inOrder(graph: Graph, nameOf: (urn: string) => string): string[] {
    const [cycle] = alg.findCycles(graph);
    if (cycle) {
        throw new OperationError(
            `The plan has resources that wait for each other: ${cycle.map(nameOf).toSorted().join(", ")}.`,
        );
    }
    return alg.topsort(graph);
}
