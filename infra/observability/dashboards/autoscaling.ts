import { appLabel, type Tier } from "../../kubernetes/labels.ts";
import { perHpa, selectors } from "../selectors.ts";
import { type ClassicDashboard, dashboard, type Section } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboardArgs.ts";
import { graph, states } from "./panels.ts";
import { range } from "./targets.ts";

function tierSection({ rules, customMetrics }: DashboardArgs, tier: Tier): Section {
    const hpa = `namespace="${rules.namespace}", horizontalpodautoscaler="${appLabel}-${tier}-hpa"`;
    const ofHpa = (metric: string) => perHpa(`kube_horizontalpodautoscaler_${metric}{${hpa}}`);
    const perMetric = (field: "spec" | "status", matchers: string) =>
        `max by (metric_name) (kube_horizontalpodautoscaler_${field}_target_metric{${hpa}, ${matchers}})`;
    const ofResources = 'metric_target_type="utilization"';
    // kube-state-metrics tells the average of resources beside their utilization.
    const ofApplication = 'metric_target_type="average", metric_name!~"cpu|memory"';
    const custom = tier === "backend" && customMetrics;
    return {
        title: tier,
        panels: [
            graph({
                title: `${tier}: pods and bounds`,
                description:
                    "Pods there are and pods the HPA wants, between its bounds. At the maximum more load finds no more pods.",
                unit: "none",
                width: custom ? 8 : 12,
                targets: [
                    range(ofHpa("status_current_replicas"), "there are"),
                    range(ofHpa("status_desired_replicas"), "wanted"),
                    range(ofHpa("spec_min_replicas"), "minimum"),
                    range(ofHpa("spec_max_replicas"), "maximum"),
                ],
            }),
            graph({
                title: `${tier}: use and target`,
                description:
                    "Use over the request, averaged over the pods, as the HPA sees it. It acts when one metric is more than a tenth off its target; the metric that asks for the most pods counts.",
                unit: "percent",
                width: custom ? 8 : 12,
                targets: [
                    range(perMetric("status", ofResources), "{{metric_name}}"),
                    range(perMetric("spec", ofResources), "{{metric_name}} target"),
                ],
            }),
            ...(custom
                ? [
                      graph({
                          title: `${tier}: custom metrics and target`,
                          description: "Metrics of the application for each pod, and their targets.",
                          unit: "short",
                          targets: [
                              range(perMetric("status", ofApplication), "{{metric_name}}"),
                              range(perMetric("spec", ofApplication), "{{metric_name}} target"),
                          ],
                      }),
                  ]
                : []),
        ],
    };
}

/** Why there are as many pods as there are. */
export function autoscaling(args: DashboardArgs): ClassicDashboard {
    const { rules } = args;
    const { hpas } = selectors(rules);
    const desired = `kube_horizontalpodautoscaler_status_desired_replicas{${hpas}}[10m]`;
    const conditions = (matcher: string) =>
        `max by (horizontalpodautoscaler, condition) (kube_horizontalpodautoscaler_status_condition{${hpas}, ${matcher}, status="true"})`;
    return dashboard(args, {
        slug: "autoscaling",
        title: "Autoscaling",
        description: "Why there are as many pods as there are, and whether the HPAs can do their work.",
        sections: [
            ...rules.autoscaled.map((tier) => tierSection(args, tier)),
            {
                title: "Scaling",
                panels: [
                    graph({
                        title: "Steps up",
                        description: `Times the wanted number of pods went up in 10 minutes. ${rules.thresholds.scalingReversals} turns from up to down, or back, in 30 minutes are too many (FrequentScaling).`,
                        unit: "none",
                        bars: true,
                        targets: [
                            range(
                                perHpa(`changes(${desired}) - resets(${desired})`),
                                "{{horizontalpodautoscaler}}",
                            ),
                        ],
                    }),
                    graph({
                        title: "Steps down",
                        description:
                            "Times the wanted number of pods went down in 10 minutes. An HPA goes down one pod a minute, after 5 minutes of less load.",
                        unit: "none",
                        bars: true,
                        targets: [range(perHpa(`resets(${desired})`), "{{horizontalpodautoscaler}}")],
                    }),
                    graph({
                        title: "Pods that find no node",
                        description:
                            "A new node takes a minute or two. Longer means no capacity (ScalingBlockedByCapacity): see the dashboard Nodes and capacity.",
                        unit: "none",
                        targets: [
                            range(
                                `sum(kube_pod_status_unschedulable{namespace="${rules.namespace}"}) or vector(0)`,
                                "pods",
                            ),
                        ],
                    }),
                    states({
                        title: "Can the HPAs work?",
                        description:
                            "AbleToScale: the Deployment can be scaled. ScalingActive: the metrics can be read (HPAMetricsUnavailable).",
                        words: ["yes", "no"],
                        bad: 0,
                        width: 12,
                        targets: [
                            range(
                                conditions('condition!="ScalingLimited"'),
                                "{{horizontalpodautoscaler}} {{condition}}",
                            ),
                        ],
                    }),
                    states({
                        title: "Do the bounds hold an HPA back?",
                        description:
                            "ScalingLimited: the metrics ask for more pods than the maximum or fewer than the minimum. At night the latter is as it should be.",
                        words: ["limited", "free"],
                        bad: 1,
                        width: 12,
                        targets: [
                            range(conditions('condition="ScalingLimited"'), "{{horizontalpodautoscaler}}"),
                        ],
                    }),
                ],
            },
        ],
    });
}
