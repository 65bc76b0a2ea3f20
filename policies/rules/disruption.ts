import type { RuleResource, StackRule, Violation } from "../rule.ts";

type Labels = Record<string, string>;

function matches(selector: Labels, labels: Labels): boolean {
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** How many pods of a workload there are at least. */
function floor(workload: RuleResource, all: readonly RuleResource[]): number {
    const { name, namespace } = workload.props["metadata"] as { name: string; namespace?: string };
    const scaler = all.find(
        ({ type, props }) =>
            type === "kubernetes:autoscaling/v2:HorizontalPodAutoscaler" &&
            props["spec"].scaleTargetRef.kind === workload.props["kind"] &&
            props["spec"].scaleTargetRef.name === name &&
            props["metadata"].namespace === namespace,
    );
    return Number(scaler?.props["spec"].minReplicas ?? workload.props["spec"].replicas ?? 1);
}

/** Pods that must stay, of `pods`: a number or a percentage, which Kubernetes rounds up. */
function amount(value: number | string, pods: number): number {
    return typeof value === "string" && value.endsWith("%")
        ? Math.ceil((pods * Number(value.slice(0, -1))) / 100)
        : Number(value);
}

/** Budgets that let a node be drained. */
export const disruption: StackRule = {
    name: "budget-allows-disruption",
    description:
        "A PodDisruptionBudget lets at least one pod go when there are the fewest. Else no node could be drained or replaced.",
    checkStack: (all) =>
        all.flatMap((budget): Violation[] => {
            if (budget.type !== "kubernetes:policy/v1:PodDisruptionBudget") return [];
            const { metadata, spec } = budget.props;
            const workloads = all.filter(
                ({ type, props }) =>
                    /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.test(type) &&
                    props["metadata"].namespace === metadata.namespace &&
                    matches(spec.selector.matchLabels, props["spec"].template.metadata.labels),
            );
            return workloads.flatMap((workload): Violation[] => {
                const pods = floor(workload, all);
                const may =
                    spec.maxUnavailable === undefined
                        ? pods - amount(spec.minAvailable, pods)
                        : amount(spec.maxUnavailable, pods);
                return may >= 1
                    ? []
                    : [
                          {
                              urn: budget.urn,
                              message: `lets no pod of ${workload.props["kind"]} ${workload.props["metadata"].name} go when there are ${pods}`,
                          },
                      ];
            });
        }),
};
