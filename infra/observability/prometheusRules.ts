import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appLabel } from "../kubernetes/labels.ts";
import { renderGroup } from "./alertRule.ts";
import type { RuleArgs } from "./ruleArgs.ts";
import { ruleGroups } from "./ruleGroups.ts";

export interface AlertRulesArgs {
    /** The application's namespace, where the objects are; resolved when it exists. */
    namespace: pulumi.Input<string>;
    rules: RuleArgs;
    /** What brings the PrometheusRule kind, and the namespace. Must outlive the objects, so each of them depends on it. */
    crdsReady: pulumi.Resource[];
    /** Labels that Prometheus selects rules by. Default: none besides the application's own. */
    labels?: Record<string, string>;
}

/** One PrometheusRule object for each group of rules, named after the group. */
export class AlertRules extends pulumi.ComponentResource {
    constructor(name: string, args: AlertRulesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:observability:AlertRules", name, {}, opts);
        for (const group of ruleGroups(args.rules)) {
            new k8s.apiextensions.CustomResource(
                `${name}-${group.name.replace(`${appLabel}-`, "")}`,
                {
                    apiVersion: "monitoring.coreos.com/v1",
                    kind: "PrometheusRule",
                    metadata: {
                        name: group.name,
                        namespace: args.namespace,
                        labels: {
                            app: appLabel,
                            "app.kubernetes.io/part-of": appLabel,
                            "app.kubernetes.io/managed-by": "pulumi",
                            ...args.labels,
                        },
                    },
                    spec: { groups: [renderGroup(group)] },
                },
                { parent: this, dependsOn: args.crdsReady },
            );
        }
        this.registerOutputs({});
    }
}
