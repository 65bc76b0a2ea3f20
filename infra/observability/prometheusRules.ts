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
    /** What the objects need until the end: their definition, the webhook that checks them, the namespace. */
    startAfter: pulumi.Resource[];
    /** Labels, beside the application's own, that a Prometheus selects rules by. */
    labels: Readonly<Record<string, string>>;
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
                { parent: this, dependsOn: args.startAfter },
            );
        }
        this.registerOutputs({});
    }
}
