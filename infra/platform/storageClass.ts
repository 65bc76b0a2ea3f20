import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Name of the cluster's default StorageClass. */
export const storageClassName = "gp3";

/** The one default StorageClass: encrypted gp3 volumes, made in the zone of the first pod that uses them. */
export function defaultStorageClass(
    name: string,
    { tags }: { tags: Record<string, string> },
    opts: pulumi.CustomResourceOptions,
): k8s.storage.v1.StorageClass {
    return new k8s.storage.v1.StorageClass(
        name,
        {
            metadata: {
                name: storageClassName,
                annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "ebs.csi.aws.com",
            parameters: {
                type: "gp3",
                encrypted: "true",
                "csi.storage.k8s.io/fstype": "ext4",
                // The provider's default tags do not reach what the driver makes.
                ...Object.fromEntries(
                    Object.entries(tags).map(([key, value], index) => [
                        `tagSpecification_${index + 1}`,
                        `${key}=${value}`,
                    ]),
                ),
            },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: "Delete",
        },
        opts,
    );
}
