import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Network policy rule that lets a pod reach a port in these networks. */
export function egressTo(
    cidrs: pulumi.Input<string[]>,
    port: number,
): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
    return {
        to: pulumi.output(cidrs).apply((all) => all.map((cidr) => ({ ipBlock: { cidr } }))),
        ports: [{ protocol: "TCP", port }],
    };
}
