import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AwsAccount, iamArn, regionalArn } from "../../aws/account.ts";
import { PodIdentity } from "../../cluster/podIdentity.ts";
import { type ControllerResources, controllerResources } from "../placement.ts";
import { chartArgs, type ChartOverrides } from "../chart.ts";
import { controllerPolicies } from "./controllerPolicies.ts";
import { InterruptionQueue, interruptionQueueName } from "./interruptionQueue.ts";
import { nodeClass } from "./nodeClass.ts";
import { type CapacityType, type NodePoolArgs, nodePools } from "./nodePools.ts";
import { NodeRole, nodeRoleName } from "./nodeRole.ts";
import { type MonitorLabels, serviceMonitorValues } from "../serviceMonitorValues.ts";

/** The nodes that Karpenter makes. */
export interface KarpenterNodesArgs extends NodePoolArgs {
    /** In order of preference. */
    capacityTypes: readonly CapacityType[];
    /** Image, as `al2023@vYYYYMMDD` or `bottlerocket@vX.Y.Z`. */
    amiAlias: string;
    /** Size in GiB of the volume with container images, logs and pods' files. */
    volumeGiB: number;
}

export interface KarpenterArgs {
    /** Account and region of the cluster. */
    account: AwsAccount;
    /** Name of the cluster. */
    clusterName: string;
    /** The same name, known when the control plane exists. */
    cluster: pulumi.Input<string>;
    /** The one security group of the nodes. */
    securityGroupId: pulumi.Input<string>;
    /** Subnets to make nodes in. */
    subnetIds: pulumi.Input<string[]>;
    /** Controllers, of which one works. Each needs a system node of its own, the second one in another zone. */
    replicas: number;
    nodes: KarpenterNodesArgs;
    /** Labels of the nodes for the controller: ones that Karpenter does not make. */
    systemNodeSelector: Readonly<Record<string, string>>;
    /** Tags of what Karpenter makes in AWS. */
    tags: Readonly<Record<string, string>>;
    /** Make a ServiceMonitor with these labels; its definition must exist. Default: none. */
    serviceMonitor?: MonitorLabels | undefined;
    /** Other places to get the charts from. */
    charts?: ChartOverrides | undefined;
    /** What the controller and its nodes need until the end: system nodes, routes, add-ons. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

const namespace = "kube-system";

/** Name of the service account, which the association matches on. */
const serviceAccount = "karpenter";

/** Time for a pool to drain and end its nodes: up to `terminationGracePeriod`, where PodDisruptionBudgets hold them up. */
const deleteTimeout = "30m";

/** Karpenter: makes nodes for pods that do not fit on those there are, and removes nodes that are not needed. */
export class Karpenter extends pulumi.ComponentResource {
    /** The node pools: what needs nodes comes after them, and goes before. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:Karpenter", name, {}, opts);
        const { account, clusterName, cluster, nodes } = args;
        const queue = new InterruptionQueue(
            `${name}-interruption`,
            { account, clusterName },
            { parent: this },
        );
        const nodeRole = new NodeRole(`${name}-node`, { account, clusterName, cluster }, { parent: this });
        const identity = new PodIdentity(
            `${name}-controller`,
            {
                account,
                clusterName,
                cluster,
                roleName: `${clusterName}-karpenter`,
                namespace,
                serviceAccount,
                policies: controllerPolicies({
                    account,
                    clusterName,
                    nodeRoleArn: iamArn(account, `role/${nodeRoleName(clusterName)}`),
                    queueArn: regionalArn(account, "sqs", interruptionQueueName(clusterName)),
                }),
            },
            { parent: this },
        );
        const definitions = new k8s.helm.v3.Release(
            `${name}-crd`,
            {
                name: "karpenter-crd",
                namespace,
                ...chartArgs(
                    "karpenter-crd",
                    // Without its definition an object is gone, and with a NodePool all its nodes.
                    { additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
                    args.charts,
                ),
            },
            { parent: this },
        );
        const controller = new k8s.helm.v3.Release(
            `${name}-controller`,
            {
                name: "karpenter",
                namespace,
                ...chartArgs("karpenter", controllerValues(args, queue.queueName), args.charts),
                skipCrds: true,
            },
            {
                parent: this,
                // The controller has to outlive its nodes: only it can end them (aws/karpenter-provider-aws#1382).
                dependsOn: pulumi
                    .output(args.startAfter)
                    .apply((earlier) => [
                        ...earlier,
                        definitions,
                        ...queue.resources,
                        ...nodeRole.resources,
                        ...identity.resources,
                    ]),
            },
        );
        const defaultClass = new k8s.apiextensions.CustomResource(
            `${name}-node-class`,
            nodeClass({
                roleName: nodeRole.roleName,
                amiAlias: nodes.amiAlias,
                volumeGiB: nodes.volumeGiB,
                securityGroupId: args.securityGroupId,
                subnetIds: args.subnetIds,
                tags: args.tags,
            }),
            { parent: this, dependsOn: [controller], customTimeouts: { delete: deleteTimeout } },
        );
        this.ready = nodePools(nodes.capacityTypes, nodes).map(
            (manifest) =>
                new k8s.apiextensions.CustomResource(`${name}-${manifest.metadata.name}`, manifest, {
                    parent: this,
                    dependsOn: [defaultClass],
                    customTimeouts: { delete: deleteTimeout },
                }),
        );
        this.registerOutputs();
    }
}

/** What upstream advises. */
const resources: ControllerResources = { cpu: "1", memory: "1Gi", memoryLimit: "1Gi" };

function controllerValues(args: KarpenterArgs, interruptionQueue: pulumi.Output<string>) {
    return {
        settings: { clusterName: args.clusterName, interruptionQueue },
        serviceMonitor: serviceMonitorValues(args.serviceMonitor),
        serviceAccount: { name: serviceAccount },
        replicas: args.replicas,
        controller: { resources: controllerResources(resources) },
        nodeSelector: { ...args.systemNodeSelector },
        tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "DoNotSchedule",
            },
        ],
    };
}
