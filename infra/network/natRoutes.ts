import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { NatGateways } from "./vpc.ts";

export interface NatRoutesArgs {
    /** Prefix of the gateways' Name tags. */
    namePrefix: string;
    natGateways: NatGateways;
    /** One per zone. */
    publicSubnetIds: pulumi.Output<string>[];
    /** Route table of the private subnet of each zone. */
    routeTableIds: pulumi.Output<string>[];
}

/** NAT gateways with an address each, and the default route of every private subnet. Returns the routes. */
export function natRoutes(
    name: string,
    args: NatRoutesArgs,
    opts: pulumi.CustomResourceOptions,
): aws.ec2.Route[] {
    const hosts = args.natGateways === "single" ? args.publicSubnetIds.slice(0, 1) : args.publicSubnetIds;
    const gateways = hosts.map((subnetId, index) => {
        const zone = index + 1;
        const tags = { Name: `${args.namePrefix}-nat-${zone}` };
        const address = new aws.ec2.Eip(`${name}-nat-${zone}`, { domain: "vpc", tags }, opts);
        return new aws.ec2.NatGateway(
            `${name}-nat-${zone}`,
            { subnetId, allocationId: address.allocationId, tags },
            opts,
        );
    });
    return args.routeTableIds.map((routeTableId, index) => {
        const gateway = gateways[index] ?? gateways[0];
        if (!gateway) throw new Error("a private subnet needs a NAT gateway");
        return new aws.ec2.Route(
            `${name}-private-${index + 1}-internet`,
            { routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
            opts,
        );
    });
}
