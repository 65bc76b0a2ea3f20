import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appLabel, objectLabels, selectorLabels, type Tier } from "../kubernetes/labels.ts";
import { fromTiers } from "../kubernetes/networkFlows.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/podSecurity.ts";
import { type Resources, resourceRequirements } from "../kubernetes/resources.ts";
import { type WritableFolder, writableFolders } from "../kubernetes/writableFolders.ts";

export interface StatefulStoreArgs {
    namespace: pulumi.Input<string>;
    tier: Tier;
    /** Name of the Service and the StatefulSet: the host name clients use. */
    host: string;
    port: number;
    image: string;
    /** Name of the PriorityClass. */
    priorityClassName: pulumi.Input<string>;
    /** User and group of the server in that image. */
    userId: number;
    args?: string[];
    env: k8s.types.input.core.v1.EnvVar[];
    resources: Resources;
    /** Command that succeeds only when the server answers. */
    probeCommand: string[];
    /** Where the server keeps its data. */
    dataPath: string;
    /** Size of the volume, a Kubernetes quantity. */
    storage: string;
    /** Class of the volume. Default: the cluster's default class. */
    storageClassName?: string | undefined;
    writableFolders: WritableFolder[];
    /** Secret mounted read-only as files. Default: none. */
    secretMount?: { secret: pulumi.Input<string>; path: string; items: { key: string; path: string }[] };
    /** Tiers whose pods may connect. */
    clients: readonly Tier[];
    /** Refuse to delete the StatefulSet by mistake. */
    protect: boolean;
    /** What must exist before the first pod. */
    startAfter: pulumi.Resource[];
}

/** One server with one volume behind a headless Service, reached by its clients only. */
export class StatefulStore extends pulumi.ComponentResource {
    readonly statefulSet: k8s.apps.v1.StatefulSet;

    constructor(name: string, args: StatefulStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:data:StatefulStore", name, {}, opts);
        const { namespace, tier, host, port } = args;
        const labels = objectLabels(tier);
        const matchLabels = selectorLabels(tier);
        const folders = writableFolders(args.writableFolders);
        const mount = args.secretMount;
        const serviceAccount = new k8s.core.v1.ServiceAccount(
            `${name}-service-account`,
            {
                metadata: { name: `${appLabel}-${tier}`, namespace, labels },
                automountServiceAccountToken: false,
            },
            { parent: this },
        );
        const networkPolicy = new k8s.networking.v1.NetworkPolicy(
            `${name}-network-policy`,
            {
                metadata: { name: `${appLabel}-${tier}`, namespace, labels },
                spec: {
                    podSelector: { matchLabels },
                    policyTypes: ["Ingress", "Egress"],
                    ingress: [fromTiers(args.clients, port)],
                },
            },
            { parent: this },
        );
        const service = new k8s.core.v1.Service(
            `${name}-service`,
            {
                metadata: { name: host, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
                spec: {
                    clusterIP: "None",
                    selector: matchLabels,
                    ports: [{ name: tier, port, targetPort: port, protocol: "TCP" }],
                },
            },
            { parent: this },
        );
        const probe = { exec: { command: args.probeCommand }, successThreshold: 1, failureThreshold: 3 };
        this.statefulSet = new k8s.apps.v1.StatefulSet(
            `${name}-stateful-set`,
            {
                metadata: { name: host, namespace, labels },
                spec: {
                    replicas: 1,
                    serviceName: service.metadata.name,
                    selector: { matchLabels },
                    template: {
                        metadata: { labels },
                        spec: {
                            serviceAccountName: serviceAccount.metadata.name,
                            priorityClassName: args.priorityClassName,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            terminationGracePeriodSeconds: 60,
                            securityContext: restrictedPod(args.userId),
                            containers: [
                                {
                                    name: tier,
                                    image: args.image,
                                    imagePullPolicy: "IfNotPresent",
                                    ...(args.args && { args: args.args }),
                                    env: args.env,
                                    ports: [{ name: tier, containerPort: port, protocol: "TCP" }],
                                    resources: resourceRequirements(args.resources),
                                    livenessProbe: {
                                        ...probe,
                                        initialDelaySeconds: 30,
                                        periodSeconds: 10,
                                        timeoutSeconds: 5,
                                    },
                                    readinessProbe: {
                                        ...probe,
                                        initialDelaySeconds: 5,
                                        periodSeconds: 5,
                                        timeoutSeconds: 3,
                                    },
                                    securityContext: restrictedContainer(),
                                    volumeMounts: [
                                        { name: "data", mountPath: args.dataPath },
                                        ...folders.volumeMounts,
                                        ...(mount
                                            ? [{ name: "secret", mountPath: mount.path, readOnly: true }]
                                            : []),
                                    ],
                                },
                            ],
                            volumes: [
                                ...folders.volumes,
                                ...(mount
                                    ? [
                                          {
                                              name: "secret",
                                              // Readable by the server's group only.
                                              secret: {
                                                  secretName: mount.secret,
                                                  items: mount.items,
                                                  defaultMode: 0o440,
                                              },
                                          },
                                      ]
                                    : []),
                            ],
                        },
                    },
                    volumeClaimTemplates: [
                        {
                            metadata: { name: "data", labels },
                            spec: {
                                accessModes: ["ReadWriteOnce"],
                                ...(args.storageClassName !== undefined && {
                                    storageClassName: args.storageClassName,
                                }),
                                resources: { requests: { storage: args.storage } },
                            },
                        },
                    ],
                },
            },
            { parent: this, protect: args.protect, dependsOn: [networkPolicy, ...args.startAfter] },
        );
        this.registerOutputs({});
    }
}
