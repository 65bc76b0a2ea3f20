import { nodeGroups, ofType } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import { type CostItem, costItem } from "./items.ts";
import { instancePrice, listPrices } from "./listPrices.ts";
import { workloadNodes } from "./workloadNodes.ts";

/** Control plane, nodes and their volumes. */
export function computeCosts(plan: Plan): CostItem[] {
    const workload = workloadNodes(plan);
    return [
        ...costItem(
            "EKS control plane",
            ofType(plan, "eks:index:Cluster").length,
            listPrices.controlPlane,
            "in standard support; extended support costs six times as much",
        ),
        ...nodeGroups(plan).flatMap(({ name, instanceType, count, volumeGiB }) => [
            ...costItem(`Nodes of group ${name}, ${instanceType}`, count, instancePrice(instanceType)),
            ...costItem(`Volumes of group ${name}, GB`, count * volumeGiB, listPrices.gp3),
        ]),
        ...(workload
            ? [
                  ...costItem(
                      `Nodes for the workloads, ${workload.instanceType}`,
                      workload.count,
                      instancePrice(workload.instanceType),
                      workload.pool.capacityTypes.includes("spot")
                          ? "fewest pods; at the on-demand price, spot is often 50–65 % less"
                          : "fewest pods",
                  ),
                  ...costItem(
                      "Volumes of these nodes, GB",
                      workload.count * workload.pool.volumeGiB,
                      listPrices.gp3,
                  ),
              ]
            : []),
    ];
}
