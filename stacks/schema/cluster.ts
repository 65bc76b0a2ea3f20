import { z } from "zod";

import { instanceTypeNames } from "../../infra/cluster/instanceTypes.ts";
import { kubernetesReleases, kubernetesVersion, type KubernetesVersion } from "../../infra/versions.ts";
import { principalArn, roleArn } from "./aws.ts";
import { bytes, cidr, cpu, integer, kubernetesName } from "./primitives.ts";
import { retentionDays } from "./retention.ts";

const versions = Object.keys(kubernetesReleases) as [KubernetesVersion, ...KubernetesVersion[]];

const duration = () =>
    z
        .string()
        .regex(
            /^([0-9]+(s|m|h))+$/,
            "must be a duration in hours, minutes and seconds, such as 720h or 1m30s",
        );

const embedded = z
    .strictObject({
        nodes: integer(1, 50).default(3).describe("Simulated nodes, spread over three zones."),
        instanceType: z
            .enum(instanceTypeNames)
            .default("m6i.xlarge")
            .describe("Instance type that decides a node's CPU, memory and number of pods."),
        podStartupSeconds: z
            .number("must be a number from 0 to 3600")
            .min(0, "must be from 0 to 3600")
            .max(3600, "must be from 0 to 3600")
            .default(2)
            .describe("Seconds from a container's start until it is ready."),
    })
    .prefault({})
    .describe("The embedded cluster of `npm run local:up`.");

const existing = z
    .strictObject({
        kind: z.literal("existing"),
        name: kubernetesName()
            .meta({ examples: ["spywatcher-dev"] })
            .describe(
                "Name of the cluster; identifies it to Pulumi, so it must not change while the stack exists.",
            ),
        kubeconfig: z
            .string()
            .min(1, "must not be empty")
            .meta({ examples: ["~/.kube/config"] })
            .describe(
                "Path of the kubeconfig file; `~` is the home folder, a relative path starts at the project's folder.",
            ),
        context: z
            .string()
            .min(1, "must not be empty")
            .optional()
            .describe("Context in the kubeconfig. Default: its current context."),
        embedded,
    })
    .describe("A cluster that exists already, reached by a kubeconfig.");

const systemNodes = z
    .strictObject({
        instanceType: z.enum(instanceTypeNames).default("t3.medium").describe("Instance type."),
        count: integer(1, 20)
            .default(2)
            .describe(
                "Number of nodes. With one, controllers run as one copy each and stop during its update.",
            ),
        volumeGiB: integer(20, 1000).default(30).describe("Size of a node's volume in GiB."),
    })
    .prefault({})
    .describe("Nodes for the controllers only.");

const nodePools = z
    .strictObject({
        capacityTypes: z
            .array(z.enum(["on-demand", "spot"]))
            .min(1, "must name on-demand, spot or both")
            .max(2, "must name each capacity type once")
            .refine((types) => new Set(types).size === types.length, "must name each capacity type once")
            .default(["on-demand"])
            .describe(
                "How nodes are bought, the preferred way first; the next is used when the first has none.",
            ),
        instanceTypes: z
            .array(z.enum(instanceTypeNames))
            .min(1, "must name at least one instance type")
            .default(["m6i.large", "m6i.xlarge", "m7i.large", "m7i.xlarge", "m6a.large", "m6a.xlarge"])
            .describe("Instance types to choose from. Many of them keep spot available and cheap."),
        limits: z
            .strictObject({
                cpu: cpu().default("32").describe("Cores of all nodes of a pool together."),
                memory: bytes().default("128Gi").describe("Memory of all nodes of a pool together."),
            })
            .prefault({}),
        volumeGiB: integer(20, 1000).default(50).describe("Size of a node's volume in GiB."),
        amiVersion: z
            .string()
            .regex(
                /^v[0-9][0-9.]*$/,
                "must be a version such as v20260923 (al2023) or v1.50.0 (bottlerocket)",
            )
            .optional()
            .describe(
                "Version of the node image. Default with al2023: the one pinned for the Kubernetes version. A new one replaces all nodes.",
            ),
        expireAfter: duration()
            .default("720h")
            .describe("Age at which a node is replaced, so that none misses updates for long."),
        consolidateAfter: duration()
            .default("1m")
            .describe(
                "Quiet time after which a node that is not needed may go. A long one keeps nodes too long.",
            ),
        disruptionBudget: z
            .string()
            .regex(
                /^(100|[0-9]{1,2})%$|^[0-9]+$/,
                "must be a number of nodes or a percentage, such as 1 or 10%",
            )
            .default("1")
            .describe(
                "Nodes replaced at a time by consolidation or drift. Expiry and lost spot nodes ignore it.",
            ),
    })
    .prefault({})
    .describe("Nodes for everything else, made by Karpenter when pods need them.");

const eks = z
    .strictObject({
        kind: z.literal("eks"),
        name: z
            .string()
            .regex(
                /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
                "must be lower-case letters, digits and hyphens, beginning with a letter",
            )
            .meta({ examples: ["spywatcher-dev"] })
            .describe(
                "Name of the cluster and beginning of the names of everything it needs, so one of a kind in the account. Cannot change while the stack exists.",
            ),
        kubernetesVersion: z
            .enum(versions)
            .default(kubernetesVersion)
            .describe("Kubernetes minor version. Go up one at a time; there is no way back."),
        access: z
            .strictObject({
                deployRole: roleArn()
                    .meta({ examples: ["arn:aws:iam::123456789012:role/spywatcher-deploy"] })
                    .describe(
                        "Role that deploys. The kubeconfig assumes it, so who runs `up` must be allowed to, the role itself too (its trust policy).",
                    ),
                admins: z
                    .array(principalArn())
                    .default([])
                    .describe("Principals with every right in the cluster."),
                viewers: z
                    .array(principalArn())
                    .default([])
                    .describe("Principals that see everything in the cluster except Secrets."),
                previewers: z
                    .array(principalArn())
                    .default([])
                    .describe(
                        "Principals that see everything in the cluster, Secrets too: what a preview and the search for drift read, beside the state, which holds the same secrets.",
                    ),
                validators: z
                    .array(principalArn())
                    .default([])
                    .describe(
                        "Principals that may only run `validate`: read what it looks at, no Secrets (`platform.validation`).",
                    ),
            })
            .describe("Who gets into the cluster. Whoever created it has no rights by that."),
        endpoint: z
            .strictObject({
                publicCidrs: z
                    .array(cidr())
                    .default([])
                    .describe(
                        "Networks that reach the API server from outside. Default: none, it is reached from inside the VPC only.",
                    ),
                openToTheWorld: z
                    .boolean()
                    .default(false)
                    .describe("Allow 0.0.0.0/0 in `publicCidrs` in prod."),
            })
            .prefault({}),
        logRetentionDays: retentionDays(90).describe("Days the control plane's logs are kept."),
        deletionProtection: z
            .boolean()
            .default(false)
            .describe("AWS refuses to delete the cluster. `destroy --confirm` takes it off by itself."),
        operatingSystem: z
            .enum(["al2023", "bottlerocket"])
            .default("al2023")
            .describe("Operating system of all nodes."),
        systemNodes,
        nodePools,
    })
    .describe("A new EKS cluster.");

export const clusterSchema = z
    .discriminatedUnion("kind", [existing, eks], 'must be "existing" or "eks"')
    .describe("The Kubernetes cluster.");
