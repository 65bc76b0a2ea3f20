import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../aws/account.ts";
import { FlowLog } from "./flowLog.ts";
import { natRoutes } from "./natRoutes.ts";
import type { AwsNetwork } from "./network.ts";
import { subnetLayout } from "./subnetLayout.ts";
import { vpcEndpoints } from "./vpcEndpoints.ts";

/** How private subnets reach the internet: one NAT gateway for all, or one in each zone so that none depends on another. */
export type NatGateways = "single" | "per-zone";

export interface VpcArgs {
    account: AwsAccount;
    /** Prefix of physical names. */
    namePrefix: string;
    /** CIDR block of the VPC, /16 to /20. Cannot change while the VPC exists. */
    cidrBlock: string;
    /** Names of the availability zones, at least two. Further ones may be added at the end. */
    availabilityZones: string[];
    natGateways: NatGateways;
    /** Services, such as `ecr.api`, that get an interface endpoint in the private subnets. Default: none. */
    interfaceEndpoints?: readonly string[] | undefined;
    /** Days the flow logs are kept. */
    flowLogRetentionDays: number;
    /** KMS key for log groups. */
    logKeyArn: pulumi.Input<string>;
    /** Refuse to delete the VPC. */
    protect: boolean;
}

/** A VPC with public, private and database subnets in each zone, flow logs, and a default security group nobody can use. */
export class Vpc extends pulumi.ComponentResource implements AwsNetwork {
    readonly vpcId: pulumi.Output<string>;
    readonly publicSubnetIds: pulumi.Output<string[]>;
    readonly privateSubnetIds: pulumi.Output<string[]>;
    readonly databaseSubnetIds: pulumi.Output<string[]>;
    readonly databaseCidrs: pulumi.Output<string[]>;
    readonly loadBalancerCidrs: pulumi.Output<string[]>;
    readonly internetAccess: pulumi.Resource[];

    constructor(name: string, args: VpcArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:network:Vpc", name, {}, opts);
        const layout = subnetLayout(args.cidrBlock, args.availabilityZones.length);
        const vpc = new awsx.ec2.Vpc(
            `${name}-vpc`,
            {
                cidrBlock: args.cidrBlock,
                availabilityZoneNames: args.availabilityZones,
                // The default, Legacy, would make a later change of strategy replace the subnets (pulumi-awsx#931).
                subnetStrategy: "Auto",
                subnetSpecs: [
                    {
                        type: "Private",
                        name: "private",
                        cidrBlocks: layout.private,
                        tags: { "kubernetes.io/role/internal-elb": "1" },
                    },
                    {
                        type: "Public",
                        name: "public",
                        cidrBlocks: layout.public,
                        tags: { "kubernetes.io/role/elb": "1" },
                    },
                    { type: "Isolated", name: "database", cidrBlocks: layout.database },
                ],
                // The component is done only when all it makes is done: gateways of its own would hold up the cluster for
                // two minutes.
                natGateways: { strategy: "None" },
                // Off by default, but the private endpoint of EKS and interface endpoints need it.
                enableDnsHostnames: true,
                enableDnsSupport: true,
                tags: { Name: args.namePrefix },
            },
            { parent: this, protect: args.protect },
        );
        this.vpcId = vpc.vpcId;
        this.publicSubnetIds = vpc.publicSubnetIds;
        this.privateSubnetIds = vpc.privateSubnetIds;
        this.databaseSubnetIds = vpc.isolatedSubnetIds;
        this.databaseCidrs = pulumi.output(layout.database);
        this.loadBalancerCidrs = pulumi.output(layout.public);

        const associations = vpc.routeTableAssociations.apply((all) =>
            pulumi.all(all.map(({ subnetId, routeTableId }) => pulumi.all([subnetId, routeTableId]))),
        );
        const routeTableOf = (subnetId: pulumi.Output<string>): pulumi.Output<string> =>
            pulumi.all([subnetId, associations]).apply(([id, pairs]) => {
                const found = pairs.find(([associated]) => associated === id);
                if (!found) throw new Error(`subnet ${id} has no route table`);
                return found[1];
            });
        const perZone = (subnetIds: pulumi.Output<string[]>): pulumi.Output<string>[] =>
            args.availabilityZones.map((_, zone) =>
                subnetIds.apply((ids) => {
                    const id = ids[zone];
                    if (id === undefined) throw new Error(`zone ${zone} has no subnet`);
                    return id;
                }),
            );
        const privateRouteTables = perZone(vpc.privateSubnetIds).map(routeTableOf);
        this.internetAccess = natRoutes(
            name,
            {
                namePrefix: args.namePrefix,
                natGateways: args.natGateways,
                publicSubnetIds: perZone(vpc.publicSubnetIds),
                routeTableIds: privateRouteTables,
            },
            { parent: this },
        );
        vpcEndpoints(
            name,
            {
                account: args.account,
                namePrefix: args.namePrefix,
                vpcId: vpc.vpcId,
                cidrBlock: args.cidrBlock,
                subnetIds: vpc.privateSubnetIds,
                routeTableIds: privateRouteTables,
                interfaceEndpoints: args.interfaceEndpoints ?? [],
            },
            { parent: this },
        );
        // AWS makes it with everything open inside; without rules nobody can use it by mistake (CIS AWS 5.4).
        new aws.ec2.DefaultSecurityGroup(
            `${name}-default-security-group`,
            {
                vpcId: vpc.vpcId,
                ingress: [],
                egress: [],
                tags: { Name: `${args.namePrefix}-default-unused` },
            },
            { parent: this },
        );
        new FlowLog(
            `${name}-flow-log`,
            {
                account: args.account,
                namePrefix: args.namePrefix,
                vpcId: vpc.vpcId,
                retentionDays: args.flowLogRetentionDays,
                logKeyArn: args.logKeyArn,
            },
            { parent: this },
        );
        this.registerOutputs({ vpcId: this.vpcId });
    }
}
