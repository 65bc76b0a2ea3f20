import { installsMonitoring } from "../../../stacks/features.ts";
import { kinds, type Prometheus } from "../kinds.ts";
import type { Context, Outcome } from "../model.ts";

/** The Prometheis there are, or the one outcome when there is none: a failure only where the program installs it. */
export function prometheuses({ cluster, config }: Context): Prometheus[] | Outcome {
    const found = cluster.listIfKnown(kinds.prometheuses) ?? [];
    if (found.length > 0) return found;
    const object = "Prometheus";
    if (!installsMonitoring(config)) {
        const message = "the stack does not install monitoring, and the cluster has no Prometheus object";
        return { object, status: "skip", message };
    }
    const remedy = `Bring the stack up, and look at kubectl -n ${config.monitoring.namespace} get pods.`;
    return { object, status: "fail", message: "does not exist", remedy };
}
