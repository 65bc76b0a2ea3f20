import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { contentName } from "../kubernetes/contentName.ts";
import { appLabel, objectLabels, selectorLabels } from "../kubernetes/labels.ts";
import { toDns } from "../kubernetes/networkFlows.ts";
import type { Resources } from "../kubernetes/resources.ts";
import * as defaults from "./defaults.ts";
import { podTemplate } from "./podTemplate.ts";

export interface SchemaJobArgs {
    namespace: pulumi.Input<string>;
    /** The backend's image: it holds the schema and the tool. */
    image: string;
    imagePullSecret?: string | undefined;
    /** Name of the PriorityClass. */
    priorityClassName: pulumi.Input<string>;
    command: string[];
    resources: Resources;
    /** Name of the Secret that holds `DATABASE_URL`. */
    secret: pulumi.Output<string>;
    /** ConfigMaps the tool reads, such as the database's certificate authority. */
    configMapMounts: { name: string; configMap: pulumi.Output<string>; path: string }[];
    /** Rule that lets the pod reach PostgreSQL. */
    databaseEgress: k8s.types.input.networking.v1.NetworkPolicyEgressRule;
    /** What must exist before the Job. A component's own `dependsOn` would order the creation, but not the deletion. */
    startAfter: pulumi.Resource[];
}

/**
 * Brings the database to the image's schema. The engine waits for the Job: when it fails, the update fails before any
 * new pod starts. A Job's template cannot change, so its name follows image, command, secret and ConfigMaps.
 */
export class SchemaJob extends pulumi.ComponentResource {
    readonly job: k8s.batch.v1.Job;

    constructor(name: string, args: SchemaJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:app:SchemaJob", name, {}, opts);
        const labels = objectLabels("migration");
        const metadata = { name: `${appLabel}-schema`, namespace: args.namespace, labels };
        const serviceAccount = new k8s.core.v1.ServiceAccount(
            `${name}-service-account`,
            { metadata, automountServiceAccountToken: false },
            { parent: this },
        );
        const networkPolicy = new k8s.networking.v1.NetworkPolicy(
            `${name}-network-policy`,
            {
                metadata,
                spec: {
                    podSelector: { matchLabels: selectorLabels("migration") },
                    policyTypes: ["Ingress", "Egress"],
                    egress: [toDns(), args.databaseEgress],
                },
            },
            { parent: this },
        );
        const jobName = pulumi
            .all([args.secret, pulumi.all(args.configMapMounts.map(({ configMap }) => configMap))])
            .apply(([secret, configMaps]) =>
                contentName(metadata.name, {
                    image: args.image,
                    command: args.command.join(" "),
                    secret,
                    ...(configMaps.length > 0 && { configMaps: configMaps.join(" ") }),
                }),
            );
        this.job = new k8s.batch.v1.Job(
            `${name}-job`,
            {
                metadata: { ...metadata, name: jobName },
                spec: {
                    completions: 1,
                    parallelism: 1,
                    backoffLimit: defaults.migration.backoffLimit,
                    activeDeadlineSeconds: defaults.migration.activeDeadlineSeconds,
                    // No ttlSecondsAfterFinished: a Job that deletes itself is drift on every later update.
                    template: podTemplate({
                        tier: "migration",
                        image: args.image,
                        imagePullSecret: args.imagePullSecret,
                        priorityClassName: args.priorityClassName,
                        command: args.command,
                        userId: defaults.applicationUserId,
                        resources: args.resources,
                        serviceAccountName: serviceAccount.metadata.name,
                        env: [
                            {
                                name: "DATABASE_URL",
                                valueFrom: { secretKeyRef: { name: args.secret, key: "DATABASE_URL" } },
                            },
                            // Prisma and npm write below the home folder, which the read-only root would refuse.
                            { name: "HOME", value: "/tmp" },
                        ],
                        configMapMounts: args.configMapMounts,
                        writableFolders: [{ name: "tmp", path: "/tmp", sizeLimit: "128Mi" }],
                        spread: false,
                        restartPolicy: "Never",
                    }),
                },
            },
            { parent: this, dependsOn: [networkPolicy, ...args.startAfter] },
        );
        this.registerOutputs({});
    }
}
