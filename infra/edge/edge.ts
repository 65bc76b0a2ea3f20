import type * as pulumi from "@pulumi/pulumi";

/** Where the load balancer writes its access logs. */
export interface AccessLogs {
    /** Bucket in the load balancer's region, with the policy that lets ELB write. */
    readonly bucket: string;
    /** Prefix of the keys, without slashes at its ends. */
    readonly prefix: string;
}

/** What stands between the internet and the load balancer, whoever made it. */
export interface Edge {
    /** ACM certificate for both hosts, issued. Default: the load balancer controller finds one by host name. */
    readonly certificateArn?: pulumi.Input<string> | undefined;
    /** Web ACL of the load balancer; `none` takes away the one that is attached. Default: what is attached stays. */
    readonly wafAclArn?: pulumi.Input<string> | undefined;
    /** Default: no access logs. */
    readonly accessLogs?: AccessLogs | undefined;
    /** What must exist before the load balancer, and must outlive it. */
    readonly ready: readonly pulumi.Resource[];
}
