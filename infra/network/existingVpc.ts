import * as pulumi from "@pulumi/pulumi";

import type { AwsNetwork } from "./network.ts";

export interface ExistingVpcArgs {
    vpcId: string;
    /** At least two, in different zones, tagged `kubernetes.io/role/elb`. */
    publicSubnetIds: string[];
    /** At least two, in different zones, with a route to the internet or the endpoints nodes need. */
    privateSubnetIds: string[];
    /** At least two, in different zones. */
    databaseSubnetIds: string[];
    /** CIDR blocks of those subnets. */
    databaseCidrs: string[];
    /** CIDR blocks of the subnets the load balancer may use. */
    loadBalancerCidrs: string[];
}

/** A VPC that exists already and is left as it is. */
export function existingVpc(args: ExistingVpcArgs): AwsNetwork {
    return {
        vpcId: pulumi.output(args.vpcId),
        publicSubnetIds: pulumi.output(args.publicSubnetIds),
        privateSubnetIds: pulumi.output(args.privateSubnetIds),
        databaseSubnetIds: pulumi.output(args.databaseSubnetIds),
        databaseCidrs: pulumi.output(args.databaseCidrs),
        loadBalancerCidrs: pulumi.output(args.loadBalancerCidrs),
        internetAccess: [],
    };
}
