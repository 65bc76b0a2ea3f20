import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";

import { kubeconfigPath } from "../../local/paths.ts";
import { ApiServer } from "../support/apiServer.ts";
import { cloudEvents, livingResources } from "../support/standin/cloud.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";
import { openStandInStack, pendingOperations, stateFile } from "../support/standin/openStack.ts";
import { independent } from "../support/standin/stateGraph.ts";

const secretText = "not-a-real-secret-of-a-parameter";
const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });

class RandomPassword extends pulumi.CustomResource {
    declare readonly result: pulumi.Output<string>;

    constructor(name: string, length: number) {
        super("random:index/randomPassword:RandomPassword", name, { length, result: undefined });
    }
}

/** A network, a cluster with a node group and an add-on, and an object in it. */
function program(): pulumi.Inputs {
    const provider = new aws.Provider("aws", { region: "us-east-1" });
    const vpc = new awsx.ec2.Vpc(
        "network",
        {
            cidrBlock: "10.0.0.0/16",
            availabilityZoneNames: ["us-east-1a", "us-east-1b"],
            subnetStrategy: "Auto",
            subnetSpecs: [
                { type: "Private", name: "private", cidrBlocks: ["10.0.0.0/19", "10.0.64.0/19"] },
                { type: "Public", name: "public", cidrBlocks: ["10.0.32.0/22", "10.0.96.0/22"] },
            ],
            natGateways: { strategy: "Single" },
        },
        { providers: { aws: provider } },
    );
    const opts = { provider };
    const logs = new aws.cloudwatch.LogGroup("logs", { name: "/aws/eks/stand-in/cluster" }, opts);
    const control = new eks.Cluster(
        "control",
        {
            name: "stand-in",
            vpcId: vpc.vpcId,
            privateSubnetIds: vpc.privateSubnetIds,
            authenticationMode: "API",
            accessEntries: {
                admin: {
                    principalArn: "arn:aws:iam::123456789012:role/admin",
                    accessPolicies: {
                        all: {
                            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                            accessScope: { type: "cluster" },
                        },
                    },
                },
            },
            enabledClusterLogTypes: logs.arn.apply(() => ["api"]),
            bootstrapSelfManagedAddons: false,
            skipDefaultNodeGroup: true,
            skipDefaultSecurityGroups: true,
            createInstanceRole: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: { enabled: false },
            corednsAddonOptions: { enabled: false },
            providerCredentialOpts: {},
        },
        {
            providers: { aws: provider },
            transforms: [
                ({ type, props, opts: childOpts }) =>
                    type === "aws:eks/cluster:Cluster"
                        ? {
                              props: {
                                  ...props,
                                  accessConfig: {
                                      authenticationMode: "API",
                                      bootstrapClusterCreatorAdminPermissions: false,
                                  },
                              },
                              opts: childOpts,
                          }
                        : undefined,
            ],
        },
    );
    const cluster = control.eksCluster;
    const role = new aws.iam.Role("node", { name: "stand-in-node", assumeRolePolicy: trust }, opts);
    const attachment = new aws.iam.RolePolicyAttachment(
        "node",
        { role, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
        opts,
    );
    const nodes = new aws.eks.NodeGroup(
        "nodes",
        {
            clusterName: cluster.name,
            nodeGroupName: "system",
            nodeRoleArn: role.arn,
            subnetIds: vpc.privateSubnetIds,
            scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 },
        },
        { ...opts, dependsOn: attachment },
    );
    const addon = new aws.eks.Addon(
        "coredns",
        { clusterName: cluster.name, addonName: "coredns" },
        { ...opts, dependsOn: nodes },
    );
    const password = new RandomPassword("password", 24);
    const value = pulumi.interpolate`${secretText} ${password.result}`;
    new aws.ssm.Parameter(
        "password",
        { name: "/stand-in/password", type: "SecureString", value: pulumi.secret(value) },
        opts,
    );
    const kubernetes = new k8s.Provider("kubernetes", {
        kubeconfig: control.kubeconfigJson,
        clusterIdentifier: "stand-in",
    });
    new k8s.core.v1.ConfigMap(
        "settings",
        { metadata: { name: "stand-in", namespace: "default" }, data: { color: "green" } },
        { provider: kubernetes, dependsOn: addon },
    );
    return { cluster: cluster.name, securityGroup: cluster.vpcConfig.clusterSecurityGroupId };
}

/** Number of resources by type, without their package. */
function counts(resources: readonly { type: string }[]): Record<string, number> {
    const result: Record<string, number> = {};
    for (const { type } of resources) {
        const name = type.split(":").at(-1) ?? "";
        result[name] = (result[name] ?? 0) + 1;
    }
    return result;
}

