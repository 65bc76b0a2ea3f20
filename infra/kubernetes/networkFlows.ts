import type * as k8s from "@pulumi/kubernetes";

import { selectorLabels, type Tier } from "./labels.ts";

type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses no public service has: private networks, carrier-grade NAT, loopback and link-local (node metadata). */
const nonPublicCidrs = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
];

/** Networks of a VPC, its services and its control plane's interfaces: the private ranges of RFC 1918 and RFC 6598. */
const privateNetworks = nonPublicCidrs.slice(0, 4).map((cidr) => ({ ipBlock: { cidr } }));

function tcp(port: number): k8s.types.input.networking.v1.NetworkPolicyPort {
    return { protocol: "TCP", port };
}

/** Requests and health checks of the load balancer, which come from its own subnets, not from a pod. */
export function fromLoadBalancer(cidrs: readonly string[], port: number): Ingress[] {
    return cidrs.length === 0
        ? []
        : [{ from: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(port)] }];
}

/** Scrapes by the Prometheus of that namespace. */
export function fromPrometheus(namespace: string, port: number): Ingress {
    return {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
        ports: [tcp(port)],
    };
}

/** Connections from the control plane, nodes or an internal load balancer, whose addresses no selector matches. */
export function fromPrivateNetworks(port: number): Ingress {
    return { from: privateNetworks, ports: [tcp(port)] };
}

/** Connections to nodes, to the control plane or to the API server's Service, whose addresses no selector matches. */
export function toPrivateNetworks(ports: readonly number[]): Egress {
    return { to: privateNetworks, ports: ports.map(tcp) };
}

/** Connections from pods of these tiers in the same namespace. */
export function fromTiers(tiers: readonly Tier[], port: number): Ingress {
    return {
        from: tiers.map((tier) => ({ podSelector: { matchLabels: selectorLabels(tier) } })),
        ports: [tcp(port)],
    };
}

/** Connections to the pods of a tier in the same namespace. */
export function toTier(tier: Tier, port: number): Egress {
    return { to: [{ podSelector: { matchLabels: selectorLabels(tier) } }], ports: [tcp(port)] };
}

/** Name resolution by the cluster's DNS. */
export function toDns(): Egress {
    return {
        to: [
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
        ],
        ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
        ],
    };
}

/** HTTPS to public addresses: Discord's API and gateway have no fixed ones, and policies know no host names. */
export function toPublicHttps(): Egress {
    return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: nonPublicCidrs } }], ports: [tcp(443)] };
}

/** Connections to servers that may be inside or outside the cluster's networks, but not on the node itself. */
export function toAnywhere(ports: readonly number[]): Egress {
    const except = ["127.0.0.0/8", "169.254.0.0/16"];
    return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports: ports.map(tcp) };
}

/** Requests for a role's credentials to the EKS Pod Identity agent, which listens on every node (EKS User Guide). */
export function toPodIdentityAgent(): Egress {
    return { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [tcp(80)] };
}
