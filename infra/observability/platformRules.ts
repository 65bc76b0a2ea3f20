import { appLabel } from "../kubernetes/labels.ts";
import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

const volumeLeft =
    "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its space left.";

/** Volumes, new nodes, and whether the metrics arrive that the alerts read. */
export function platformRules(args: RuleArgs): RuleGroup<AlertRule> {
    const own = `namespace="${args.namespace}"`;
    return {
        name: "spywatcher-platform",
        rules: [
            alertRule(args, {
                alert: "VolumeFillingUp",
                // Not monitoring's: the chart alerts on those, and by their trend, since Prometheus fills its own on purpose.
                expr: `${recorded.volumeFree}{${own}} < ${args.thresholds.volumeFree}`,
                for: "15m",
                severity: "warning",
                summary: "A volume is filling up.",
                description: volumeLeft,
            }),
            alertRule(args, {
                alert: "VolumeAlmostFull",
                // The share at which the chart's own alert on other volumes gets critical.
                expr: `${recorded.volumeFree}{${own}} < 0.03`,
                for: "1m",
                severity: "critical",
                summary: "A volume is about to be full.",
                description: volumeLeft,
            }),
            ...(args.controllers.includes("karpenter") ? [launchRule(args)] : []),
            ...(args.vpcCni ? [addressRule(args)] : []),
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
            alertRule(args, {
                alert: "WorkloadMetricsMissing",
                // The chart's TargetDown sees targets that do not answer, not those that are gone. Without a ready pod
                // there is nothing for cAdvisor to tell.
                expr:
                    named(
                        "source",
                        "kube-state-metrics",
                        `absent(max(kube_deployment_spec_replicas{${own}}))`,
                    ) +
                    "\nor " +
                    named(
                        "source",
                        "cAdvisor",
                        `absent(max(container_memory_working_set_bytes{job="kubelet", ${own}}))`,
                    ) +
                    `\nand on () sum(kube_deployment_status_replicas_ready{${own}}) > 0`,
                for: "10m",
                severity: "warning",
                summary: "Prometheus gets no metrics of the workloads.",
                description:
                    "{{ $labels.source }} has told nothing of the application for 10 minutes: the alerts on its pods are blind.",
            }),
            ...(args.controllers.length === 0 ? [] : [controllerRule(args)]),
        ],
    };
}

/** Series of an expression that has no labels, with one. */
function named(label: string, value: string, expr: string): string {
    return `label_replace(${expr}, "${label}", "${value}", "", "")`;
}

function launchRule(args: RuleArgs): AlertRule {
    return alertRule(args, {
        alert: "NodeLaunchFailing",
        // Karpenter goes on to other instance types and zones, or tries again within seconds. The window is shorter than
        // `for`, so that a launch that failed once and then went well stays silent.
        expr: `${recorded.launchErrors} > 0`,
        for: "15m",
        severity: "warning",
        summary: "Karpenter cannot launch nodes.",
        description:
            "Karpenter has failed to launch nodes for 15 minutes: {{ or $labels.error `unknown error` }}. Failures in the last 10 minutes: {{ $value | printf `%.0f` }}.",
    });
}

function addressRule(args: RuleArgs): AlertRule {
    return alertRule(args, {
        alert: "PodAddressesExhausted",
        // The kubelet tries again within minutes. The window is shorter than `for`: a prefix that comes late is not meant.
        expr: "sum by (node) (increase(awscni_no_available_ip_addresses[10m])) > 0",
        for: "15m",
        severity: "warning",
        summary: "A node has no addresses for its pods.",
        description:
            "Pods on {{ $labels.node }} have found no address for 15 minutes. Attempts in the last 10 minutes: {{ $value | printf `%.0f` }}.",
    });
}

function controllerRule(args: RuleArgs): AlertRule {
    return alertRule(args, {
        alert: "ControllerMetricsMissing",
        expr: args.controllers
            .map((service) =>
                named("service", service, `absent(up{namespace="kube-system", service="${service}"} == 1)`),
            )
            .join("\nor "),
        for: "10m",
        severity: "warning",
        summary: "Prometheus gets no metrics from a controller.",
        description:
            "No pod of kube-system/{{ $labels.service }} has been scraped for 10 minutes: the alert on its errors is blind.",
    });
}
