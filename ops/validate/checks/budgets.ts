import { kinds } from "../kinds.ts";
import { absent, type Check, objectName, tell } from "../model.ts";
import { selects } from "../pods.ts";

export const budgets: Check = {
    name: "pdb",
    title: "Every PodDisruptionBudget covers the pods of its workload and allows at least one disruption.",
    needs: ["namespace"],
    run({ cluster, planned }) {
        const deployments = cluster.list(kinds.deployments);
        return planned.of(kinds.budgets).map((budget) => {
            const object = objectName(budget);
            const live = cluster.find(kinds.budgets, budget.metadata?.name);
            if (!live) {
                return absent(object, "Bring the stack up: a drain could take every pod at once.");
            }
            const pods = deployments
                .filter(({ spec }) => selects(budget.spec?.selector, spec?.template.metadata?.labels))
                .reduce((sum, { spec }) => sum + (spec?.replicas ?? 1), 0);
            const disruptionsAllowed = live.status?.disruptionsAllowed ?? 0;
            const expectedPods = live.status?.expectedPods ?? 0;
            const currentHealthy = live.status?.currentHealthy ?? 0;
            const tells = tell(object, ["spec.minAvailable", "spec.maxUnavailable", "spec.selector"]);
            if (expectedPods < pods) {
                const message = `covers ${expectedPods} of ${pods} pods`;
                const remedy = "Bring the stack up, and compare its selector with the pods' labels.";
                return { object, status: "fail", message, remedy, tells };
            }
            if (disruptionsAllowed < 1) {
                return {
                    object,
                    status: "fail",
                    message: `allows no disruption with ${currentHealthy} of ${expectedPods} pods healthy`,
                    remedy: "A drain would wait for ever. Look for pods that are not ready, else at app.<workload>.disruptionBudget.",
                    tells,
                };
            }
            return {
                object,
                status: "pass",
                message: `${disruptionsAllowed} of ${expectedPods} pods may go`,
            };
        });
    },
};
