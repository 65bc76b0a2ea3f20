import assert from "node:assert/strict";

import { kubernetesReleases } from "../../infra/versions.ts";
import { kubernetesSupported } from "../../stacks/checks/cloud.ts";
import type { ConfigInput } from "../../stacks/schema/index.ts";
import { warnings } from "../../stacks/warnings.ts";
import { problems } from "../support/configProblems.ts";
import { configOf, type DeepPartial } from "../support/plans.ts";
import { fullyTold } from "../support/routing.ts";

type Change = DeepPartial<ConfigInput>;

const existingVpc = {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
    privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
    databaseSubnetIds: ["subnet-00000005", "subnet-00000006"],
    databaseCidrs: ["10.9.2.0/24", "10.9.3.0/24"],
    loadBalancerCidrs: ["10.9.0.0/24", "10.9.1.0/24"],
} as const;

const cases: { name: string; change: unknown; expected: string[]; stack?: string }[] = [
    {
        name: "a VPC too small for its subnets",
        change: { network: { kind: "create", cidrBlock: "10.0.0.0/21" } },
        expected: [
            'spywatcher:network.cidrBlock: must be /16 to /20: a smaller network has no room for the subnets (is "10.0.0.0/21")',
        ],
    },
    {
        name: "a VPC that begins in the middle of a network",
        change: { network: { kind: "create", cidrBlock: "10.0.1.0/16" } },
        expected: [
            'spywatcher:network.cidrBlock: must begin at the network\'s first address (is "10.0.1.0/16")',
        ],
    },
    {
        name: "one zone",
        change: { network: { kind: "create", availabilityZones: ["us-east-1a"] } },
        expected: [
            "spywatcher:network.availabilityZones: must name at least two zones: EKS and the load balancer need them",
        ],
    },
    {
        name: "a zone of another region, and one named twice",
        change: {
            network: {
                kind: "create",
                availabilityZones: ["us-east-1a", "eu-west-1b", "us-east-1a"],
            },
        },
        expected: [
            'spywatcher:network.availabilityZones[1]: must be a zone of aws.region, us-east-1 (is "eu-west-1b")',
            'spywatcher:network.availabilityZones[2]: must be named once (is "us-east-1a")',
        ],
    },
    {
        name: "a subnet with two purposes",
        change: {
            network: { ...existingVpc, databaseSubnetIds: ["subnet-00000003", "subnet-00000006"] },
        },
        expected: [
            'spywatcher:network.databaseSubnetIds[0]: must differ from network.privateSubnetIds[0]: each subnet has one purpose (is "subnet-00000003")',
        ],
    },
    {
        name: "networks of the load balancer that overlap",
        change: { network: { ...existingVpc, loadBalancerCidrs: ["10.9.0.0/16", "10.9.1.0/24"] } },
        expected: [
            'spywatcher:network.loadBalancerCidrs[1]: must not overlap 10.9.0.0/16 (is "10.9.1.0/24")',
        ],
    },
    {
        name: "an id that is none",
        change: { network: { ...existingVpc, vpcId: "my-vpc" } },
        expected: [
            'spywatcher:network.vpcId: must be the id of a VPC, such as vpc-0123456789abcdef0 (is "my-vpc")',
        ],
    },
    {
        name: "one NAT gateway for all of prod",
        change: { network: { kind: "create", natGateways: "single" } },
        expected: [
            'spywatcher:network.natGateways: must be per-zone in prod: with one, the loss of its zone stops every zone (is "single")',
        ],
    },
    {
        name: "an unsupported Kubernetes version",
        change: { cluster: { kind: "eks", kubernetesVersion: "1.33" } },
        expected: ['spywatcher:cluster.kubernetesVersion: must be one of 1.36, 1.35 (is "1.33")'],
    },
    {
        name: "instance types that cannot hold the largest pod",
        change: {
            cluster: { kind: "eks", nodePools: { instanceTypes: ["t3.medium", "m6i.xlarge"] } },
            app: {
                backend: {
                    resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { memory: "4Gi" } },
                    autoscaling: { maxReplicas: 3 },
                },
            },
        },
        expected: [
            'spywatcher:cluster.nodePools.instanceTypes[0]: must be larger: a pod requests 4Gi of memory, but a node has 2846Mi for pods (is "t3.medium")',
        ],
    },
    {
        name: "arm64 nodes with amd64 images",
        change: { cluster: { kind: "eks", nodePools: { instanceTypes: ["m7g.large", "m6i.large"] } } },
        expected: [
            'spywatcher:cluster.nodePools.instanceTypes[0]: is an arm64 type, but the images are built for amd64 only (app.architectures) (is "m7g.large")',
        ],
    },
    {
        name: "node pools too small for all replicas",
        change: { cluster: { kind: "eks", nodePools: { limits: { cpu: "7" } } } },
        expected: [
            'spywatcher:cluster.nodePools.limits.cpu: must be at least 9.23: with all replicas, a rollout and monitoring the pods request 7.75, and a part of each node is not theirs (is "7")',
        ],
    },
    {
        name: "an API server open to the world in prod",
        change: { cluster: { kind: "eks", endpoint: { publicCidrs: ["0.0.0.0/0"] } } },
        expected: [
            'spywatcher:cluster.endpoint.publicCidrs[0]: must not open the API server to the world in prod; name the networks that need it, or set endpoint.openToTheWorld to true (is "0.0.0.0/0")',
        ],
    },
    {
        name: "an account id of 11 digits",
        change: { aws: { accountId: "12345678901" } },
        expected: [
            'spywatcher:aws.accountId: must be an AWS account id of 12 digits, in quotes (is "12345678901")',
        ],
    },
    {
        name: "an account id that is a number",
        change: { aws: { accountId: 123_456_789_012 } },
        expected: ["spywatcher:aws.accountId: must be a text (is 123456789012)"],
    },
    {
        name: "a retention CloudWatch does not know",
        change: { cluster: { kind: "eks", logRetentionDays: 100 } },
        expected: [
            "spywatcher:cluster.logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (is 100)",
        ],
    },
    {
        name: "a name that makes others too long",
        change: { cluster: { kind: "eks", name: "spywatcher-production-of-north-america" } },
        expected: [
            'spywatcher:cluster.name: must have at most 34 characters, not 38: ElastiCache replication group `spywatcher-production-of-north-america-redis` may have 40 (is "spywatcher-production-of-north-america")',
        ],
    },
    {
        name: "a principal with two entries",
        change: {
            cluster: {
                kind: "eks",
                access: {
                    admins: ["arn:aws:iam::123456789012:role/a"],
                    viewers: ["arn:aws:iam::123456789012:role/a"],
                },
            },
        },
        expected: [
            'spywatcher:cluster.access.viewers[0]: must be named once among deployRole, admins, viewers, previewers and validators (is "arn:aws:iam::123456789012:role/a")',
        ],
    },
    {
        name: "a session where a role is meant",
        change: {
            cluster: {
                kind: "eks",
                access: { deployRole: "arn:aws:sts::123456789012:assumed-role/a/session" },
            },
        },
        expected: [
            'spywatcher:cluster.access.deployRole: must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy (is "arn:aws:sts::123456789012:assumed-role/a/session")',
        ],
    },
    {
        name: "a cluster without an account and a network",
        change: { aws: null, network: { kind: "unmanaged" } },
        expected: [
            "spywatcher:aws: must be an object of keys (is null)",
            'spywatcher:network.kind: must be create or existing with cluster.kind eks (is "unmanaged")',
            "spywatcher:network.loadBalancerCidrs: must name the load balancer's subnets in prod: without them the network policies let no request in",
        ],
    },
    {
        name: "a VPC for a cluster that exists",
        change: { cluster: { kind: "existing", name: "c", kubeconfig: "k", embedded: {} } },
        stack: "dev",
        expected: [
            'spywatcher:network.kind: must be unmanaged with a cluster that exists already (is "create")',
            "spywatcher:edge.hostedZone: needs cluster.kind eks: only there the program makes things in AWS",
            'spywatcher:data.kind: must be in-cluster or external with a cluster that exists already (is "aws")',
        ],
    },
    {
        name: "a cluster in AWS for local",
        change: { environment: "local" },
        expected: ['spywatcher:cluster.kind: must be existing in local (is "eks")'],
    },
    {
        name: "an image of Bottlerocket without a version",
        change: { cluster: { kind: "eks", operatingSystem: "bottlerocket" } },
        expected: [
            "spywatcher:cluster.nodePools.amiVersion: is required with operatingSystem bottlerocket, such as v1.50.0",
        ],
    },
    {
        name: "one system node in prod",
        change: { cluster: { kind: "eks", systemNodes: { count: 1 } } },
        expected: [
            "spywatcher:cluster.systemNodes.count: must be at least 2 in prod: with one node the controllers stop when it does (is 1)",
        ],
    },
    {
        name: "a duration in days",
        change: { cluster: { kind: "eks", nodePools: { expireAfter: "30d" } } },
        expected: [
            'spywatcher:cluster.nodePools.expireAfter: must be a duration in hours, minutes and seconds, such as 720h or 1m30s (is "30d")',
        ],
    },
    {
        name: "a capacity type named twice",
        change: { cluster: { kind: "eks", nodePools: { capacityTypes: ["spot", "spot"] } } },
        expected: ["spywatcher:cluster.nodePools.capacityTypes: must name each capacity type once"],
    },
];

