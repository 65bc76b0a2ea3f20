import semver from "semver";

import { contradictions } from "../../infra/platform/chartValues.ts";
import { reservedValues } from "../../infra/platform/reservedValues.ts";
import { policyVersion } from "../../infra/platform/loadBalancerController/controllerPolicies.ts";
import { chartForm } from "../../infra/platform/chart.ts";
import { type ChartName, charts } from "../../infra/versions.ts";
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

/** Where a chart comes from is said in one way. */
export function chartPlaces({ platform }: Config): Problem[] {
    return (Object.keys(charts) as ChartName[]).flatMap((name): Problem[] => {
        const published: { chart: string; repository?: string } = charts[name];
        const { chart, repository } = platform.charts[name] ?? {};
        const path = ["platform", "charts", name] as const;
        const isName = chartForm(chart ?? published.chart) === "name";
        if (repository !== undefined && !isName) {
            const message =
                chart === undefined
                    ? "needs chart as well, the name in this repository: the publisher's is an oci:// address"
                    : "must be absent where chart is an oci:// address or a path";
            return [{ path: [...path, "repository"], message, related: [[...path, "chart"]] }];
        }
        return isName && repository === undefined && published.repository === undefined
            ? [
                  {
                      path: [...path, "chart"],
                      message: "needs repository as well: the publisher has none with an index",
                      related: [[...path, "repository"]],
                  },
              ]
            : [];
    });
}

/** Controllers and their definitions, where they are charts of their own, are of versions that belong together. */
export function definitionVersions({ platform }: Config): Problem[] {
    const versionOf = (name: ChartName): string => platform.charts[name]?.version ?? charts[name].version;
    const path = (name: ChartName) => ["platform", "charts", name, "version"] as const;
    const stack = "kube-prometheus-stack";
    const definitions = "prometheus-operator-crds";
    return [
        ...(versionOf("karpenter") === versionOf("karpenter-crd")
            ? []
            : [
                  {
                      path: path("karpenter"),
                      message: `must be the version of karpenter-crd, which is ${versionOf("karpenter-crd")}; set both`,
                      related: [path("karpenter-crd")],
                  },
              ]),
        ...(versionOf(stack) === charts[stack].version || platform.charts[definitions]?.version !== undefined
            ? []
            : [
                  {
                      path: path(stack),
                      message: `needs platform.charts.${definitions}.version as well, the one with the same operator (appVersion of both)`,
                      related: [path(definitions)],
                  },
              ]),
    ];
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