describe("the stand-ins for the providers of AWS", () => {
    const configMap = "/api/v1/namespaces/default/configmaps/stand-in";
    let folder: string;
    let standIns: StandIns;
    let server: ApiServer;

    const open = (run: PulumiFn, stack = "whole"): Promise<Stack> =>
        openStandInStack({ project: "stand-in", stack, folder, program: run, standIns });
    const whole = (): Promise<Stack> => open(() => Promise.resolve(program()));
    /** Position in the log of what was done to the only resource of a type. */
    const position = (op: "create" | "delete", type: string): number => {
        const events = cloudEvents(standIns.log);
        const found = events.filter((each) => each.op === op && each.type === type);
        const [only] = found;
        assert.ok(only && found.length === 1, `${found.length} times ${op} ${type}`);
        return events.indexOf(only);
    };

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-standin-test-"));
        standIns = installStandIns(kubeconfigPath());
        server = await ApiServer.connect();
    });
    after(() => {
        rmSync(folder, { recursive: true });
        standIns.remove();
    });

    it("make what the program and the components register", async () => {
        const { outputs } = await (await whole()).up();
        assert.equal(outputs["cluster"]?.value, "stand-in");
        assert.equal(outputs["securityGroup"]?.value, "sg-controleksluster");
        assert.deepEqual(counts(livingResources(standIns.log)), {
            AccessEntry: 1,
            AccessPolicyAssociation: 1,
            Addon: 1,
            Cluster: 1,
            Eip: 1,
            InternetGateway: 1,
            LogGroup: 1,
            NatGateway: 1,
            NodeGroup: 1,
            Parameter: 1,
            RandomPassword: 1,
            Role: 2,
            RolePolicyAttachment: 2,
            Route: 4,
            RouteTable: 4,
            RouteTableAssociation: 4,
            Subnet: 4,
            Vpc: 1,
        });
        assert.equal((await server.send("GET", configMap)).status, 200);
    });

    it("pass a component's transforms to its children", () => {
        const cluster = livingResources(standIns.log).find(({ type }) => type === "aws:eks/cluster:Cluster");
        assert.deepEqual(cluster?.inputs["accessConfig"], {
            authenticationMode: "API",
            bootstrapClusterCreatorAdminPermissions: false,
        });
    });

    it("pass what a component's inputs depend on to its children", () => {
        const state = stateFile({ folder, project: "stand-in", stack: "whole" });
        assert.deepEqual(independent(state, [["LogGroup logs", "Cluster control-eksCluster"]]), []);
    });

    it("keep secrets secret", () => {
        const password = livingResources(standIns.log).find(({ type }) => type.startsWith("random:"));
        const { value } = password?.outputs["result"] as { value: string };
        assert.equal(value.length, 24);
        const state = readFileSync(stateFile({ folder, project: "stand-in", stack: "whole" }), "utf8");
        assert.equal(state.includes(secretText), false);
        assert.equal(state.includes(value), false);
    });

    it("have nothing to change the second time", async () => {
        const stack = await whole();
        const up = await stack.up();
        assert.deepEqual(Object.keys(up.summary.resourceChanges ?? {}), ["same"]);
        const refresh = await stack.refresh();
        assert.deepEqual(Object.keys(refresh.summary.resourceChanges ?? {}), ["same"]);
    });

    it("delete everything, users before what they use", async () => {
        const stack = await whole();
        await stack.destroy();
        assert.deepEqual(livingResources(standIns.log), []);
        assert.deepEqual(
            cloudEvents(standIns.log).filter(({ op }) => op === "refused"),
            [],
        );
        assert.deepEqual(await pendingOperations(stack), []);
        const cluster = position("delete", "aws:eks/cluster:Cluster");
        assert.ok(position("delete", "aws:eks/nodeGroup:NodeGroup") < cluster);
        assert.ok(cluster < position("delete", "aws:cloudwatch/logGroup:LogGroup"));
        assert.ok(cluster < position("delete", "aws:ec2/vpc:Vpc"));
        assert.equal((await server.send("GET", configMap)).status, 404);
    });

    it("refuse to use what does not exist", async () => {
        const stack = await open(() => {
            new aws.ec2.Subnet("lost", { vpcId: "vpc-0lost", cidrBlock: "10.0.0.0/24" });
            return Promise.resolve();
        }, "lost");
        await assert.rejects(stack.up(), /NotFound: aws:ec2\/subnet:Subnet refers to vpc-0lost/);
    });

    it("refuse to delete what is in use", async () => {
        const subnetArgs = { vpcId: "vpc-0used", cidrBlock: "10.0.0.0/24" };
        const both = await open(() => {
            const vpc = new aws.ec2.Vpc("used", { cidrBlock: "10.0.0.0/16" });
            new aws.ec2.Subnet("user", subnetArgs, { dependsOn: vpc });
            return Promise.resolve();
        }, "used");
        await both.up();
        const withoutVpc = await open(() => {
            new aws.ec2.Subnet("user", subnetArgs);
            return Promise.resolve();
        }, "used");
        await assert.rejects(
            withoutVpc.up(),
            /DependencyViolation: aws:ec2\/vpc:Vpc vpc-0used is in use by aws:ec2\/subnet:Subnet subnet-0user/,
        );
    });
});
