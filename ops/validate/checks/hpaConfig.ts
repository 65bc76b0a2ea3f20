import { describeDifferences, differences } from "../differences.ts";
import { kinds } from "../kinds.ts";
import { absent, type Check, objectName, tell } from "../model.ts";

export const hpaConfig: Check = {
    name: "hpa-config",
    title: "Bounds, metrics and behaviour of every HPA are the planned ones.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        return planned.of(kinds.autoscalers).map((hpa) => {
            const object = objectName(hpa);
            const live = cluster.find(kinds.autoscalers, hpa.metadata?.name);
            if (!live) return absent(object);
            const found = differences(hpa.spec, live.spec, "spec");
            if (found.length > 0) {
                return {
                    object,
                    status: "fail",
                    message: describeDifferences(found),
                    remedy: "Bring the stack up, or change app.<workload>.autoscaling.",
                    tells: tell(
                        object,
                        found.map(({ path }) => path),
                    ),
                };
            }
            const { minReplicas, maxReplicas, metrics = [] } = live.spec;
            const names = metrics.map(
                ({ type, resource, pods }) => resource?.name ?? pods?.metric.name ?? type,
            );
            const message = `${minReplicas ?? 1}–${maxReplicas} replicas by ${names.join(", ")}`;
            return { object, status: "pass", message };
        });
    },
};
