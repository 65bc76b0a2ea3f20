import { appLabel, type Tier } from "../../kubernetes/labels.ts";
import { recorded } from "../recordingRules.ts";
import { selectors } from "../selectors.ts";
import { type ClassicDashboard, dashboard } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { graph, list, states } from "./panels.ts";
import { range, rows } from "./targets.ts";

function deploymentPanel(namespace: string, tier: Tier, width: number) {
    const ofDeployment = (metric: string) =>
        `max(kube_deployment_${metric}{namespace="${namespace}", deployment="${appLabel}-${tier}"})`;
    return graph({
        title: `${tier}: pods in a rollout`,
        description:
            "In a rollout the updated pods rise to the wanted number while the available ones never fall below it.",
        unit: "none",
        width,
        targets: [
            range(ofDeployment("spec_replicas"), "wanted"),
            range(ofDeployment("status_replicas_updated"), "updated"),
            range(ofDeployment("status_replicas_available"), "available"),
            range(ofDeployment("status_replicas_unavailable"), "unavailable"),
        ],
    });
}

/** How a rollout goes, and whether pods stay up between them. */
export function rollouts(args: DashboardArgs): ClassicDashboard {
    const { namespace, autoscaled, singletons } = args.rules;
    const { deployments, containers, budgets } = selectors(args.rules);
    const tiers = [...autoscaled, ...singletons];
    const own = `namespace="${namespace}"`;
    const perBudget = (metric: string) =>
        `max by (poddisruptionbudget) (kube_poddisruptionbudget_status_${metric}{${budgets}})`;
    const probes = `job="kubelet", metrics_path="/metrics/probes", ${containers}, result="failed"`;
    return dashboard(args, {
        slug: "rollouts",
        title: "Rollouts and availability",
        description:
            "For whoever deploys: does the new version come up, and does the old one serve meanwhile.",
        sections: [
            {
                title: "Rollouts",
                panels: [
                    ...tiers.map((tier) => deploymentPanel(namespace, tier, 24 / tiers.length)),
                    graph({
                        title: "Ready pods of each revision",
                        description:
                            "One ReplicaSet for each version; in a rollout the new one takes over from the old one.",
                        unit: "none",
                        stacked: true,
                        width: 12,
                        targets: [
                            range(
                                `max by (replicaset) (kube_replicaset_status_ready_replicas{${own}, replicaset=~"${tiers.map((tier) => `${appLabel}-${tier}`).join("|")}-.+"}) > 0`,
                                "{{replicaset}}",
                            ),
                        ],
                    }),
                    states({
                        title: "Do rollouts go on?",
                        description:
                            "Progressing: the rollout is done or goes on (DeploymentRolloutStuck). Available: as many pods as the rollout must leave can answer.",
                        words: ["yes", "no"],
                        bad: 0,
                        width: 12,
                        targets: [
                            range(
                                `max by (deployment, condition) (kube_deployment_status_condition{${deployments}, condition=~"Available|Progressing", status="true"})`,
                                "{{deployment}} {{condition}}",
                            ),
                        ],
                    }),
                ],
            },
            {
                title: "Pods that do not answer",
                panels: [
                    graph({
                        title: "Containers that do not run, by reason",
                        description:
                            "ImagePullBackOff: the image is not there. CreateContainerConfigError: a Secret or ConfigMap is missing. CrashLoopBackOff: see the logs.",
                        unit: "none",
                        stacked: true,
                        targets: [
                            range(
                                `sum by (reason) (kube_pod_container_status_waiting_reason{${containers}})`,
                                "{{reason}}",
                            ),
                        ],
                    }),
                    graph({
                        title: "Pods that are not ready",
                        description:
                            "Not ready: the probe fails or the load balancer's target is not healthy. No node: nothing has room for them. Pods of finished Jobs are not counted.",
                        unit: "none",
                        targets: [
                            range(
                                `sum(max by (pod) (kube_pod_status_ready{${own}, condition="false"}) * max by (pod) (kube_pod_status_phase{${own}, phase="Running"}))`,
                                "not ready",
                            ),
                            range(`sum(kube_pod_status_unschedulable{${own}})`, "no node"),
                            range(`sum(kube_pod_status_phase{${own}, phase="Failed"})`, "failed"),
                        ],
                    }),
                    graph({
                        title: "Failed probes",
                        description:
                            "In 10 minutes. Readiness: the pod gets no requests. Liveness: the container is restarted. Startup: it is not up yet.",
                        unit: "none",
                        bars: true,
                        stacked: true,
                        targets: [
                            range(
                                `sum by (container, probe_type) (increase(prober_probe_total{${probes}}[10m]))`,
                                "{{container}} {{probe_type}}",
                            ),
                        ],
                    }),
                    graph({
                        title: "Restarts",
                        description: "Restarts of each pod's container in 10 minutes (HighPodRestartRate).",
                        unit: "none",
                        bars: true,
                        stacked: true,
                        width: 12,
                        targets: [range(`sum by (pod) (${recorded.restarts}{${containers}}) > 0`, "{{pod}}")],
                    }),
                    list({
                        title: "Why containers ended last",
                        description:
                            "Of each container that has ended at least once. OOMKilled: its memory limit. Error: the application ended by itself.",
                        columns: ["pod", "container", "reason"],
                        noValue: "No container has ended.",
                        width: 12,
                        targets: [
                            rows(`kube_pod_container_status_last_terminated_reason{${containers}} == 1`),
                        ],
                    }),
                ],
            },
            {
                title: "Drains of nodes",
                panels: [
                    graph({
                        title: "Evictions allowed",
                        description:
                            "Pods that may be evicted now. With 0 for long no node with these pods can be drained (DisruptionBudgetBlocksDrains).",
                        unit: "none",
                        width: 12,
                        targets: [range(perBudget("pod_disruptions_allowed"), "{{poddisruptionbudget}}")],
                    }),
                    graph({
                        title: "Healthy pods and the budget's least",
                        description: "Healthy pods of each PodDisruptionBudget, and those that it keeps.",
                        unit: "none",
                        width: 12,
                        targets: [
                            range(perBudget("current_healthy"), "{{poddisruptionbudget}} healthy"),
                            range(perBudget("desired_healthy"), "{{poddisruptionbudget}} kept"),
                        ],
                    }),
                ],
            },
        ],
    });
}
