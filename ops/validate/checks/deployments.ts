import { describeDifferences, differences } from "../differences.ts";
import type { Runner } from "../kinds.ts";
import { absent, type Check, type Context, objectName, type Outcome, tell } from "../model.ts";

/** How an update goes on; a StatefulSet's is Kubernetes' own. */
function strategy(runner: Runner): unknown {
    return (runner.spec as { strategy?: unknown } | undefined)?.strategy;
}

function faults({ metadata, spec, status }: Runner): string[] {
    const desired = spec?.replicas ?? 1;
    const counts = [
        { name: "updated", count: status?.updatedReplicas ?? 0 },
        { name: "ready", count: status?.readyReplicas ?? 0 },
        { name: "available", count: status?.availableReplicas ?? 0 },
    ];
    const stuck = status?.conditions?.find(
        ({ type, status: value }) => type === "Progressing" && value === "False",
    );
    return [
        ...((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)
            ? ["its controller has not seen the last change"]
            : []),
        ...(desired === 0 ? ["scaled to zero"] : []),
        ...counts
            .filter(({ count }) => count < desired)
            .map(({ name, count }) => `${count} of ${desired} pods are ${name}`),
        ...((status?.replicas ?? 0) > desired ? [`${status?.replicas ?? 0} pods instead of ${desired}`] : []),
        ...(stuck ? [`the rollout makes no progress: ${stuck.message ?? ""}`] : []),
    ];
}

function outcome({ cluster, planned }: Context, runner: Runner): Outcome {
    const object = objectName(runner);
    const live = cluster.runner(runner);
    if (!live) return absent(object);
    const changed = differences(strategy(runner), strategy(live), "spec.strategy");
    const found = [...faults(live), ...(changed.length > 0 ? [describeDifferences(changed)] : [])];
    if (found.length > 0) {
        const { namespace } = planned;
        return {
            object,
            status: "fail",
            message: found.join("; "),
            remedy:
                found.length === 1 && changed.length > 0
                    ? "Bring the stack up: only the planned strategy updates without a gap."
                    : `Look at kubectl -n ${namespace} get pods, and describe one that is not ready.`,
            tells: tell(
                object,
                changed.map(({ path }) => path),
            ),
        };
    }
    const { replicas = 0 } = live.status ?? {};
    return { object, status: "pass", message: `${replicas} of ${replicas} pods updated and available` };
}

export const deployments: Check = {
    name: "deployments",
    title: "Every Deployment and StatefulSet has all its pods updated and available, and the planned strategy.",
    needs: ["namespace"],
    run(context) {
        return context.planned.runners().map((runner) => outcome(context, runner));
    },
};
