import { appLabel } from "../kubernetes/labels.ts";
import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { perContainer, perDeployment, selectors } from "./selectors.ts";

const deployment = "{{ $labels.namespace }}/{{ $labels.deployment }}";

/** Rollouts, restarts, the schema job, and what keeps nodes from being drained. */
export function deploymentRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { deployments, containers, budgets } = selectors(args);
    const perBudget = (metric: string) =>
        `max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_${metric}{${budgets}})`;
    return {
        name: "spywatcher-deployments",
        rules: [
            alertRule(args, {
                alert: "DeploymentRolloutStuck",
                // The controller's own judgement, after 10 minutes without progress. Counting updated pods would page in a
                // long rollout that goes well, and miss the last pod, which counts as updated before it is ready.
                expr: `${perDeployment(`kube_deployment_status_condition{${deployments}, condition="Progressing", status="false"}`)} == 1`,
                for: "15m",
                severity: "critical",
                summary: "A rollout makes no progress.",
                description: `The rollout of ${deployment} has made no progress for 25 minutes. The old pods go on serving.`,
            }),
            alertRule(args, {
                alert: "PodsNotReady",
                expr:
                    `${perDeployment(`kube_deployment_spec_replicas{${deployments}}`)}\n` +
                    `- ${perDeployment(`kube_deployment_status_replicas_ready{${deployments}}`)} > 0`,
                for: "10m",
                severity: "warning",
                summary: "A Deployment has fewer ready pods than it should.",
                description: `${deployment} has lacked ready pods for 10 minutes: {{ $value }}.`,
            }),
            alertRule(args, {
                alert: "HighPodRestartRate",
                // At most 5 minutes pass between two restarts of a crash loop. The window is longer than that and shorter than
                // `for`: a loop fires, one bout of restarts does not. A threshold of several restarts would miss the loop.
                expr: `${perContainer(`increase(kube_pod_container_status_restarts_total{${containers}}[10m])`)} > 0`,
                for: "15m",
                severity: "warning",
                summary: "A container restarts again and again.",
                description:
                    "{{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }} keeps restarting. Restarts in the last 10 minutes: {{ $value | printf `%.0f` }}.",
            }),
            alertRule(args, {
                alert: "SchemaJobFailed",
                // The condition of the Job, not the count of its failed pods: a retry may have succeeded.
                expr: `max by (namespace, job_name) (kube_job_failed{namespace="${args.namespace}", job_name=~"${appLabel}-schema-.+", condition="true"}) == 1`,
                for: "1m",
                severity: "warning",
                summary: "The schema job failed.",
                description:
                    "{{ $labels.namespace }}/{{ $labels.job_name }} failed: the update stopped there, and the old pods go on serving.",
            }),
            alertRule(args, {
                alert: "DisruptionBudgetBlocksDrains",
                expr: `${perBudget("pod_disruptions_allowed")} == 0\nand ${perBudget("expected_pods")} > 0`,
                for: "30m",
                severity: "warning",
                summary: "A PodDisruptionBudget allows no eviction.",
                description:
                    "{{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has allowed no eviction for 30 minutes: nodes with its pods cannot be drained.",
            }),
        ],
    };
}
