import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface AccessEntry {
    principalArn: pulumi.Input<string>;
    type?: pulumi.Input<string>;
    accessPolicies?: Record<
        string,
        { policyArn: pulumi.Input<string>; accessScope: pulumi.Input<{ type: string }> }
    >;
}

/** The arguments of `eks.Cluster` that the stand-in knows. */
export interface StandInClusterArgs {
    name?: pulumi.Input<string>;
    version?: pulumi.Input<string>;
    privateSubnetIds?: pulumi.Input<string[]>;
    publicSubnetIds?: pulumi.Input<string[]>;
    authenticationMode?: string;
    accessEntries?: Record<string, AccessEntry>;
    bootstrapSelfManagedAddons?: pulumi.Input<boolean>;
    deletionProtection?: pulumi.Input<boolean>;
    enabledClusterLogTypes?: pulumi.Input<pulumi.Input<string>[]>;
    encryptionConfigKeyArn?: pulumi.Input<string>;
    endpointPrivateAccess?: pulumi.Input<boolean>;
    endpointPublicAccess?: pulumi.Input<boolean>;
    publicAccessCidrs?: pulumi.Input<pulumi.Input<string>[]>;
    upgradePolicy?: pulumi.Input<{ supportType?: string }>;
    clusterTags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The stand-in leaves out what these switch off. */
function assertSwitchedOff(args: pulumi.Inputs): void {
    const fits =
        args["createInstanceRole"] === false &&
        args["skipDefaultNodeGroup"] === true &&
        args["skipDefaultSecurityGroups"] === true &&
        args["useDefaultVpcCni"] === true &&
        args["kubeProxyAddonOptions"]?.enabled === false &&
        args["corednsAddonOptions"]?.enabled === false;
    if (!fits) {
        throw new Error(
            "the stand-in for eks makes no instance role, node group, security groups or add-ons: switch them off",
        );
    }
}

/** Makes the resources that `eks.Cluster` makes without node group, security groups and add-ons, as the component does. */
export class StandInCluster extends pulumi.ComponentResource {
    readonly state: pulumi.Inputs;

    constructor(name: string, args: StandInClusterArgs, opts: pulumi.ComponentResourceOptions) {
        super("eks:index:Cluster", name, {}, opts);
        assertSwitchedOff(args);
        const { role, attached } = serviceRole(`${name}-eksRole`, this);
        const cluster = this.#cluster(name, args, role, attached);
        for (const [key, entry] of Object.entries(args.accessEntries ?? {})) {
            this.#accessEntry(`${name}-${key}`, entry, cluster);
        }
        const kubeconfig = pulumi
            .all([cluster.name, cluster.endpoint, cluster.certificateAuthority.data])
            .apply(([clusterName, server, data]) => kubeconfigOf(clusterName, server, data));
        const provider = new k8s.Provider(
            `${name}-eks-k8s`,
            { kubeconfig: kubeconfig.apply(JSON.stringify) },
            { parent: this },
        );
        this.state = {
            eksCluster: cluster,
            kubeconfig,
            kubeconfigJson: kubeconfig.apply(JSON.stringify),
            clusterSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
            nodeSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
            core: { cluster, provider, endpoint: cluster.endpoint, clusterIamRole: role },
            instanceRoles: [],
        };
        this.registerOutputs(this.state);
    }

    #cluster(
        name: string,
        args: StandInClusterArgs,
        role: aws.iam.Role,
        attached: pulumi.Resource[],
    ): aws.eks.Cluster {
        return new aws.eks.Cluster(
            `${name}-eksCluster`,
            {
                name: args.name,
                roleArn: role.arn,
                version: args.version,
                bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
                vpcConfig: {
                    subnetIds: pulumi
                        .all([args.publicSubnetIds ?? [], args.privateSubnetIds ?? []])
                        .apply((ids) => ids.flat()),
                    endpointPrivateAccess: args.endpointPrivateAccess,
                    endpointPublicAccess: args.endpointPublicAccess,
                    publicAccessCidrs: args.publicAccessCidrs,
                },
                enabledClusterLogTypes: args.enabledClusterLogTypes,
                encryptionConfig:
                    args.encryptionConfigKeyArn === undefined
                        ? undefined
                        : { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] },
                accessConfig:
                    args.authenticationMode === undefined
                        ? undefined
                        : {
                              authenticationMode: args.authenticationMode,
                              bootstrapClusterCreatorAdminPermissions: true,
                          },
                upgradePolicy: args.upgradePolicy,
                deletionProtection: args.deletionProtection,
                tags: pulumi
                    .output(args.clusterTags ?? {})
                    .apply((tags) => ({ Name: `${name}-eksCluster`, ...tags })),
            },
            {
                parent: this,
                dependsOn: attached,
                ignoreChanges: [
                    "accessConfig.bootstrapClusterCreatorAdminPermissions",
                    "bootstrapSelfManagedAddons",
                ],
            },
        );
    }

    #accessEntry(name: string, { accessPolicies, ...entry }: AccessEntry, cluster: aws.eks.Cluster): void {
        const clusterName = cluster.name;
        const parent = new aws.eks.AccessEntry(
            name,
            { ...entry, clusterName },
            { parent: this, dependsOn: cluster },
        );
        for (const [key, { policyArn, accessScope }] of Object.entries(accessPolicies ?? {})) {
            new aws.eks.AccessPolicyAssociation(
                `${name}-${key}`,
                { clusterName, principalArn: entry.principalArn, policyArn, accessScope },
                { parent, dependsOn: parent },
            );
        }
    }
}

class ServiceRole extends pulumi.ComponentResource {}

function serviceRole(
    name: string,
    parent: pulumi.Resource,
): { role: aws.iam.Role; attached: pulumi.Resource[] } {
    const component = new ServiceRole("eks:index:ServiceRole", name, {}, { parent });
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
    const digest = createHash("sha1").update(policyArn).digest("hex").slice(0, 8);
    const role = new aws.iam.Role(
        `${name}-role`,
        {
            description: "Allows EKS to manage clusters on your behalf.",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Action: ["sts:AssumeRole", "sts:TagSession"],
                        Effect: "Allow",
                        Principal: { Service: ["eks.amazonaws.com"] },
                    },
                ],
            }),
        },
        { parent: component },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
        `${name}-${digest}`,
        { policyArn, role },
        { parent: component },
    );
    return { role, attached: [role, attachment] };
}

function kubeconfigOf(name: string, server: string, certificateAuthority: string): pulumi.Inputs {
    return {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "aws",
        clusters: [
            { name: "kubernetes", cluster: { server, "certificate-authority-data": certificateAuthority } },
        ],
        contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
        users: [
            {
                name: "aws",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: ["eks", "get-token", "--cluster-name", name, "--output", "json"],
                    },
                },
            },
        ],
    };
}
