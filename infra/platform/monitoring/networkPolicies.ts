import type * as k8s from "@pulumi/kubernetes";

import {
    fromPrivateNetworks,
    toAnywhere,
    toDns,
    toPodIdentityAgent,
    toPrivateNetworks,
    toPublicHttps,
} from "../../kubernetes/networkFlows.ts";
import { vpcCniMetricsPort } from "./vpcCniMonitor.ts";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Values of the pods' label `app.kubernetes.io/name`. */
export const podNames = {
    prometheus: "prometheus",
    alertmanager: "alertmanager",
    grafana: "grafana",
    operator: "kube-prometheus-stack-prometheus-operator",
    adapter: "prometheus-adapter",
} as const;

type PodName = (typeof podNames)[keyof typeof podNames];

const pod = (name: PodName) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
const tcp = (port: number): Port => ({ protocol: "TCP", port });
const from = (names: readonly PodName[], ...ports: Port[]): Ingress => ({ from: names.map(pod), ports });
const to = (name: PodName, ...ports: Port[]): Egress => ({ to: [pod(name)], ports });

function flows(name: PodName, ingress: Ingress[], egress: Egress[]): Spec {
    return { ...pod(name), policyTypes: ["Ingress", "Egress"], ingress, egress };
}

/** Ports of the API server: its Service's, and those it listens on in clusters other than EKS. */
const apiServerPorts = [443, 6443];
/** Ports of every node: kubelet, node exporter and VPC CNI. */
const nodePorts = [10_250, 9100, vpcCniMetricsPort];

const { prometheus, alertmanager, grafana, operator, adapter } = podNames;
const gossip: Port[] = [tcp(9094), { protocol: "UDP", port: 9094 }];

export interface MonitoringPoliciesArgs {
    /** Open Grafana to an internal load balancer. */
    readonly grafanaIngress: boolean;
    /** Open CloudWatch to Grafana. */
    readonly cloudWatch: boolean;
    /** Ports of the mail servers that Alertmanager sends to. */
    readonly mailPorts: readonly number[];
    /** Let Alertmanager ask for a role's credentials. */
    readonly alertmanagerRole: boolean;
}

/** Network policies of the monitoring namespace by name: everything is closed that no flow below opens. */
export function monitoringPolicies(args: MonitoringPoliciesArgs): Record<string, Spec> {
    return {
        "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        // Every part resolves names and asks the API server, the release's own jobs too; Prometheus scrapes each.
        common: {
            podSelector: {},
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [pod(prometheus)] }],
            egress: [toDns(), toPrivateNetworks(apiServerPorts)],
        },
        prometheus: flows(
            prometheus,
            [
                from([grafana], tcp(9090)),
                // The API server's service proxy, by which `ops validate` asks for targets.
                fromPrivateNetworks(9090),
            ],
            // What it scrapes in other namespaces listens where it likes.
            [{ to: [{ namespaceSelector: {} }] }, toPrivateNetworks(nodePorts)],
        ),
        alertmanager: flows(
            alertmanager,
            [from([prometheus, grafana], tcp(9093)), from([alertmanager], ...gossip)],
            [
                to(alertmanager, ...gossip),
                toPublicHttps(),
                ...(args.mailPorts.length > 0 ? [toAnywhere(args.mailPorts)] : []),
                ...(args.alertmanagerRole ? [toPodIdentityAgent()] : []),
            ],
        ),
        grafana: flows(
            grafana,
            // An internal load balancer has addresses of the subnets the pods are in.
            args.grafanaIngress ? [fromPrivateNetworks(3000)] : [],
            [
                to(prometheus, tcp(9090)),
                to(alertmanager, tcp(9093)),
                // AWS's own addresses are public ones, or an endpoint's in the VPC, which is open already.
                ...(args.cloudWatch ? [toPodIdentityAgent(), toPublicHttps()] : []),
            ],
        ),
        // The control plane calls the webhook from its interfaces in the cluster's subnets.
        operator: flows(operator, [fromPrivateNetworks(10_250)], []),
    };
}

/** The network policies that the adapter of custom metrics adds to them. */
export function adapterPolicies(): Record<string, Spec> {
    return {
        "prometheus-adapter": flows(adapter, [fromPrivateNetworks(6443)], [to(prometheus, tcp(9090))]),
        "prometheus-from-adapter": {
            ...pod(prometheus),
            policyTypes: ["Ingress"],
            ingress: [from([adapter], tcp(9090))],
        },
    };
}
