import { longestSuffix } from "../../infra/aws/names.ts";
import { overlap } from "../../infra/network/subnetLayout.ts";
import { kubernetesReleases } from "../../infra/versions.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";
import { supportDaysLeft } from "../warnings.ts";

/** The local stack makes nothing in AWS. */
export function localClusterExists({ environment, cluster }: Config): Problem[] {
    return environment === "local" && cluster.kind !== "existing"
        ? [
              {
                  path: ["cluster", "kind"],
                  message: "must be existing in local",
                  related: [["environment"]],
              },
          ]
        : [];
}

/** A cluster in AWS needs an account and a VPC. */
export function clusterHasAccountAndNetwork({ aws, cluster, network }: Config): Problem[] {
    if (cluster.kind !== "eks") {
        return network.kind === "unmanaged"
            ? []
            : [
                  {
                      path: ["network", "kind"],
                      message: "must be unmanaged with a cluster that exists already",
                      related: [["cluster", "kind"]],
                  },
              ];
    }
    const problems: Problem[] = [];
    if (!aws) {
        problems.push({
            path: ["aws"],
            message: "is required with cluster.kind eks: accountId and region",
            related: [["cluster", "kind"]],
        });
    }
    if (network.kind === "unmanaged") {
        problems.push({
            path: ["network", "kind"],
            message: "must be create or existing with cluster.kind eks",
            related: [["cluster", "kind"]],
        });
    }
    return problems;
}

/** The longest name made of the cluster's is within AWS's limit. */
export function clusterNameFits({ cluster }: Config): Problem[] {
    if (cluster.kind !== "eks") return [];
    const { suffix, what, limit } = longestSuffix;
    const max = limit - suffix.length;
    return cluster.name.length <= max
        ? []
        : [
              {
                  path: ["cluster", "name"],
                  message: `must have at most ${max} characters, not ${cluster.name.length}: ${what} \`${cluster.name}${suffix}\` may have ${limit}`,
              },
          ];
}

/** Each zone is one of the region, and named once. */
export function zonesOfRegion({ aws, network }: Config): Problem[] {
    if (network.kind !== "create" || !aws) return [];
    const zones = network.availabilityZones;
    return zones.flatMap((zone, index): Problem[] => {
        const path = ["network", "availabilityZones", index];
        if (zone.slice(0, -1) !== aws.region) {
            return [
                {
                    path,
                    message: `must be a zone of aws.region, ${aws.region}`,
                    related: [["aws", "region"]],
                },
            ];
        }
        return zones.indexOf(zone) === index ? [] : [{ path, message: "must be named once" }];
    });
}

/** In prod each zone reaches the internet by itself. */
export function natGatewaysOfProd({ environment, network }: Config): Problem[] {
    return environment === "prod" && network.kind === "create" && network.natGateways === "single"
        ? [
              {
                  path: ["network", "natGateways"],
                  message: "must be per-zone in prod: with one, the loss of its zone stops every zone",
                  related: [["environment"]],
              },
          ]
        : [];
}

/** No subnet serves two purposes, and none is named twice. */
export function subnetsDiffer({ network }: Config): Problem[] {
    if (network.kind !== "existing") return [];
    const keys = ["publicSubnetIds", "privateSubnetIds", "databaseSubnetIds"] as const;
    const seen = new Map<string, string>();
    return keys.flatMap((key) =>
        network[key].flatMap((id, index): Problem[] => {
            const other = seen.get(id);
            seen.set(id, `${key}[${index}]`);
            return other === undefined
                ? []
                : [
                      {
                          path: ["network", key, index],
                          message: `must differ from network.${other}: each subnet has one purpose`,
                          related: keys.map((each) => ["network", each]),
                      },
                  ];
        }),
    );
}

/** No two networks of the load balancer share an address. */
export function loadBalancerCidrsDiffer({ network }: Config): Problem[] {
    if (network.kind === "create") return [];
    const cidrs = network.loadBalancerCidrs;
    return cidrs.flatMap((cidr, index): Problem[] => {
        const other = cidrs.slice(0, index).find((each) => overlap(each, cidr));
        return other === undefined
            ? []
            : [{ path: ["network", "loadBalancerCidrs", index], message: `must not overlap ${other}` }];
    });
}

/** The network policies let the load balancer's requests in. */
export function loadBalancerNetworks({ environment, network }: Config): Problem[] {
    return environment !== "local" && network.kind !== "create" && network.loadBalancerCidrs.length === 0
        ? [
              {
                  path: ["network", "loadBalancerCidrs"],
                  message: `must name the load balancer's subnets in ${environment}: without them the network policies let no request in`,
                  related: [["environment"]],
              },
          ]
        : [];
}

/** The API server of prod is open to the world only when a key says so. */
export function apiServerClosed({ environment, cluster }: Config): Problem[] {
    if (environment !== "prod" || cluster.kind !== "eks" || cluster.endpoint.openToTheWorld) return [];
    return cluster.endpoint.publicCidrs.flatMap((cidr, index): Problem[] =>
        cidr.endsWith("/0")
            ? [
                  {
                      path: ["cluster", "endpoint", "publicCidrs", index],
                      message:
                          "must not open the API server to the world in prod; name the networks that need it, or set endpoint.openToTheWorld to true",
                      related: [["environment"], ["cluster", "endpoint", "openToTheWorld"]],
                  },
              ]
            : [],
    );
}

/** Each principal has one access entry; AWS refuses a second one. */
export function principalsOnce({ cluster }: Config): Problem[] {
    if (cluster.kind !== "eks") return [];
    const { access } = cluster;
    const seen = new Set([access.deployRole]);
    return (["admins", "viewers", "previewers", "validators"] as const).flatMap((key) =>
        access[key].flatMap((principal, index): Problem[] => {
            const twice = seen.has(principal);
            seen.add(principal);
            return twice
                ? [
                      {
                          path: ["cluster", "access", key, index],
                          message:
                              "must be named once among deployRole, admins, viewers, previewers and validators",
                          related: [["cluster", "access"]],
                      },
                  ]
                : [];
        }),
    );
}

/** In prod a node may be lost without losing the controllers. */
export function systemNodesOfProd({ environment, cluster }: Config): Problem[] {
    return environment === "prod" && cluster.kind === "eks" && cluster.systemNodes.count < 2
        ? [
              {
                  path: ["cluster", "systemNodes", "count"],
                  message: "must be at least 2 in prod: with one node the controllers stop when it does",
                  related: [["environment"]],
              },
          ]
        : [];
}

/** EKS still gives standard support to the Kubernetes version. */
export function kubernetesSupported({ cluster }: Config, today = new Date()): Problem[] {
    if (cluster.kind !== "eks" || supportDaysLeft(cluster.kubernetesVersion, today) >= 0) return [];
    const end = kubernetesReleases[cluster.kubernetesVersion].standardSupportEnds;
    return [
        {
            path: ["cluster", "kubernetesVersion"],
            message: `is past its standard support, which ended on ${end}; use a newer one`,
        },
    ];
}
