import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { isReady, livePods, namesOf } from "../pods.ts";

/** Milliseconds after its start in which a pod may be without metrics: two rounds of metrics-server and a slow start. */
const graceMs = 60_000;

export const podMetrics: Check = {
    name: "pod-metrics",
    title: "The metrics API knows CPU and memory of every ready pod.",
    needs: ["namespace", "metrics-api"],
    run({ cluster, planned, now }) {
        const known = new Set(cluster.list(kinds.podMetrics).map(({ metadata }) => metadata.name));
        const pods = cluster.list(kinds.pods);
        return planned.runners().flatMap((runner): Outcome[] => {
            const live = cluster.runner(runner);
            if (!live) return [];
            const object = objectName(runner);
            const ready = livePods(pods, live.spec?.selector).filter(isReady);
            const unknown = ready.filter(({ metadata }) => !known.has(metadata?.name));
            if (unknown.length === 0) {
                return [{ object, status: "pass", message: `${ready.length} of ${ready.length} pods` }];
            }
            const age = ({ metadata }: (typeof ready)[number]): number =>
                now - new Date(metadata?.creationTimestamp ?? 0).getTime();
            const young = unknown.every((pod) => age(pod) < graceMs);
            return [
                {
                    object,
                    status: young ? "warn" : "fail",
                    message: `${unknown.length} of ${ready.length} pods have no metrics: ${namesOf(unknown)}`,
                    remedy: young
                        ? "They are younger than a minute; wait, or use --watch."
                        : "Look at metrics-server's log for their node: kubectl -n kube-system logs deploy/metrics-server.",
                },
            ];
        });
    },
};
