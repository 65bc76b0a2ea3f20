import * as pulumi from "@pulumi/pulumi";

export interface NodeClassArgs {
    /** Name of the nodes' role. */
    roleName: pulumi.Input<string>;
    /** Image of the nodes, as `al2023@vYYYYMMDD` or `bottlerocket@vX.Y.Z`. */
    amiAlias: string;
    /** Size in GiB of the volume with container images, logs and pods' files. */
    volumeGiB: number;
    /** The one security group of the nodes. */
    securityGroupId: pulumi.Input<string>;
    /** Subnets to make nodes in. */
    subnetIds: pulumi.Input<string[]>;
    /** Tags of instances, volumes and network interfaces; the provider's default tags do not reach them. */
    tags: Readonly<Record<string, string>>;
}

/** Name of the one EC2NodeClass. */
export const nodeClassName = "default";

/** The EC2NodeClass: what every node of the cluster is made of. */
export function nodeClass(args: NodeClassArgs) {
    return {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        metadata: {
            name: nodeClassName,
            // False when the image, a subnet or a permission is missing; better known now than at the first Pending pod.
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
            role: args.roleName,
            amiSelectorTerms: [{ alias: args.amiAlias }],
            // By id: a second group with the cluster's tag on a node makes the load balancer controller refuse it.
            securityGroupSelectorTerms: [{ id: args.securityGroupId }],
            subnetSelectorTerms: pulumi.output(args.subnetIds).apply((ids) => ids.map((id) => ({ id }))),
            metadataOptions: {
                httpEndpoint: "enabled",
                httpProtocolIPv6: "disabled",
                httpTokens: "required",
                // Pods have their own network namespace, one hop further: they get no credentials of the node.
                httpPutResponseHopLimit: 1,
            },
            blockDeviceMappings: blockDevices(args),
            tags: { ...args.tags },
        },
    };
}

function blockDevices({ amiAlias, volumeGiB }: NodeClassArgs) {
    const volume = (deviceName: string, sizeGiB: number) => ({
        deviceName,
        ebs: {
            volumeSize: `${sizeGiB}Gi`,
            volumeType: "gp3",
            encrypted: true,
            deleteOnTermination: true,
        },
    });
    const family = amiAlias.slice(0, amiAlias.indexOf("@"));
    switch (family) {
        case "al2023":
            return [volume("/dev/xvda", volumeGiB)];
        case "bottlerocket":
            // The first volume holds the operating system only.
            return [volume("/dev/xvda", 4), volume("/dev/xvdb", volumeGiB)];
        default:
            throw new Error(`The image ${amiAlias} of nodes is neither al2023@… nor bottlerocket@….`);
    }
}
