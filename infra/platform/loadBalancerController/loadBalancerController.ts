import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../../aws/account.ts";
import { PodIdentity } from "../../cluster/podIdentity.ts";
import { chartArgs, type ChartOverrides } from "../chart.ts";
import { DefinitionsJob } from "../definitionsJob.ts";
import { controllerPolicies } from "./controllerPolicies.ts";
import { controllerValues, type ControllerValuesArgs, releaseName, serviceAccount } from "./values.ts";

export interface LoadBalancerControllerArgs extends Omit<ControllerValuesArgs, "region"> {
    /** Account and region of the cluster. */
    account: AwsAccount;
    /** The cluster's name, known when the control plane exists. */
    cluster: pulumi.Input<string>;
    /**
     * Bring the definitions to the chart's version before the controller, by a Job. Without it Helm installs them once, and
     * upgrades are done by hand.
     */
    updateDefinitions: boolean;
    /** Where the Job reads them. Default: GitHub. */
    definitionsUrl?: string | undefined;
    /** Image of the Job. Default: the pinned one. */
    definitionsImage?: string | undefined;
    /** Other places to get the chart from. */
    charts?: ChartOverrides | undefined;
    /** What the controller needs until the end: system nodes, routes, DNS, the Pod Identity agent. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

const { namespace } = serviceAccount;

/** The definitions in the chart's `crds/crds.yaml`. Those of its Gateway API are not needed: the controllers are off. */
const definitions = [
    "albtargetcontrolconfigs.elbv2.k8s.aws",
    "globalaccelerators.aga.k8s.aws",
    "ingressclassparams.elbv2.k8s.aws",
    "targetgroupbindings.elbv2.k8s.aws",
];

function definitionsUrl(version: string): string {
    return `https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v${version}/helm/aws-load-balancer-controller/crds/crds.yaml`;
}

/** The AWS Load Balancer Controller: makes an Application Load Balancer for each group of Ingresses of class `alb`. */
export class LoadBalancerController extends pulumi.ComponentResource {
    /** The controller: Ingresses come after it, and are gone before it, or their load balancers stay in the VPC. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:LoadBalancerController", name, {}, opts);
        const { account, clusterName } = args;
        const policies = pulumi
            .output(args.vpcId)
            .apply((vpcId) => controllerPolicies({ account, clusterName, vpcId }));
        const identity = new PodIdentity(
            `${name}-identity`,
            {
                account,
                clusterName,
                cluster: args.cluster,
                roleName: `${clusterName}-load-balancer-controller`,
                namespace,
                serviceAccount: serviceAccount.name,
                policies: {
                    discovery: policies.apply(({ discovery }) => discovery),
                    changes: policies.apply(({ changes }) => changes),
                },
            },
            { parent: this },
        );
        const chart = chartArgs(
            "aws-load-balancer-controller",
            controllerValues({ ...args, region: account.region }),
            args.charts,
        );
        const earlier: pulumi.Resource[] = [...identity.resources];
        if (args.updateDefinitions) {
            const { job } = new DefinitionsJob(
                `${name}-definitions`,
                {
                    owner: "load-balancer-controller",
                    url: args.definitionsUrl ?? definitionsUrl(chart.version),
                    image: args.definitionsImage,
                    definitions,
                    systemNodeSelector: args.systemNodeSelector,
                    startAfter: args.startAfter,
                },
                { parent: this },
            );
            earlier.push(job);
        }
        const controller = new k8s.helm.v3.Release(
            `${name}-release`,
            {
                name: releaseName,
                namespace,
                ...chart,
                skipCrds: args.updateDefinitions,
            },
            {
                parent: this,
                dependsOn: pulumi.output(args.startAfter).apply((all) => [...all, ...earlier]),
            },
        );
        this.ready = [controller];
        this.registerOutputs({});
    }
}
