import type * as pulumi from "@pulumi/pulumi";

/** What the layers above need to know of the network, whoever made it. */
export interface Network {
    /** CIDR blocks of the subnets the load balancer may use: the source addresses of its requests and health checks. */
    readonly loadBalancerCidrs: pulumi.Output<string[]>;
}
