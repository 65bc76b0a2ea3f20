import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { contentName } from "../kubernetes/contentName.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/podSecurity.ts";
import { resourceRequirements } from "../kubernetes/resources.ts";
import { images } from "../versions.ts";
import { onSystemNodes } from "./placement.ts";

export interface DefinitionsJobArgs {
    /** What the definitions belong to; beginning of the objects' names. */
    owner: string;
    /** Address of the YAML file with the definitions, of one exact version. */
    url: string;
    /** Image with `kubectl`. Default: the pinned one. */
    image?: string | undefined;
    /** Names of the CustomResourceDefinitions in it: no other one may be changed. */
    definitions: readonly string[];
    /** Labels of the nodes to run on. */
    systemNodeSelector: Readonly<Record<string, string>>;
    /** What must exist before a pod can run. */
    startAfter: pulumi.Input<pulumi.Resource[]>;
}

const namespace = "kube-system";

/** Any user but root; the image names none. */
const userId = 65_532;

/**
 * Brings CustomResourceDefinitions to a version, by a Job with kubectl. Helm installs those of a chart's `crds` folder once
 * and never upgrades them. They stay when the Job goes: with a definition go all its objects, which only their controller
 * can clean up after.
 */
export class DefinitionsJob extends pulumi.ComponentResource {
    /** Done when the definitions are in the cluster. */
    readonly job: k8s.batch.v1.Job;

    constructor(name: string, args: DefinitionsJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:DefinitionsJob", name, {}, opts);
        const child = { parent: this };
        const objectName = `${args.owner}-definitions`;
        const labels = {
            "app.kubernetes.io/name": objectName,
            "app.kubernetes.io/managed-by": "pulumi",
        };
        const metadata = { name: objectName, labels };
        const serviceAccount = new k8s.core.v1.ServiceAccount(
            `${name}-service-account`,
            { metadata: { ...metadata, namespace }, automountServiceAccountToken: false },
            child,
        );
        const apiextensions = {
            apiGroups: ["apiextensions.k8s.io"],
            resources: ["customresourcedefinitions"],
        };
        const role = new k8s.rbac.v1.ClusterRole(
            `${name}-role`,
            {
                metadata,
                rules: [
                    { ...apiextensions, resourceNames: [...args.definitions], verbs: ["get", "patch"] },
                    // The right to create cannot be limited to names.
                    { ...apiextensions, verbs: ["create"] },
                ],
            },
            child,
        );
        const binding = new k8s.rbac.v1.ClusterRoleBinding(
            `${name}-role-binding`,
            {
                metadata,
                roleRef: {
                    apiGroup: "rbac.authorization.k8s.io",
                    kind: "ClusterRole",
                    name: role.metadata.name,
                },
                subjects: [{ kind: "ServiceAccount", name: serviceAccount.metadata.name, namespace }],
            },
            child,
        );
        const image = args.image ?? images.kubectl;
        this.job = new k8s.batch.v1.Job(
            `${name}-job`,
            {
                metadata: {
                    labels,
                    namespace,
                    // A Job's template cannot change, so its name follows its content.
                    name: contentName(objectName, { image, url: args.url }),
                },
                spec: {
                    backoffLimit: 4,
                    activeDeadlineSeconds: 300,
                    template: {
                        metadata: { labels },
                        spec: {
                            ...onSystemNodes(args.systemNodeSelector),
                            restartPolicy: "Never",
                            serviceAccountName: serviceAccount.metadata.name,
                            automountServiceAccountToken: true,
                            enableServiceLinks: false,
                            securityContext: restrictedPod(userId),
                            containers: [
                                {
                                    name: "kubectl",
                                    image,
                                    // Helm owns the fields of what it installed.
                                    args: ["apply", "--server-side", "--force-conflicts", "-f", args.url],
                                    resources: resourceRequirements({
                                        requests: { cpu: "50m", memory: "64Mi" },
                                        limits: { cpu: "500m", memory: "256Mi" },
                                    }),
                                    securityContext: restrictedContainer(),
                                },
                            ],
                        },
                    },
                },
            },
            {
                ...child,
                dependsOn: pulumi.output(args.startAfter).apply((earlier) => [...earlier, binding]),
            },
        );
        this.registerOutputs({});
    }
}
