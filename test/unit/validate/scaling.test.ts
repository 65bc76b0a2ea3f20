import { kinds } from "../../../ops/validate/kinds.ts";
import { brokenCases } from "../../support/brokenCases.ts";

describe("validate: metrics and HPAs", () => {
    brokenCases("local", [
        {
            name: "a namespace that is being deleted",
            break: (each) => (each.the(kinds.namespaces, "spywatcher").status.phase = "Terminating"),
            expected: ["fail namespace: Namespace spywatcher: is being deleted"],
        },
        {
            name: "no metrics API",
            break: (each) => each.set(kinds.apiServices, []),
            expected: ["fail metrics-api: APIService v1beta1.metrics.k8s.io: does not exist"],
        },
        {
            name: "a metrics API without a server",
            break: (each) => {
                each.all(kinds.apiServices)[0].status.conditions[0] = {
                    type: "Available",
                    status: "False",
                    message: "no endpoints",
                };
            },
            expected: ["fail metrics-api: APIService v1beta1.metrics.k8s.io: is not available: no endpoints"],
        },
        {
            name: "nodes without metrics",
            break: (each) => each.set(kinds.nodeMetrics, []),
            expected: ["fail metrics-api: NodeMetrics: 3 of 3 ready nodes have none: node-a, node-b, node-c"],
        },
        {
            name: "a node without metrics",
            break: (each) => each.remove(kinds.nodeMetrics, "node-b"),
            expected: ["warn metrics-api: NodeMetrics: 1 of 3 ready nodes have none: node-b"],
        },
        {
            name: "an HPA that is gone",
            break: (each) => each.remove(kinds.autoscalers, "spywatcher-backend-hpa"),
            expected: ["fail hpa-config: HorizontalPodAutoscaler spywatcher-backend-hpa: does not exist"],
        },
        {
            name: "another behaviour of an HPA",
            break: (each) => {
                const { spec } = each.the(kinds.autoscalers, "spywatcher-backend-hpa");
                spec.behavior.scaleDown.selectPolicy = "Max";
                spec.metrics.pop();
            },
            expected: [
                "fail hpa-config: HorizontalPodAutoscaler spywatcher-backend-hpa: spec.behavior.scaleDown.selectPolicy is Max, planned Min; spec.metrics has 1 entries, planned 2",
            ],
        },
        {
            name: "an HPA that does not scale",
            break: (each) => {
                const { status } = each.the(kinds.autoscalers, "spywatcher-backend-hpa");
                status.conditions[1] = { type: "ScalingActive", status: "False", message: "no metrics" };
                status.currentMetrics.pop();
                status.currentReplicas = 11;
            },
            expected: [
                "fail hpa-status: HorizontalPodAutoscaler spywatcher-backend-hpa: ScalingActive is False: no metrics; the value of memory is unknown; 11 replicas, outside 2–10",
            ],
        },
        {
            name: "an HPA at its maximum",
            break: (each) =>
                (each.the(kinds.autoscalers, "spywatcher-frontend-hpa").status.currentReplicas = 5),
            expected: [
                "warn hpa-status: HorizontalPodAutoscaler spywatcher-frontend-hpa: at its maximum of 5 replicas: cpu 10%, memory 10%",
            ],
        },
        {
            name: "an HPA whose maximum is not enough",
            break: (each) => {
                const { status } = each.the(kinds.autoscalers, "spywatcher-frontend-hpa");
                status.currentReplicas = 5;
                status.currentMetrics[0].resource.current.averageUtilization = 78;
            },
            expected: [
                "fail hpa-status: HorizontalPodAutoscaler spywatcher-frontend-hpa: at its maximum of 5 replicas, which is not enough: cpu 78% (target 70%)",
            ],
        },
        {
            name: "an HPA that wants more than there are",
            break: (each) =>
                (each.the(kinds.autoscalers, "spywatcher-frontend-hpa").status.desiredReplicas = 3),
            expected: [
                "warn hpa-status: HorizontalPodAutoscaler spywatcher-frontend-hpa: 2 replicas, 3 wanted: cpu 10%, memory 10%",
            ],
        },
        {
            name: "an HPA that lets a metric be above what its target tolerates",
            break: (each) => {
                const { status } = each.the(kinds.autoscalers, "spywatcher-backend-hpa");
                status.currentMetrics[1].resource.current.averageUtilization = 89;
                status.desiredReplicas = 2;
                each.the(
                    kinds.autoscalers,
                    "spywatcher-frontend-hpa",
                ).status.currentMetrics[0].resource.current.averageUtilization = 77;
            },
            expected: [
                "warn hpa-status: HorizontalPodAutoscaler spywatcher-backend-hpa: 2 replicas and no more wanted: memory 89% (target 80%)",
            ],
        },
    ]);
});
