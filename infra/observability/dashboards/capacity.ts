import { recorded } from "../recordingRules.ts";
import { type ClassicDashboard, dashboard, type Section } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { graph } from "./panels.ts";
import { range } from "./targets.ts";

/** What nodes have and what pods have asked for, of one resource. */
function requested(title: string, resource: "cpu" | "memory", unit: string) {
    return graph({
        title,
        description:
            "What all nodes have for pods and what pods have asked for, by namespace. The gap is what fits without a new node, if no single node is full.",
        unit,
        stacked: true,
        targets: [
            range(
                `sum by (namespace) (namespace_${resource}:kube_pod_container_resource_requests:sum)`,
                "{{namespace}}",
            ),
            range(
                `sum(kube_node_status_allocatable{resource="${resource}"}) - sum(namespace_${resource}:kube_pod_container_resource_requests:sum)`,
                "free",
            ),
        ],
    });
}

function karpenterSection(): Section {
    const perPool = (metric: string, resource: string) =>
        `max by (nodepool) (karpenter_nodepools_${metric}{resource_type="${resource}"})`;
    const used = (title: string, resource: "cpu" | "memory", unit: string) =>
        graph({
            title,
            description:
                "What the nodes of each NodePool have, and the limit beyond which Karpenter makes none.",
            unit,
            targets: [
                range(perPool("usage", resource), "{{nodepool}}"),
                range(perPool("limit", resource), "{{nodepool}} limit"),
            ],
        });
    return {
        title: "Karpenter",
        panels: [
            used("CPU of the NodePools", "cpu", "short"),
            used("Memory of the NodePools", "memory", "bytes"),
            graph({
                title: "Nodes of the NodePools",
                description: "The system nodes are not Karpenter's.",
                unit: "none",
                stacked: true,
                targets: [range(perPool("usage", "nodes"), "{{nodepool}}")],
            }),
            graph({
                title: "Nodes ordered",
                description: "In 10 minutes, by why they were needed.",
                unit: "none",
                bars: true,
                stacked: true,
                targets: [
                    range(
                        "sum by (nodepool, reason) (increase(karpenter_nodeclaims_created_total[10m]))",
                        "{{nodepool}} {{reason}}",
                    ),
                ],
            }),
            graph({
                title: "Nodes taken away",
                description:
                    "In 10 minutes, by reason. Underutilized and Empty save money; Drifted and Expired renew nodes; spot interruptions are AWS's.",
                unit: "none",
                bars: true,
                stacked: true,
                targets: [
                    range(
                        "sum by (nodepool, reason) (increase(karpenter_nodeclaims_disrupted_total[10m]))",
                        "{{nodepool}} {{reason}}",
                    ),
                ],
            }),
            graph({
                title: "Failed launches",
                description:
                    "In 10 minutes, by error. InsufficientCapacity: AWS has no such machine, others are tried (NodeLaunchFailing).",
                unit: "none",
                bars: true,
                stacked: true,
                targets: [range(recorded.launchErrors, "{{error}}")],
            }),
        ],
    };
}

/** Nodes: what there is, what is asked for, what is missing. */
export function capacity(args: DashboardArgs): ClassicDashboard {
    const { thresholds } = args.rules;
    return dashboard(args, {
        slug: "capacity",
        title: "Nodes and capacity",
        description:
            "What the nodes have, what the pods ask for, and whether new nodes come when they are needed.",
        sections: [
            {
                title: "Pods and nodes",
                panels: [
                    requested("CPU asked for", "cpu", "short"),
                    requested("Memory asked for", "memory", "bytes"),
                    graph({
                        title: "Pods that wait",
                        description:
                            "Pending pods by namespace: they find no node, or their images are being pulled.",
                        unit: "none",
                        stacked: true,
                        targets: [
                            range(
                                'sum by (namespace) (kube_pod_status_phase{phase="Pending"}) > 0',
                                "{{namespace}}",
                            ),
                        ],
                    }),
                    graph({
                        title: "Nodes",
                        description:
                            "Nodes there are, those that are ready, and those that are cordoned for a drain.",
                        unit: "none",
                        targets: [
                            range("count(kube_node_info)", "there are"),
                            range(
                                'sum(kube_node_status_condition{condition="Ready", status="true"})',
                                "ready",
                            ),
                            range("sum(kube_node_spec_unschedulable)", "cordoned"),
                        ],
                    }),
                    graph({
                        title: "CPU use of the nodes",
                        description: "Share of the CPU that is in use on each node.",
                        unit: "percentunit",
                        max: 1,
                        targets: [range("instance:node_cpu_utilisation:rate5m", "{{instance}}")],
                    }),
                    graph({
                        title: "Memory use of the nodes",
                        description:
                            "Share of the memory that is in use on each node. Near 1 the kubelet evicts pods.",
                        unit: "percentunit",
                        max: 1,
                        targets: [range("instance:node_memory_utilisation:ratio", "{{instance}}")],
                    }),
                ],
            },
            ...(args.karpenter ? [karpenterSection()] : []),
            {
                title: "Volumes",
                panels: [
                    graph({
                        title: "Free space of the volumes",
                        description:
                            "Share of each volume of the application and of monitoring that is free. At the line VolumeFillingUp begins; monitoring's volumes alert by their trend (KubePersistentVolumeFillingUp).",
                        unit: "percentunit",
                        width: 24,
                        max: 1,
                        limit: { below: thresholds.volumeFree },
                        targets: [range(recorded.volumeFree, "{{namespace}} {{persistentvolumeclaim}}")],
                    }),
                ],
            },
        ],
    });
}
