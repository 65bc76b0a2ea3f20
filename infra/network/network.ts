import type * as pulumi from "@pulumi/pulumi";

/** What the layers above need to know of the network, whoever made it. */
export interface Network {
    /** CIDR blocks of the subnets the load balancer may use: the source addresses of its requests and health checks. */
    readonly loadBalancerCidrs: pulumi.Output<string[]>;
}

/** What the layers that live in AWS need to know of their VPC. */
export interface AwsNetwork extends Network {
    readonly vpcId: pulumi.Output<string>;
    /** One per zone, routed to the internet gateway: for the load balancer. */
    readonly publicSubnetIds: pulumi.Output<string[]>;
    /** One per zone, routed to a NAT gateway: for the control plane's interfaces and the nodes. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** One per zone, without a way out: for the data stores. */
    readonly databaseSubnetIds: pulumi.Output<string[]>;
    /** CIDR blocks of those subnets: where pods reach the data stores. */
    readonly databaseCidrs: pulumi.Output<string[]>;
    /** What must exist before a node in a private subnet can reach the internet, and must outlive the node. */
    readonly internetAccess: pulumi.Resource[];
}
