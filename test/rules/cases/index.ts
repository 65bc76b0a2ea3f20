import type { RuleCase } from "../support/ruleCase.ts";
import { autoscalingCases } from "./autoscaling.ts";
import { burnRateCases } from "./burnRate.ts";
import { deploymentCases } from "./deployments.ts";
import { ingressCases } from "./ingress.ts";
import { loadBalancerCases } from "./loadBalancer.ts";
import { platformCases } from "./platform.ts";
import { resourceCases } from "./resources.ts";
import { scalingCases } from "./scaling.ts";

/** All cases of all alerts. */
export const cases: readonly RuleCase[] = [
    ...autoscalingCases,
    ...scalingCases,
    ...deploymentCases,
    ...loadBalancerCases,
    ...resourceCases,
    ...ingressCases,
    ...burnRateCases,
    ...platformCases,
];
