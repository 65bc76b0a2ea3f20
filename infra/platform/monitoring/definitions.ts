import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { chartArgs, type ChartOverrides } from "../chart.ts";

/**
 * The Prometheus operator's CustomResourceDefinitions. A release of their own, because Helm upgrades definitions that are
 * a chart's templates and never those beside a chart (helm-charts#4001), and because charts that bring monitors are
 * installed before the stack.
 */
export function monitoringDefinitions(
    name: string,
    { charts }: { charts?: ChartOverrides | undefined },
    opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
        name,
        {
            name: "prometheus-operator-crds",
            namespace: "kube-system",
            ...chartArgs(
                "prometheus-operator-crds",
                // Without its definition an object is gone, and with a Prometheus its volume's claim.
                { crds: { annotations: { "helm.sh/resource-policy": "keep" } } },
                charts,
            ),
        },
        opts,
    );
}
