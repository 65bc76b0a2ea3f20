import { appLabel } from "../kubernetes/labels.ts";
import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { perHpa, selectors } from "./selectors.ts";

const hpa = "{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }}";

/** What the HorizontalPodAutoscalers do, and what they cannot do. */
export function autoscalingRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { hpas } = selectors(args);
    const { hotCpuOverTarget, scalingReversals, highPodCount } = args.thresholds;
    const current = perHpa(`kube_horizontalpodautoscaler_status_current_replicas{${hpas}}`);
    const minimum = perHpa(`kube_horizontalpodautoscaler_spec_min_replicas{${hpas}}`);
    const maximum = perHpa(`kube_horizontalpodautoscaler_spec_max_replicas{${hpas}}`);
    const cpu = `${hpas}, metric_name="cpu", metric_target_type="utilization"`;
    const desired = perHpa(`kube_horizontalpodautoscaler_status_desired_replicas{${hpas}}`);
    const desiredBefore = perHpa(`kube_horizontalpodautoscaler_status_desired_replicas{${hpas}} offset 1m`);
    return {
        name: "spywatcher-autoscaling",
        rules: [
            alertRule(args, {
                alert: "HPAMaxedOut",
                // Above the minimum: an HPA whose minimum is its maximum is pinned on purpose.
                expr: `${current} >= ${maximum}\nand ${current} > ${minimum}`,
                for: "15m",
                severity: "warning",
                summary: "An HPA has run at its maximum.",
                description: `${hpa} has run {{ $value }} pods, its maximum, for 15 minutes; more load finds no more pods.`,
            }),
            alertRule(args, {
                alert: "HPAAtMinimumButHighCPU",
                expr:
                    `${perHpa(`kube_horizontalpodautoscaler_status_target_metric{${cpu}}`)}\n` +
                    `/ ${perHpa(`kube_horizontalpodautoscaler_spec_target_metric{${cpu}}`)} > ${hotCpuOverTarget}\n` +
                    `and ${current} <= ${minimum}`,
                for: "10m",
                severity: "warning",
                summary: "An HPA stays at its minimum although CPU use is above its target.",
                description: `${hpa} stays at its minimum although CPU use is at {{ $value | humanizePercentage }} of its target.`,
            }),
            alertRule(args, {
                alert: "HPAMetricsUnavailable",
                // With no pods at all the condition is false as well: the HPA is switched off, not blind.
                expr:
                    `${perHpa(`kube_horizontalpodautoscaler_status_condition{${hpas}, condition="ScalingActive", status="false"}`)} == 1\n` +
                    `and ${current} > 0`,
                for: "5m",
                severity: "critical",
                summary: "An HPA cannot read its metrics and does not scale.",
                description: `${hpa} has had no metrics for 5 minutes: the number of pods no longer follows the load.`,
            }),
            alertRule(args, {
                alert: "FrequentScaling",
                // The direction of each step, where there is one, and how often it changes. A ramp of any length has one.
                expr: `changes((sgn(${desired} - ${desiredBefore}) != 0)[30m:1m]) >= ${scalingReversals}`,
                for: "30m",
                severity: "warning",
                summary: "An HPA goes up and down again and again.",
                description: `${hpa} turned from up to down, or back, {{ $value }} times in 30 minutes.`,
            }),
            alertRule(args, {
                alert: "HighPodCountSustained",
                expr: `${current} / ${maximum} > ${highPodCount}\nand ${current} > ${minimum}`,
                for: "2h",
                severity: "warning",
                summary: "An HPA has run near its maximum for two hours.",
                description: `${hpa} has run {{ $value | humanizePercentage }} of its maximum for two hours: the maximum, or the price, needs a look.`,
            }),
            capacityRule(args),
        ],
    };
}

function capacityRule(args: RuleArgs): AlertRule {
    const tiers = `${appLabel}-(?:${args.autoscaled.join("|")})`;
    const unschedulable = `kube_pod_status_unschedulable{namespace="${args.namespace}", pod=~"${tiers}-.+"}`;
    return alertRule(args, {
        alert: "ScalingBlockedByCapacity",
        // A new node needs a minute or two. Pods that have a node and start slowly are not counted.
        expr:
            "sum by (namespace, deployment) (label_replace(\n" +
            `max by (namespace, pod) (${unschedulable}),\n` +
            `"deployment", "$1", "pod", "(${tiers})-[^-]+-[^-]+")) > 0`,
        for: "10m",
        severity: "warning",
        summary: "Pods of an autoscaled workload find no node.",
        description:
            "Pods of {{ $labels.namespace }}/{{ $labels.deployment }} that have found no node for 10 minutes: {{ $value }}. Scaling and rollouts wait.",
    });
}
