import type * as pulumi from "@pulumi/pulumi";

import { appLabel, type Tier } from "../../kubernetes/labels.ts";
import { type ControllerResources, controllerResources, hostSpread, onSystemNodes } from "../placement.ts";
import { type MonitorLabels, serviceMonitorValues } from "../serviceMonitorValues.ts";

/** Name of the release, the Deployment and the service account, which the association of the role matches on. */
export const releaseName = "aws-load-balancer-controller";

/** Whom rights inside the cluster are given to. */
export const serviceAccount = { name: releaseName, namespace: "kube-system" } as const;

export interface ControllerValuesArgs {
    clusterName: string;
    region: string;
    vpcId: pulumi.Input<string>;
    /** Controllers, of which one works; the others answer webhooks. Each needs a system node of its own. */
    replicas: number;
    systemNodeSelector: Readonly<Record<string, string>>;
    /** Tags of what the controller makes in AWS; the provider's default tags do not reach it. */
    tags: Readonly<Record<string, string>>;
    /** Attach the WAFv2 web ACL that an Ingress names. Without it the controller asks WAF nothing. */
    webAcl: boolean;
    /** Make a ServiceMonitor with these labels; its definition must exist. Default: none. */
    serviceMonitor?: MonitorLabels | undefined;
}

const resources: ControllerResources = { cpu: "100m", memory: "128Mi", memoryLimit: "256Mi" };

/** Tiers whose pods are targets of the load balancer. */
const gatedTiers: readonly Tier[] = ["backend", "frontend"];

/** Values of the chart. */
export function controllerValues(args: ControllerValuesArgs) {
    return {
        clusterName: args.clusterName,
        // Pods have no way to the node's metadata, where the controller would look for these two.
        region: args.region,
        vpcId: args.vpcId,
        replicaCount: args.replicas,
        serviceAccount: { create: true, name: serviceAccount.name },
        resources: controllerResources(resources),
        priorityClassName: "system-cluster-critical",
        ...onSystemNodes(args.systemNodeSelector),
        topologySpreadConstraints: hostSpread({ chart: releaseName, release: releaseName }, "hard"),
        // The chart leaves it out with one replica, where it would block every drain.
        podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        ingressClass: "alb",
        createIngressClassResource: true,
        // The default, a new certificate at each upgrade, breaks admission until the old pods are gone (#2239, #4605).
        keepTLSSecret: true,
        // It would refuse every Service of the cluster while no controller is ready (#4140).
        enableServiceMutatorWebhook: false,
        // A pod without its gate counts as ready before it is a target: with the controller down, a rollout would replace
        // every target by a pod that gets no request. Fail stops the rollout instead, and the old pods go on serving.
        podMutatorWebhookConfig: { failurePolicy: "Fail" },
        // Of the labelled namespace only these: a Job, a bot or a data store starts without the controller.
        objectSelector: {
            matchLabels: { app: appLabel },
            matchExpressions: [{ key: "tier", operator: "In", values: [...gatedTiers] }],
        },
        enableShield: false,
        enableWaf: false,
        enableWafv2: args.webAcl,
        controllerConfig: {
            featureGates: { ALBGatewayAPI: false, NLBGatewayAPI: false, GatewayListenerSet: false },
        },
        defaultTags: { ...args.tags },
        serviceMonitor: serviceMonitorValues(args.serviceMonitor),
    };
}
