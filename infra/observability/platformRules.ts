import { appLabel } from "../kubernetes/labels.ts";
import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

/** Volumes, new nodes, and whether the backend's own metrics arrive. */
export function platformRules(args: RuleArgs): RuleGroup<AlertRule> {
    return {
        name: "spywatcher-platform",
        rules: [
            alertRule(args, {
                alert: "VolumeFillingUp",
                expr: `${recorded.volumeFree} < ${args.thresholds.volumeFree}`,
                for: "15m",
                severity: "warning",
                summary: "A volume is nearly full.",
                description:
                    "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its space left.",
            }),
            alertRule(args, {
                alert: "NodeLaunchFailing",
                // Karpenter goes on to other instance types and zones, or tries again within seconds. The window is shorter
                // than `for`, so that a launch that failed once and then went well stays silent.
                expr: 'sum by (error) (increase(karpenter_cloudprovider_errors_total{namespace="kube-system", method="Create"}[10m])) > 0',
                for: "15m",
                severity: "warning",
                summary: "Karpenter cannot launch nodes.",
                description:
                    "Karpenter has failed to launch nodes for 15 minutes: {{ or $labels.error `unknown error` }}. Failures in the last 10 minutes: {{ $value | printf `%.0f` }}.",
            }),
            alertRule(args, {
                alert: "BackendMetricsMissing",
                // Without them the alerts on errors and latency are silent, whatever happens.
                expr: `absent(up{namespace="${args.namespace}", service="${appLabel}-backend"} == 1)`,
                for: "10m",
                severity: "warning",
                summary: "Prometheus gets no metrics from the backend.",
                description:
                    "No backend pod has been scraped for 10 minutes: the alerts on the API's errors and latency are blind.",
            }),
        ],
    };
}
