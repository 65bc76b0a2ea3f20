import { kinds } from "../kinds.ts";
import { type Check, objectName, type Outcome } from "../model.ts";
import { hasCondition, livePods, namesOf } from "../pods.ts";
import { routedDeployments } from "./routed.ts";

const gatePrefix = "target-health.elbv2.k8s.aws/";

export const readinessGates: Check = {
    name: "readiness-gates",
    title: "Pods behind the load balancer wait for their target to be healthy (AWS only).",
    needs: ["namespace"],
    run(context) {
        const { cluster, planned } = context;
        const inAws = cluster.list(kinds.nodes).some(({ spec }) => spec?.providerID?.startsWith("aws:///"));
        if (!inAws) {
            const message = "no node is in AWS: no load balancer injects readiness gates";
            return [{ object: "Pods behind the Ingress", status: "skip", message }];
        }
        const pods = cluster.list(kinds.pods);
        return routedDeployments(context).map((deployment): Outcome => {
            const object = objectName(deployment);
            const all = livePods(pods, deployment.spec?.selector).map((pod) => ({
                pod,
                gates: (pod.spec?.readinessGates ?? []).filter(({ conditionType }) =>
                    conditionType.startsWith(gatePrefix),
                ),
            }));
            const without = all.filter(({ gates }) => gates.length === 0).map(({ pod }) => pod);
            if (without.length > 0) {
                return {
                    object,
                    status: "fail",
                    message: `${without.length} of ${all.length} pods have no readiness gate: ${namesOf(without)}`,
                    remedy: `They are older than their target group, or the controller's webhook missed them: kubectl -n ${planned.namespace} rollout restart deployment ${deployment.metadata?.name ?? ""}.`,
                };
            }
            const waiting = all
                .filter(({ pod, gates }) => !gates.every((gate) => hasCondition(pod, gate.conditionType)))
                .map(({ pod }) => pod);
            if (waiting.length > 0) {
                return {
                    object,
                    status: "fail",
                    message: `the targets of ${waiting.length} of ${all.length} pods are not healthy: ${namesOf(waiting)}`,
                    remedy: "Look at the target group's health in AWS: health check path, security groups, network policy.",
                };
            }
            return { object, status: "pass", message: `${all.length} pods with healthy targets` };
        });
    },
};
