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
    /** Principals that see everything, Secrets included: Helm keeps its releases in them. */
    previewers: readonly string[];
    /** Principals that only belong to the Kubernetes group `validatorsGroup`. */
    validators: readonly string[];
}

/** Kubernetes group of the principals that may only validate a deployment. */
export const validatorsGroup = "spywatcher-validators";

/** Name of an access entry: by principal, so that the order of the list does not matter. */
function entryName(name: string, role: string, principalArn: string): string {
    return `${name}-${role}-${principalArn.split(":").at(-1)?.replaceAll("/", "-") ?? ""}`;
}

/** Makes an access entry for each principal, with a cluster-wide policy or a group. Returns what must exist before somebody gets in. */
export function accessEntries(
    name: string,
    { region, cluster, access }: { region: string; cluster: pulumi.Input<string>; access: AccessArgs },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const grants = [
        { role: "deployer", policy: "AmazonEKSClusterAdminPolicy", principals: [access.deployRole] },
        { role: "admin", policy: "AmazonEKSClusterAdminPolicy", principals: access.admins },
        { role: "viewer", policy: "AmazonEKSViewPolicy", principals: access.viewers },
        { role: "previewer", policy: "AmazonEKSAdminViewPolicy", principals: access.previewers },
    ];
    const validators = access.validators.map(
        (principalArn) =>
            new aws.eks.AccessEntry(
                entryName(name, "validator", principalArn),
                {
                    clusterName: cluster,
                    principalArn,
                    type: "STANDARD",
                    kubernetesGroups: [validatorsGroup],
                },
                opts,
            ),
    );
    const associations = grants.flatMap(({ role, policy, principals }) =>
        principals.map((principalArn) => {
            const each = entryName(name, role, principalArn);
            const entry = new aws.eks.AccessEntry(
                each,
                { clusterName: cluster, principalArn, type: "STANDARD" },
                opts,
            );
            return new aws.eks.AccessPolicyAssociation(
                each,
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
    return [...associations, ...validators];
}
