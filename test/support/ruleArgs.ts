import type { RuleArgs } from "../../infra/observability/ruleArgs.ts";
import { defaultThresholds } from "../../infra/observability/thresholds.ts";

/** The arguments that the tests of the alert rules are written for. */
export const ruleArgs: RuleArgs = {
    namespace: "spywatcher",
    monitoringNamespace: "monitoring",
    autoscaled: ["backend", "frontend"],
    singletons: ["bot"],
    stores: ["postgres", "redis"],
    controllers: ["karpenter", "aws-load-balancer-controller"],
    vpcCni: true,
    rolloutTimeoutSeconds: 600,
    thresholds: defaultThresholds,
    runbookBase: "https://example.com/infrastructure",
};
