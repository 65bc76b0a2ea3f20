import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type AddonName, kubernetesReleases, type KubernetesVersion } from "../versions.ts";
import { systemNodeSelector, systemTolerations } from "./systemNodes.ts";

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** JSON with sorted keys, so that a text means the same configuration only when it is the same. */
function sortedJson(value: Json): string {
    return JSON.stringify(value, (_, each: Json) =>
        typeof each === "object" && !Array.isArray(each)
            ? Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)))
            : each,
    );
}

const zoneSpread = (labels: Record<string, string>): Json => [
    {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
    },
];

/** What each add-on is told beyond its defaults. The schemas take numbers and switches below `env` as texts. */
const configuration: Partial<Record<AddonName, (region: string) => Json>> = {
    "vpc-cni": () => ({
        // Without it the NetworkPolicies in the cluster do nothing, silently.
        enableNetworkPolicy: "true",
        // Prefixes give new pods their address at once and save calls to EC2.
        env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    }),
    coredns: () => ({
        // Done by the EKS control plane; a replica count beside it would fight it.
        autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
        nodeSelector: systemNodeSelector,
        tolerations: [...systemTolerations],
        topologySpreadConstraints: zoneSpread({ "k8s-app": "kube-dns" }),
    }),
    "aws-ebs-csi-driver": (region) => ({
        controller: {
            // Karpenter awaits it before it ends a node, so it must not run on Karpenter's.
            nodeSelector: systemNodeSelector,
            tolerations: [...systemTolerations],
            // Pods cannot ask the node's metadata service for it.
            region,
        },
    }),
};

export interface AddonArgs {
    cluster: pulumi.Input<string>;
    region: string;
    kubernetesVersion: KubernetesVersion;
}

/** An EKS add-on in the version pinned for the cluster's Kubernetes version. */
export function addon(
    name: string,
    addonName: AddonName,
    args: AddonArgs,
    opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
    const values = configuration[addonName]?.(args.region);
    return new aws.eks.Addon(
        `${name}-${addonName}`,
        {
            clusterName: args.cluster,
            addonName,
            addonVersion: kubernetesReleases[args.kubernetesVersion].addons[addonName],
            ...(values !== undefined && { configurationValues: sortedJson(values) }),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
        },
        opts,
    );
}
