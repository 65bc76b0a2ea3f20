import { type AlertRule, renderGroup, type RuleGroup } from "./alertRule.ts";
import { autoscalingRules } from "./autoscalingRules.ts";
import { burnRateRules } from "./burnRateRules.ts";
import { deploymentRules } from "./deploymentRules.ts";
import { ingressRules } from "./ingressRules.ts";
import { loadBalancerRules } from "./loadBalancerRules.ts";
import { platformRules } from "./platformRules.ts";
import { recordingRules } from "./recordingRules.ts";
import { resourceRules } from "./resourceRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

/** All groups of alerts. */
export function alertGroups(args: RuleArgs): RuleGroup<AlertRule>[] {
    return [
        autoscalingRules,
        deploymentRules,
        loadBalancerRules,
        resourceRules,
        ingressRules,
        burnRateRules,
        platformRules,
    ].map((group) => group(args));
}

/** All groups, the recorded series first. */
export function ruleGroups(args: RuleArgs): RuleGroup[] {
    return [recordingRules(args), ...alertGroups(args)];
}

/** All groups as Prometheus takes them. */
export function renderedGroups(args: RuleArgs) {
    return ruleGroups(args).map(renderGroup);
}
