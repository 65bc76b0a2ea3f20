import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";

import { kubeconfigPath } from "../../local/paths.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { isolatedCommand } from "../../ops/engine/isolatedCommand.ts";
import { ApiServer } from "../support/apiServer.ts";
import { cloudEvents, livingResources } from "../support/standin/cloud.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";

const password = "not-a-real-password-of-a-parameter";

const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });

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
                              opts: pulumi.mergeOptions(childOpts, { dependsOn: logs }),
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
    new aws.ssm.Parameter(
        "password",
        { name: "/stand-in/password", type: "SecureString", value: pulumi.secret(password) },
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

describe("the stand-ins for the providers of AWS", () => {
    let folder: string;
    let standIns: StandIns;
    let server: ApiServer;
    let open: (program: PulumiFn) => Promise<Stack>;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-standin-test-"));
        mkdirSync(join(folder, "state"));
        standIns = installStandIns(kubeconfigPath());
        server = await ApiServer.connect();
        const pulumiCli = await findPulumi();
        const home = await providerHome(pulumiCli);
        const pulumiCommand = await isolatedCommand(pulumiCli.root);
        open = (inline) =>
            LocalWorkspace.createOrSelectStack(
                { stackName: "test", projectName: "stand-in", program: inline },
                {
                    workDir: folder,
                    pulumiCommand,
                    ...(home !== undefined && { pulumiHome: home }),
                    envVars: {
                        PATH: standIns.path,
                        PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
                        PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
                        PULUMI_SKIP_UPDATE_CHECK: "true",
                    },
                },
            );
    });
    after(() => {
        rmSync(folder, { recursive: true });
        standIns.remove();
    });

    it("make what the program registers", async () => {
        const stack = await open(() => Promise.resolve(program()));
        const { summary, outputs } = await stack.up({ onOutput: (t) => process.stdout.write(t) });
        console.log(
            summary.resourceChanges,
            outputs,
            cloudEvents(standIns.log)
                .map(({ op, type, id }) => `${op} ${type} ${id}`)
                .join("\n"),
        );
    });

    it("have nothing to change", async () => {
        const stack = await open(() => Promise.resolve(program()));
        const { summary } = await stack.up({ onOutput: (t) => process.stdout.write(t) });
        console.log(summary.resourceChanges);
        const r = await stack.refresh({ onOutput: (t) => process.stdout.write(t) });
        console.log(r.summary.resourceChanges);
    });

    it("delete", async () => {
        const stack = await open(() => Promise.resolve(program()));
        const { summary } = await stack.destroy({ onOutput: (t) => process.stdout.write(t) });
        console.log(summary.resourceChanges);
        console.log(
            livingResources(standIns.log),
            readFileSync(standIns.log, "utf8").length,
            server !== undefined,
        );
    });
});
