import { z } from "zod";

import { appSchema } from "./app.ts";
import { dataSchema } from "./data.ts";
import { instanceTypes } from "../../infra/cluster/instanceTypes.ts";
import { cidr, integer, kubernetesName } from "./primitives.ts";
import { secretsSchema } from "./secrets.ts";

export const environments = ["local", "dev", "prod"] as const;

const arn = (service: string) =>
    z
        .string()
        .regex(
            new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:.+$`),
            `must be an ARN such as arn:aws:${service}:us-east-1:123456789012:…`,
        );

/** The whole configuration: every key below `spywatcher:`. */
export const configSchema = z.strictObject({
    environment: z
        .enum(environments)
        .describe("Kind of environment: decides which checks apply. Several stacks may be of one kind."),
    protect: z
        .boolean()
        .default(false)
        .describe(
            "Refuse to delete or replace what holds data: the namespace and the StatefulSets. Switch it off and run `up` before a destroy.",
        ),
    cluster: z
        .strictObject({
            kind: z
                .literal("existing", 'must be "existing"')
                .describe("How the cluster is had: `existing` is reached by a kubeconfig."),
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
            embedded: z
                .strictObject({
                    nodes: integer(1, 50).default(3).describe("Simulated nodes, spread over three zones."),
                    instanceType: z
                        .enum(Object.keys(instanceTypes) as [keyof typeof instanceTypes])
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
                .describe("The embedded cluster of `npm run local:up`."),
        })
        .describe("The Kubernetes cluster."),
    network: z
        .strictObject({
            loadBalancerCidrs: z
                .array(cidr())
                .default([])
                .describe(
                    "Networks of the subnets the load balancer may use: its requests and health checks come from there, and the network policies open just these.",
                ),
        })
        .prefault({})
        .describe("The network."),
    data: dataSchema,
    edge: z
        .strictObject({
            certificateArn: arn("acm")
                .optional()
                .describe("ACM certificate for both hosts. Default: the controller finds one by host name."),
            wafAclArn: arn("wafv2").optional().describe("WAFv2 web ACL for the load balancer."),
            accessLogs: z
                .strictObject({
                    bucket: z
                        .string()
                        .regex(
                            /^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
                            "must be the name of an S3 bucket",
                        )
                        .describe("Bucket in the cluster's region, with the policy that lets ELB write."),
                    prefix: z
                        .string()
                        .regex(/^(?!\/)(?!.*\/$).*$/, "must not begin or end with /")
                        .default("spywatcher")
                        .describe("Prefix of the keys."),
                })
                .optional()
                .describe("Access logs of the load balancer. Default: none."),
        })
        .prefault({})
        .describe("What stands at the edge of AWS."),
    monitoring: z
        .strictObject({
            namespace: kubernetesName()
                .default("monitoring")
                .describe("Namespace of the Prometheus that scrapes the backend."),
        })
        .prefault({})
        .describe("Monitoring."),
    app: appSchema,
    secrets: secretsSchema,
});

/** The configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;

/** The effective configuration, defaults filled in. */
export type Config = z.output<typeof configSchema>;
