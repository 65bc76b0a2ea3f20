import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { preferredAntiAffinity, topologySpread } from "./placement.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/podSecurity.ts";
import type { Probes } from "./probes.ts";
import { objectLabels, selectorLabels, type Tier } from "../kubernetes/labels.ts";
import { type Resources, resourceRequirements } from "../kubernetes/resources.ts";
import { type WritableFolder, writableFolders } from "../kubernetes/writableFolders.ts";

/** First port a process may bind without the NET_BIND_SERVICE capability. */
const firstUnprivilegedPort = 1024;

export interface PodTemplateArgs {
    tier: Tier;
    /** Image with a tag or digest. */
    image: string;
    /** Name of a Secret of type `kubernetes.io/dockerconfigjson` in the namespace. Default: none. */
    imagePullSecret?: string | undefined;
    /** Replaces the image's entry point. Default: the image's own. */
    command?: string[];
    /** User and group of the process. */
    userId: number;
    resources: Resources;
    serviceAccountName: pulumi.Input<string>;
    /** Name of the PriorityClass. Default: the cluster's default priority. */
    priorityClassName?: pulumi.Input<string>;
    /** Whole ConfigMaps and Secrets that become environment variables. */
    envFrom?: k8s.types.input.core.v1.EnvFromSource[];
    env?: k8s.types.input.core.v1.EnvVar[];
    /** The container's port, named `http`. Default: it listens on none. */
    port?: number;
    probes?: Probes;
    writableFolders?: readonly WritableFolder[];
    /** Further volumes, mounted read-only. */
    configMapMounts?: { name: string; configMap: pulumi.Input<string>; path: string }[];
    /** Seconds the pod goes on serving after its deletion began. Default: it stops at once. */
    preStopSeconds?: number;
    terminationGracePeriodSeconds?: number;
    /** Spread the pods over zones and nodes. */
    spread: boolean;
    restartPolicy?: "Always" | "Never";
    annotations?: Record<string, string>;
}

/** The pod template all workloads share: restricted, without API token, on a read-only root file system. */
export function podTemplate(args: PodTemplateArgs): k8s.types.input.core.v1.PodTemplateSpec {
    const folders = writableFolders(args.writableFolders ?? []);
    const mounts = args.configMapMounts ?? [];
    const matchLabels = selectorLabels(args.tier);
    const container: k8s.types.input.core.v1.Container = {
        name: args.tier,
        image: args.image,
        imagePullPolicy: "IfNotPresent",
        ...(args.command && { command: args.command }),
        ...(args.port !== undefined && {
            ports: [{ name: "http", containerPort: args.port, protocol: "TCP" }],
        }),
        ...(args.envFrom && { envFrom: args.envFrom }),
        ...(args.env && { env: args.env }),
        resources: resourceRequirements(args.resources),
        ...args.probes,
        // A sleep of the kubelet's own needs no shell in the image.
        ...(args.preStopSeconds !== undefined && {
            lifecycle: { preStop: { sleep: { seconds: args.preStopSeconds } } },
        }),
        securityContext: restrictedContainer(),
        volumeMounts: [
            ...folders.volumeMounts,
            ...mounts.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
        ],
    };
    return {
        metadata: {
            labels: objectLabels(args.tier),
            ...(args.annotations && { annotations: args.annotations }),
        },
        spec: {
            serviceAccountName: args.serviceAccountName,
            ...(args.priorityClassName !== undefined && { priorityClassName: args.priorityClassName }),
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            ...(args.imagePullSecret !== undefined && { imagePullSecrets: [{ name: args.imagePullSecret }] }),
            ...(args.restartPolicy && { restartPolicy: args.restartPolicy }),
            ...(args.terminationGracePeriodSeconds !== undefined && {
                terminationGracePeriodSeconds: args.terminationGracePeriodSeconds,
            }),
            securityContext: {
                ...restrictedPod(args.userId),
                // containerd before 2.0 lets no unprivileged process bind a low port (nginx/docker-nginx#571).
                ...(args.port !== undefined &&
                    args.port < firstUnprivilegedPort && {
                        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
                    }),
            },
            ...(args.spread && {
                affinity: preferredAntiAffinity(matchLabels),
                topologySpreadConstraints: topologySpread(matchLabels),
            }),
            containers: [container],
            volumes: [
                ...folders.volumes,
                ...mounts.map(({ name, configMap }) => ({ name, configMap: { name: configMap } })),
            ],
        },
    };
}
