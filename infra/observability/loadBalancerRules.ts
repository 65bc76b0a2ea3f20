import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { perDeployment, selectors } from "./selectors.ts";

const deployment = "{{ $labels.namespace }}/{{ $labels.deployment }}";

/**
 * What the load balancer can send to, read from Deployments: the available pods are the Service's endpoints. Endpoints have no
 * metrics any more (kube-state-metrics 2.14), and a Service without pods has no series among its EndpointSlices.
 */
export function loadBalancerRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { autoscaledDeployments } = selectors(args);
    const { reducedEndpoints } = args.thresholds;
    const series = `kube_deployment_status_replicas_available{${autoscaledDeployments}}`;
    const available = perDeployment(series);
    return {
        name: "spywatcher-load-balancer",
        rules: [
            alertRule(args, {
                alert: "ServiceNoEndpoints",
                expr: `${available} == 0`,
                for: "5m",
                severity: "critical",
                summary: "A Service has no pod that can answer.",
                description: `No pod of ${deployment} has been available for 5 minutes: every request fails.`,
            }),
            alertRule(args, {
                alert: "EndpointsReducedSignificantly",
                // Fewer than wanted, so that a scale-down is not meant, and fewer than there were, so that a scale-up is not.
                expr:
                    `${available}\n/ ${perDeployment(`kube_deployment_spec_replicas{${autoscaledDeployments}}`)} < ${reducedEndpoints}\n` +
                    `and ${available}\n/ ${perDeployment(`max_over_time(${series}[1h])`)} < ${reducedEndpoints}`,
                for: "5m",
                severity: "warning",
                summary: "A Service has lost more than half of its pods.",
                description: `Only {{ $value | humanizePercentage }} of the pods of ${deployment} are available.`,
            }),
            ...(args.controllers.includes("aws-load-balancer-controller") ? [reconcileRule(args)] : []),
        ],
    };
}

function reconcileRule(args: RuleArgs): AlertRule {
    return alertRule(args, {
        alert: "LoadBalancerReconcileErrors",
        // The controller tries again after at most 1000 s. The window is longer than that and shorter than `for`: an error
        // that persists fires, one that a retry mended does not.
        expr: `${recorded.loadBalancerErrors} > 0`,
        for: "30m",
        severity: "warning",
        summary: "The AWS Load Balancer Controller cannot bring the load balancer to what is wanted.",
        description:
            "The controller for {{ $labels.controller }} has failed for 30 minutes: the load balancer no longer follows changes. Errors in the last 20 minutes: {{ $value | printf `%.0f` }}.",
    });
}
