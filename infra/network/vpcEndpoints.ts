import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsAccount } from "../aws/account.ts";

export interface VpcEndpointsArgs {
    account: AwsAccount;
    namePrefix: string;
    vpcId: pulumi.Input<string>;
    /** CIDR block of the VPC: who may use the interface endpoints. */
    cidrBlock: string;
    /** Subnets of the interface endpoints. */
    subnetIds: pulumi.Input<string[]>;
    /** Route tables that lead to S3 by the gateway endpoint. */
    routeTableIds: pulumi.Input<string>[];
    /** Services, such as `ecr.api`, with an interface endpoint. */
    interfaceEndpoints: readonly string[];
}

function serviceName({ region }: AwsAccount, service: string): string {
    const prefix = region.startsWith("cn-") ? "cn.com.amazonaws" : "com.amazonaws";
    return `${prefix}.${region}.${service}`;
}

/** A gateway endpoint for S3, which is free and carries the layers of every image pulled from ECR, and interface endpoints. */
export function vpcEndpoints(name: string, args: VpcEndpointsArgs, opts: pulumi.CustomResourceOptions): void {
    new aws.ec2.VpcEndpoint(
        `${name}-s3`,
        {
            vpcId: args.vpcId,
            vpcEndpointType: "Gateway",
            serviceName: serviceName(args.account, "s3"),
            routeTableIds: args.routeTableIds,
            tags: { Name: `${args.namePrefix}-s3` },
        },
        opts,
    );
    if (args.interfaceEndpoints.length === 0) return;
    const securityGroup = new aws.ec2.SecurityGroup(
        `${name}-endpoints`,
        {
            vpcId: args.vpcId,
            description: "HTTPS from inside the VPC to the interface endpoints",
            ingress: [
                {
                    protocol: "tcp",
                    fromPort: 443,
                    toPort: 443,
                    cidrBlocks: [args.cidrBlock],
                    description: "HTTPS from the VPC",
                },
            ],
            egress: [],
            tags: { Name: `${args.namePrefix}-endpoints` },
        },
        opts,
    );
    for (const service of args.interfaceEndpoints) {
        new aws.ec2.VpcEndpoint(
            `${name}-${service.replaceAll(".", "-")}`,
            {
                vpcId: args.vpcId,
                vpcEndpointType: "Interface",
                serviceName: serviceName(args.account, service),
                subnetIds: args.subnetIds,
                securityGroupIds: [securityGroup.id],
                privateDnsEnabled: true,
                tags: { Name: `${args.namePrefix}-${service}` },
            },
            opts,
        );
    }
}
