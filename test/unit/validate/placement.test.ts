import { kinds } from "../../../ops/validate/kinds.ts";
import { brokenCases } from "../../support/brokenCases.ts";

describe("validate: pods, capacity and the plan", () => {
    brokenCases("local", [
        {
            name: "a pod without metrics",
            break: (each) => each.remove(kinds.podMetrics, "redis-2"),
            expected: ["fail pod-metrics: StatefulSet redis: 1 of 1 pods have no metrics: redis-2"],
        },
        {
            name: "a young pod without metrics",
            break: (each) => {
                each.remove(kinds.podMetrics, "redis-2");
                each.the(kinds.pods, "redis-2").metadata.creationTimestamp = "2026-11-25T11:59:30Z";
            },
            expected: ["warn pod-metrics: StatefulSet redis: 1 of 1 pods have no metrics: redis-2"],
        },
        {
            name: "pods on one node",
            break: (each) => (each.the(kinds.pods, "spywatcher-backend-1").spec.nodeName = "node-a"),
            expected: [
                "fail spread: Deployment spywatcher-backend: all in one of 3 zones: a 2; all in one of 3 nodes: node-a 2",
            ],
        },
        {
            name: "a cluster in one zone",
            break: (each) => {
                for (const node of each.all(kinds.nodes))
                    node.metadata.labels = { "topology.kubernetes.io/zone": "a" };
            },
            expected: ["frontend", "backend"].map(
                (tier) =>
                    `warn spread: Deployment spywatcher-${tier}: there is one zone only: a 2; nodes: node-a 1, node-b 1`,
            ),
        },
        {
            name: "nodes without room",
            break: (each) => {
                for (const node of each.all(kinds.nodes).slice(1)) node.status.allocatable.cpu = "1";
            },
            expected: [
                "fail capacity: Nodes: no room for 3 of Deployment spywatcher-backend at the maximum (1.5 CPU, 1536Mi)",
            ],
        },
        {
            name: "a quota that is used up",
            break: (each) =>
                (each.the(kinds.resourceQuotas, "spywatcher-quota").status.used["requests.cpu"] = "16"),
            expected: [
                "fail capacity: ResourceQuota spywatcher-quota: has no room for the maximum in requests.cpu (16 used, 4.9 to come, 20 allowed)",
            ],
        },
        {
            name: "a quota whose limits and number of pods are used up",
            break: (each) => {
                const { status } = each.the(kinds.resourceQuotas, "spywatcher-quota");
                Object.assign(status.hard, {
                    pods: "15",
                    "requests.storage": "1Gi",
                });
                Object.assign(status.used, { "limits.memory": "75Gi", pods: "6", "requests.storage": "1Gi" });
            },
            expected: [
                "fail capacity: ResourceQuota spywatcher-quota: has no room for the maximum in limits.memory (76800Mi used, 10240Mi to come, 80Gi allowed) and pods (6 used, 13 to come, 15 allowed)",
            ],
        },
        {
            name: "a quota that holds all but the pods that wait for a node, which it has counted already",
            break: (each) => {
                for (const pod of each.all(kinds.pods)) {
                    if (pod.metadata.name === "spywatcher-backend-1") delete pod.spec.nodeName;
                }
                // The 4.9 CPU of the 13 pods that do not exist fit exactly.
                each.the(kinds.resourceQuotas, "spywatcher-quota").status.used["requests.cpu"] = "15.1";
            },
            expected: [],
        },
        {
            name: "a surge in percent that no node holds",
            break: (each) => {
                each.the(kinds.deployments, "spywatcher-backend").spec.strategy.rollingUpdate.maxSurge =
                    "95%";
                for (const node of each.all(kinds.nodes)) node.status.allocatable.cpu = "2";
            },
            expected: [
                "fail deployments: Deployment spywatcher-backend: spec.strategy.rollingUpdate.maxSurge is 95%, planned 1",
                "fail capacity: Nodes: no room for 12 of Deployment spywatcher-backend at the maximum (6 CPU, 6144Mi)",
            ],
        },
        {
            name: "a changed image and a changed label",
            break: (each) => {
                const deployment = each.the(kinds.deployments, "spywatcher-backend");
                deployment.spec.template.spec.containers[0].image = "other:1";
                delete deployment.metadata.labels.tier;
            },
            expected: [
                "fail plan: Deployment spywatcher/spywatcher-backend: metadata.labels.tier is absent, planned backend; spec.template.spec.containers[backend].image is other:1, planned ghcr.io/subculture-collective/spywatcher-backend:main-5ba1910",
            ],
        },
        {
            name: "false and 0 that were taken away, where that means something else",
            break: (each) => {
                const { template } = each.the(kinds.deployments, "spywatcher-backend").spec;
                delete template.spec.enableServiceLinks;
                delete template.spec.containers[0].securityContext.allowPrivilegeEscalation;
                // The same as 0, which the API server leaves out.
                delete template.spec.containers[0].startupProbe.initialDelaySeconds;
            },
            expected: [
                "fail plan: Deployment spywatcher/spywatcher-backend: spec.template.spec.containers[backend].securityContext.allowPrivilegeEscalation is absent, planned false; spec.template.spec.enableServiceLinks is absent, planned false",
            ],
        },
        {
            name: "what was added to pods, but not of the API server's defaults and a restart",
            break: (each) => {
                const { template } = each.the(kinds.deployments, "spywatcher-backend").spec;
                Object.assign(template.spec, {
                    hostNetwork: true,
                    securityContext: {
                        ...template.spec.securityContext,
                        sysctls: [{ name: "a", value: "1" }],
                    },
                    dnsPolicy: "ClusterFirst",
                    schedulerName: "default-scheduler",
                    serviceAccount: template.spec.serviceAccountName,
                });
                Object.assign(template.spec.containers[0], {
                    command: ["sleep"],
                    terminationMessagePath: "/dev/termination-log",
                    stdin: true,
                });
                template.metadata.creationTimestamp = null;
                template.metadata.annotations = {
                    ...template.metadata.annotations,
                    "kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z",
                };
            },
            expected: [
                'fail plan: Deployment spywatcher/spywatcher-backend: spec.template.spec.containers[backend].command is ["sleep"], planned absent; spec.template.spec.containers[backend].stdin is true, planned absent; spec.template.spec.securityContext.sysctls is [{"name":"a","value":"1"}], planned absent; and 1 more',
            ],
        },
        {
            name: "a rule that is gone",
            break: (each) => each.remove(kinds.rules, "spywatcher-ingress"),
            expected: ["fail plan: PrometheusRule spywatcher/spywatcher-ingress: does not exist"],
        },
    ]);
});
