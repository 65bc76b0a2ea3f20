import { criticalPath } from "../criticalPath/criticalPath.ts";
import { formatSeconds } from "../criticalPath/format.ts";
import { monthlyCosts } from "../costs/monthlyCosts.ts";
import { nodeGroups, nodePools, ofType, podGroups, textAt, zones } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";

function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function range(least: number, most: number): string {
    return least === most ? String(least) : `${least}–${most}`;
}

/** How big the stacks are, side by side. */
export function sizesTable(plans: readonly Plan[]): string {
    const workloads = [...new Set(plans.flatMap((plan) => podGroups(plan).map(({ name }) => name)))].sort();
    const row = (title: string, of: (plan: Plan) => string): string[] => [
        title,
        ...plans.map((plan) => of(plan) || "–"),
    ];
    return table(
        ["", ...plans.map(({ stack }) => `\`${stack}\``)],
        [
            row("VPC", (plan) =>
                ofType(plan, "awsx:ec2:Vpc")
                    .flatMap(({ inputs }) => textAt(inputs, "cidrBlock") ?? [])
                    .join(", "),
            ),
            row("Zones", (plan) => zones(plan).join(", ")),
            row("NAT gateways", (plan) => String(ofType(plan, "aws:ec2/natGateway:NatGateway").length)),
            row("Kubernetes", (plan) =>
                ofType(plan, "eks:index:Cluster")
                    .flatMap(({ inputs }) => textAt(inputs, "version") ?? [])
                    .join(", "),
            ),
            row("System nodes", (plan) =>
                nodeGroups(plan)
                    .map(({ count, instanceType }) => `${count} × ${instanceType}`)
                    .join(", "),
            ),
            row("Node pools", (plan) =>
                nodePools(plan)
                    .map(({ name }) => name)
                    .join(", then "),
            ),
            row("Instance types", (plan) => (nodePools(plan)[0]?.instanceTypes ?? []).join(", ")),
            ...workloads.map((workload) =>
                row(`Pods of ${workload}`, (plan) =>
                    podGroups(plan)
                        .filter(({ name }) => name === workload)
                        .map(({ minReplicas, maxReplicas }) => range(minReplicas, maxReplicas))
                        .join(),
                ),
            ),
            row(
                "First creation, typically",
                (plan) => `${formatSeconds(criticalPath(plan).totalSeconds)} min`,
            ),
            row("USD a month, about", (plan) => monthlyCosts(plan).totalUsd.toFixed(0)),
        ],
    );
}

/** Kinds of resources by how many there are: `3 NatGateway`. */
function kinds(types: string[]): string {
    return [...Map.groupBy(types, (type) => type.slice(type.lastIndexOf(":") + 1))]
        .map(([kind, all]) => (all.length === 1 ? kind : `${all.length} ${kind}`))
        .sort((left, right) => left.replace(/^\d+ /, "").localeCompare(right.replace(/^\d+ /, ""), "en"))
        .join(", ");
}

/** The components of a stack by layer, with what is in each; what has no component of its own comes last. */
export function layersTable(plan: Plan): string {
    const children = Map.groupBy(plan.resources, ({ parent }) => parent);
    const below = (urn: string): string[] =>
        (children.get(urn) ?? []).flatMap((each) => [
            ...(each.type.startsWith("spywatcher:") || each.type.startsWith("pulumi:") ? [] : [each.type]),
            ...below(each.urn),
        ]);
    const [root] = children.get(null) ?? [];
    const top = children.get(root?.urn ?? null) ?? [];
    const isComponent = (type: string): boolean => type.startsWith("spywatcher:");
    const loose = top.filter(({ type }) => !isComponent(type) && !type.startsWith("pulumi:"));
    const rows = top
        .filter(({ type }) => isComponent(type))
        .map(({ type, name, urn }) => [type.split(":")[1] ?? "", `\`${name}\``, kinds(below(urn))])
        .toSorted(
            (left, right) =>
                layerRank(left[0]) - layerRank(right[0]) || left.join().localeCompare(right.join(), "en"),
        );
    return table(
        ["Layer", "Component", "Resources"],
        [
            ...rows.filter(([, , content]) => content !== ""),
            ...(loose.length === 0
                ? []
                : [["", "of the stack itself", kinds(loose.map(({ type }) => type))]]),
        ],
    );
}

/** Lowest layer first. */
const layers = ["network", "cluster", "platform", "data", "edge", "app", "observability"];

function layerRank(layer: string | undefined): number {
    const rank = layers.indexOf(layer ?? "");
    return rank < 0 ? layers.length : rank;
}

/** The longest chain of a first creation. */
export function creationTable(plan: Plan): string {
    return table(
        ["Starts at", "Takes", "Resource", "Type"],
        criticalPath(plan)
            .chain.filter(({ seconds }) => seconds >= 1)
            .map(({ start, seconds, name, type }) => [
                formatSeconds(start),
                formatSeconds(seconds),
                `\`${name}\``,
                `\`${type}\``,
            ]),
    );
}
