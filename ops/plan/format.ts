import Table from "cli-table3";
import { stringify } from "yaml";

import type { Plan, PlannedResource } from "./model.ts";

interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
}

/** The Kubernetes objects of a plan, in an order in which each comes after what it depends on. */
export function kubernetesObjects(plan: Plan): KubernetesObject[] {
    return plan.resources
        .filter(
            ({ type, inputs }) =>
                type.startsWith("kubernetes:") && "apiVersion" in inputs && "kind" in inputs,
        )
        .map(({ inputs }) => inputs as unknown as KubernetesObject);
}

/** The Kubernetes objects as one YAML stream for `kubectl apply -f -`. */
export function formatYaml(plan: Plan): string {
    return kubernetesObjects(plan)
        .map((object) => `---\n${stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
        .join("");
}

function objectName({ inputs }: PlannedResource): string {
    const metadata = inputs["metadata"] as { name?: string; namespace?: string } | undefined;
    if (metadata?.name === undefined) return "";
    return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** A table for people: every resource below its component. */
export function formatTable(plan: Plan): string {
    const children = Map.groupBy(plan.resources, ({ parent }) => parent);
    const table = new Table({
        head: ["Resource", "Type", "Object"],
        style: { head: [], border: [], compact: true },
    });
    const add = (resource: PlannedResource, depth: number): void => {
        const protection = resource.protect ? " (protected)" : "";
        table.push([
            `${"  ".repeat(depth)}${resource.name}${protection}`,
            resource.type,
            objectName(resource),
        ]);
        for (const child of children.get(resource.urn) ?? []) add(child, depth + 1);
    };
    for (const root of children.get(null) ?? []) add(root, 0);
    const custom = plan.resources.filter((resource) => resource.custom).length;
    const components = plan.resources.length - custom;
    return `${table.toString()}\n${custom} resources in ${components} components\n`;
}
