import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { partition } from "../aws/account.ts";

/** Who may do what in the cluster. Principals are ARNs of IAM roles or users. */
export interface AccessArgs {
    /** Role that deploys: the kubeconfig assumes it. Has every right. */
    deployRole: string;
    /** Principals with every right. */
    admins: readonly string[];
    /** Principals that see everything except Secrets. */
    viewers: readonly string[];
}

/** Makes an access entry with a cluster-wide policy for each principal. Returns what must exist before somebody gets in. */
export function accessEntries(
    name: string,
    { region, cluster, access }: { region: string; cluster: pulumi.Input<string>; access: AccessArgs },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const grants = [
        { role: "deployer", policy: "AmazonEKSClusterAdminPolicy", principals: [access.deployRole] },
        { role: "admin", policy: "AmazonEKSClusterAdminPolicy", principals: access.admins },
        { role: "viewer", policy: "AmazonEKSViewPolicy", principals: access.viewers },
    ];
    return grants.flatMap(({ role, policy, principals }) =>
        principals.map((principalArn) => {
            // By principal, so that the order of the list does not matter.
            const entryName = `${name}-${role}-${principalArn.split(":").at(-1)?.replaceAll("/", "-") ?? ""}`;
            const entry = new aws.eks.AccessEntry(
                entryName,
                { clusterName: cluster, principalArn, type: "STANDARD" },
                opts,
            );
            return new aws.eks.AccessPolicyAssociation(
                entryName,
                {
                    clusterName: cluster,
                    principalArn: entry.principalArn,
                    policyArn: `arn:${partition(region)}:eks::aws:cluster-access-policy/${policy}`,
                    accessScope: { type: "cluster" },
                },
                opts,
            );
        }),
    );
}
