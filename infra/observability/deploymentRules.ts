import { appLabel } from "../kubernetes/labels.ts";
import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { perContainer, perDeployment, selectors } from "./selectors.ts";

const deployment = "{{ $labels.namespace }}/{{ $labels.deployment }}";

/** Rollouts, restarts, the schema job, and what keeps nodes from being drained. */
export function deploymentRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { deployments, containers, budgets } = selectors(args);
    const own = `{namespace="${args.namespace}"}`;
    const restarted = (offset = "") =>
        `${perContainer(`changes(kube_pod_container_status_restarts_total{${containers}}[20m]${offset})`)} > 0`;
    const perBudget = (metric: string) =>
        `max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_${metric}{${budgets}})`;
    return {
        name: "spywatcher-deployments",
        rules: [
            alertRule(args, {
                alert: "DeploymentRolloutStuck",
                // The controller's own judgement, after its deadline without progress. Counting updated pods would page in a
                // long rollout that goes well, and miss the last pod, which counts as updated before it is ready.
                expr: `${perDeployment(`kube_deployment_status_condition{${deployments}, condition="Progressing", status="false"}`)} == 1`,
                for: "15m",
                severity: "critical",
                summary: "A rollout makes no progress.",
                description: `The rollout of ${deployment} has made no progress for ${Math.round(args.rolloutTimeoutSeconds / 60) + 15} minutes. The old pods go on serving.`,
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
            ...(args.stores.length === 0 ? [] : [storeRule(args)]),
            alertRule(args, {
                alert: "HighPodRestartRate",
                // One bout of restarts is in neither for long enough. At most 5 minutes pass between the ends of a container
                // that fails at its start: the first, shorter than `for`. Longer between those of one that runs for a while
                // before it fails: the second, which takes restarts in two windows one after the other.
                expr: `${recorded.restarts}${own} > 0\nor ${restarted()}\nand ${restarted(" offset 20m")}`,
                for: "15m",
                severity: "warning",
                summary: "A container restarts again and again.",
                description:
                    "{{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }} keeps restarting. Restarts in the last 10 or 20 minutes: {{ $value | printf `%.0f` }}.",
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

function storeRule(args: RuleArgs): AlertRule {
    const stores = `namespace="${args.namespace}", statefulset=~"${args.stores.join("|")}"`;
    return alertRule(args, {
        alert: "DataStoreNotReady",
        expr:
            `${perStatefulSet(`kube_statefulset_replicas{${stores}}`)}\n` +
            `- ${perStatefulSet(`kube_statefulset_status_replicas_ready{${stores}}`)} > 0`,
        for: "5m",
        severity: "critical",
        summary: "A data store in the cluster does not answer.",
        description:
            "The pod of {{ $labels.namespace }}/{{ $labels.statefulset }} has not been ready for 5 minutes: the API answers errors.",
    });
}

function perStatefulSet(metric: string): string {
    return `max by (namespace, statefulset) (${metric})`;
}
