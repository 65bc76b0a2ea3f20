import { z } from "zod";

import { isNetworkAddress, parseCidr, vpcPrefixLengths } from "../../infra/network/subnetLayout.ts";
import { cidr } from "./primitives.ts";
import { retentionDays } from "./retention.ts";

const { min, max } = vpcPrefixLengths;

/** Services with an interface endpoint that a cluster without a way to the internet needs, and a few more. */
const interfaceEndpoints = [
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
] as const;

const id = (prefix: string, what: string) =>
    z
        .string()
        .regex(
            new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
            `must be the id of a ${what}, such as ${prefix}-0123456789abcdef0`,
        );

const subnetIds = (use: string) =>
    z
        .array(id("subnet", "subnet"))
        .min(2, "must name at least two subnets, in different zones")
        .meta({ examples: [["subnet-00000000", "subnet-00000001"]] })
        .describe(use);

const loadBalancerCidrs = () =>
    z
        .array(cidr())
        .describe(
            "Networks of the subnets the load balancer may use: its requests and health checks come from there, and the network policies open just these.",
        );

export const networkSchema = z
    .discriminatedUnion(
        "kind",
        [
            z
                .strictObject({
                    kind: z.literal("create"),
                    cidrBlock: cidr()
                        .refine((block) => {
                            const { prefixLength } = parseCidr(block);
                            return prefixLength >= min && prefixLength <= max;
                        }, `must be /${min} to /${max}: a smaller network has no room for the subnets`)
                        .refine(isNetworkAddress, "must begin at the network's first address")
                        .default("10.0.0.0/16")
                        .describe(
                            "Addresses of the VPC. Cannot change while it exists. A quarter goes to each zone, so that zones can be added later.",
                        ),
                    availabilityZones: z
                        .array(
                            z
                                .string()
                                .regex(
                                    /^[a-z]{2}(-gov)?-[a-z]+-\d[a-z]$/,
                                    "must be an availability zone such as us-east-1a",
                                ),
                        )
                        .min(2, "must name at least two zones: EKS and the load balancer need them")
                        .max(4, "must name at most four zones: the network has room for no more")
                        .meta({ examples: [["us-east-1a", "us-east-1b"]] })
                        .describe(
                            "Availability zones of the region. Add new ones at the end: another order moves subnets.",
                        ),
                    natGateways: z
                        .enum(["single", "per-zone"])
                        .default("single")
                        .describe(
                            "`single` is cheap; with `per-zone` the loss of a zone takes no other zone's way to the internet.",
                        ),
                    interfaceEndpoints: z
                        .array(z.enum(interfaceEndpoints))
                        .default([])
                        .describe(
                            "AWS services reached without the internet, each at a price per zone and hour. S3 always is, for nothing.",
                        ),
                    flowLogRetentionDays: retentionDays(30).describe("Days the flow logs are kept."),
                })
                .describe("A new VPC with public, private and database subnets in each zone."),
            z
                .strictObject({
                    kind: z.literal("existing"),
                    vpcId: id("vpc", "VPC")
                        .meta({ examples: ["vpc-00000000"] })
                        .describe("The VPC."),
                    publicSubnetIds: subnetIds(
                        "Subnets for the load balancer, tagged `kubernetes.io/role/elb` = `1`.",
                    ),
                    privateSubnetIds: subnetIds("Subnets for the control plane's interfaces and the nodes."),
                    databaseSubnetIds: subnetIds("Subnets for the data stores."),
                    databaseCidrs: z
                        .array(cidr())
                        .default([])
                        .describe(
                            "Networks of those subnets; required with data.kind aws, since the network policies open just these.",
                        ),
                    loadBalancerCidrs: loadBalancerCidrs()
                        .min(1, "must name at least one network")
                        .meta({ examples: [["10.0.0.0/16"]] }),
                })
                .describe("A VPC of yours, by ids. Nothing in it is changed."),
            z
                .strictObject({
                    kind: z.literal("unmanaged"),
                    loadBalancerCidrs: loadBalancerCidrs().default([]),
                })
                .describe("The network of a cluster that exists already."),
        ],
        'must be "create", "existing" or "unmanaged"',
    )
    .describe("The network.");
