import assert from "node:assert/strict";

import type { Plan, PlannedResource } from "../../ops/plan/model.ts";
import { planOf } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

type Stage = (plan: Plan) => PlannedResource[];

const named =
    (type: string, ...names: string[]): Stage =>
    (plan) =>
        names.map((name) => byName(plan, type, name));

const all =
    (type: string): Stage =>
    (plan) =>
        ofType(plan, type);

/** Every stage comes, whole, after the whole of the one before; a destroy goes the other way. */
const chains: Record<string, Stage[]> = {
    "network, control plane, access, objects": [
        named("awsx:ec2:Vpc", "network-vpc"),
        named("eks:index:Cluster", "cluster-control-plane"),
        all("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"),
        named("pulumi:providers:kubernetes", "cluster-kubernetes"),
        named("kubernetes:core/v1:Namespace", "spywatcher-namespace"),
        all("kubernetes:apps/v1:Deployment"),
    ],
    "its key, the log group of the control plane, which would come back": [
        named("aws:kms/key:Key", "log-key"),
        named("aws:cloudwatch/logGroup:LogGroup", "cluster-logs"),
        named("eks:index:Cluster", "cluster-control-plane"),
    ],
    "control plane, node add-ons, nodes, DNS, Karpenter, node pools, application": [
        named("eks:index:Cluster", "cluster-control-plane"),
        named("aws:eks/addon:Addon", "cluster-vpc-cni", "cluster-eks-pod-identity-agent"),
        named("aws:eks/nodeGroup:NodeGroup", "cluster-system"),
        named("aws:eks/addon:Addon", "cluster-coredns"),
        named("kubernetes:helm.sh/v3:Release", "karpenter-controller"),
        all("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"),
        all("kubernetes:karpenter.sh/v1:NodePool"),
        all("kubernetes:apps/v1:Deployment"),
    ],
    "the way to the internet, nodes, and what Karpenter makes": [
        named("aws:ec2/natGateway:NatGateway", "network-nat-1"),
        named("aws:ec2/route:Route", "network-private-1-internet"),
        named("aws:eks/nodeGroup:NodeGroup", "cluster-system"),
        all("kubernetes:karpenter.sh/v1:NodePool"),
    ],
    "roles, associations, controllers": [
        named("aws:iam/role:Role", "karpenter-controller-role"),
        named("aws:eks/podIdentityAssociation:PodIdentityAssociation", "karpenter-controller-association"),
        named("kubernetes:helm.sh/v3:Release", "karpenter-controller"),
    ],
    "certificate, its issue, load balancer": [
        named("aws:acm/certificate:Certificate", "certificate-certificate"),
        named("aws:acm/certificateValidation:CertificateValidation", "certificate-validation"),
        all("kubernetes:networking.k8s.io/v1:Ingress"),
    ],
    "nodes and routes, role and definitions, load balancer controller, Ingress": [
        (plan) => [
            byName(plan, "aws:eks/nodeGroup:NodeGroup", "cluster-system"),
            ...ofType(plan, "aws:ec2/route:Route"),
        ],
        named("kubernetes:batch/v1:Job", "load-balancer-controller-definitions-job"),
        named("kubernetes:helm.sh/v3:Release", "load-balancer-controller-release"),
        named("kubernetes:core/v1:Namespace", "spywatcher-namespace"),
        all("kubernetes:networking.k8s.io/v1:Ingress"),
    ],
    "policies, association, load balancer controller": [
        (plan) =>
            ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
                name.startsWith("load-balancer-controller-identity-"),
            ),
        named(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "load-balancer-controller-identity-association",
        ),
        named("kubernetes:helm.sh/v3:Release", "load-balancer-controller-release"),
    ],
    "DNS, metrics-server, HPAs": [
        named("aws:eks/addon:Addon", "cluster-coredns"),
        named("kubernetes:helm.sh/v3:Release", "metrics-server-release"),
        all("kubernetes:autoscaling/v2:HorizontalPodAutoscaler"),
    ],
    "volumes, their driver and role": [
        named("aws:eks/podIdentityAssociation:PodIdentityAssociation", "cluster-ebs-csi-association"),
        named("aws:eks/addon:Addon", "cluster-aws-ebs-csi-driver"),
        all("kubernetes:storage.k8s.io/v1:StorageClass"),
        all("kubernetes:apps/v1:Deployment"),
    ],
};

describe("the order of creation in AWS (and, reversed, of deletion)", () => {
    for (const stack of ["dev", "prod"]) {
        for (const [name, stages] of Object.entries(chains)) {
            it(`in ${stack} is ${name}`, async () => {
                const plan = await planOf(stack);
                const resources = stages.map((stage) => stage(plan));
                for (const [index, later] of resources.entries()) {
                    assert.ok(later.length > 0, `stage ${index} is empty`);
                    for (const earlier of resources[index - 1] ?? []) {
                        for (const each of later) {
                            assert.ok(comesAfter(plan, each, earlier), `${each.urn} after ${earlier.urn}`);
                        }
                    }
                }
            });
        }

        it(`in ${stack} keeps neither NAT gateways nor flow logs in the way of the control plane`, async () => {
            const plan = await planOf(stack);
            const controlPlane = byName(plan, "eks:index:Cluster", "cluster-control-plane");
            for (const type of ["aws:ec2/natGateway:NatGateway", "aws:ec2/flowLog:FlowLog"]) {
                for (const each of ofType(plan, type)) {
                    assert.equal(comesAfter(plan, controlPlane, each), false, each.urn);
                }
            }
        });
    }
});