describe("the configuration of AWS", () => {
    for (const { name, change, expected, stack } of cases) {
        it(`refuses ${name}`, () => {
            assert.deepEqual(problems(change as Change, stack), expected);
        });
    }

    it("opens the API server of prod to the world when a key says so", () => {
        const endpoint = { publicCidrs: ["0.0.0.0/0"], openToTheWorld: true };
        assert.deepEqual(problems({ cluster: { kind: "eks", endpoint } }), []);
        assert.deepEqual(
            problems({ cluster: { kind: "eks", endpoint: { publicCidrs: ["0.0.0.0/0"] } } }, "dev"),
            [],
        );
    });
});

describe("the end of Kubernetes support", () => {
    const config = configOf("prod", fullyTold);
    const at = (day: string): Date => new Date(`${day}T12:00:00Z`);

    it("is warned of from 60 days before", () => {
        assert.deepEqual(warnings(config, at("2027-06-01")), []);
        assert.deepEqual(warnings(config, at("2027-06-02")), [
            "spywatcher:cluster.kubernetesVersion: EKS ends the standard support of 1.36 on 2027-08-02, in 60 days; then AWS upgrades the cluster by itself. Upgrade before.",
        ]);
    });

    it("is an error afterwards", () => {
        assert.deepEqual(kubernetesSupported(config, at("2027-08-01")), []);
        assert.deepEqual(kubernetesSupported(config, at("2027-08-03")), [
            {
                path: ["cluster", "kubernetesVersion"],
                message: "is past its standard support, which ended on 2027-08-02; use a newer one",
            },
        ]);
    });

    it("is known of every version", () => {
        for (const { standardSupportEnds } of Object.values(kubernetesReleases)) {
            assert.match(standardSupportEnds, /^20\d\d-\d\d-\d\d$/);
        }
    });

    it("concerns no cluster of somebody else's", () => {
        assert.deepEqual(warnings(configOf("local"), at("2030-01-01")), []);
    });
});
