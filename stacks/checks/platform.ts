import semver from "semver";

import { contradictions, reservedValues } from "../../infra/platform/reservedValues.ts";
import { policyVersion } from "../../infra/platform/loadBalancerController/controllerPolicies.ts";
import type { ChartName } from "../../infra/versions.ts";
import { installsLoadBalancerController } from "../features.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";

/** The load balancer controller gets its role and VPC from the program that made the cluster. */
export function controllerInOwnCluster({ cluster, platform }: Config): Problem[] {
    return cluster.kind !== "eks" && platform.loadBalancerController.enabled === true
        ? [
              {
                  path: ["platform", "loadBalancerController", "enabled"],
                  message:
                      "must be false with a cluster that exists already: its controller needs a role and a VPC that this program does not know",
                  related: [["cluster", "kind"]],
              },
          ]
        : [];
}

/** The controller's version goes with the policy and the values that the program gives it. */
export function controllerVersion(config: Config): Problem[] {
    const version = config.platform.charts["aws-load-balancer-controller"]?.version;
    return installsLoadBalancerController(config) &&
        version !== undefined &&
        semver.lt(version, policyVersion)
        ? [
              {
                  path: ["platform", "charts", "aws-load-balancer-controller", "version"],
                  message: `must be ${policyVersion} or later: the controller's IAM policy and values are written for it`,
                  related: [["platform", "loadBalancerController", "enabled"]],
              },
          ]
        : [];
}

/** The controller's arguments are YAML without quotes, in which a colon and a space begin something else. */
export function tagsFitController(config: Config): Problem[] {
    const { aws } = config;
    if (!aws || !installsLoadBalancerController(config)) return [];
    return (["owner", "costCenter"] as const).flatMap((key): Problem[] =>
        /:\p{Z}/u.test(aws[key])
            ? [
                  {
                      path: ["aws", key],
                      message:
                          "must not contain a colon before a space: the load balancer controller's chart breaks on it",
                      related: [["platform", "loadBalancerController", "enabled"]],
                  },
              ]
            : [],
    );
}

/** Values of a chart that the program sets from the configuration, or counts on, are not changed beside it. */
export function chartValuesAreFree({ platform }: Config): Problem[] {
    return (Object.keys(reservedValues) as ChartName[]).flatMap((name) =>
        contradictions(platform.charts[name]?.values ?? {}, reservedValues[name]).map((path): Problem => ({
            path: ["platform", "charts", name, "values", ...path],
            message:
                "must not be set here: the program decides it from the rest of its configuration, or counts on the chart's default",
        })),
    );
}
