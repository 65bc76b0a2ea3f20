import assert from "node:assert/strict";

import { rdsRootCertificate } from "../../infra/data/aws/certificateAuthority.ts";
import { planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";

describe("the VPC", () => {
    it("has the subnets of prod in three zones, tagged for load balancers", async () => {
        const { inputs, protect } = byName(await planOf("prod"), "awsx:ec2:Vpc", "network-vpc");
        assert.deepEqual(inputs, {
            cidrBlock: "10.0.0.0/16",
            availabilityZoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"],
            subnetStrategy: "Auto",
            subnetSpecs: [
                {
                    type: "Private",
                    name: "private",
                    cidrBlocks: ["10.0.0.0/19", "10.0.64.0/19", "10.0.128.0/19"],
                    tags: { "kubernetes.io/role/internal-elb": "1" },
                },
                {
                    type: "Public",
                    name: "public",
                    cidrBlocks: ["10.0.32.0/22", "10.0.96.0/22", "10.0.160.0/22"],
                    tags: { "kubernetes.io/role/elb": "1" },
                },
                {
                    type: "Isolated",
                    name: "database",
                    cidrBlocks: ["10.0.36.0/24", "10.0.100.0/24", "10.0.164.0/24"],
                },
            ],
            natGateways: { strategy: "None" },
            enableDnsHostnames: true,
            enableDnsSupport: true,
            tags: { Name: "spywatcher-prod" },
        });
        assert.equal(protect, true);
    });

    it("has two zones and one NAT gateway in dev, three of each in prod", async () => {
        for (const [stack, zones, gateways] of [
            ["dev", 2, 1],
            ["prod", 3, 3],
        ] as const) {
            const plan = await planOf(stack);
            const vpc = byName(plan, "awsx:ec2:Vpc", "network-vpc");
            assert.equal((vpc.inputs["availabilityZoneNames"] as string[]).length, zones);
            assert.equal(ofType(plan, "aws:ec2/natGateway:NatGateway").length, gateways);
            assert.equal(ofType(plan, "aws:ec2/eip:Eip").length, gateways);
        }
    });

    it("routes each private subnet of prod by the NAT gateway of its own zone", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(
            ofType(plan, "aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs["subnetId"]),
            ["subnet-networkvpcpublic1", "subnet-networkvpcpublic2", "subnet-networkvpcpublic3"],
        );
        assert.deepEqual(
            ofType(plan, "aws:ec2/route:Route").map(({ inputs }) => inputs),
            [1, 2, 3].map((zone) => ({
                routeTableId: `rtb-networkvpcprivate${zone}`,
                destinationCidrBlock: "0.0.0.0/0",
                natGatewayId: `network-nat-${zone}-id`,
            })),
        );
    });

    it("routes both private subnets of dev by the one NAT gateway, and no database subnet anywhere", async () => {
        assert.deepEqual(
            ofType(await planOf("dev"), "aws:ec2/route:Route").map(({ inputs }) => [
                inputs["routeTableId"],
                inputs["natGatewayId"],
            ]),
            [
                ["rtb-networkvpcprivate1", "network-nat-1-id"],
                ["rtb-networkvpcprivate2", "network-nat-1-id"],
            ],
        );
    });

    it("reaches S3 without the NAT gateways", async () => {
        const [endpoint, ...others] = ofType(await planOf("prod"), "aws:ec2/vpcEndpoint:VpcEndpoint");
        assert.deepEqual(others, []);
        assert.deepEqual(endpoint?.inputs, {
            vpcId: "vpc-networkvpc",
            vpcEndpointType: "Gateway",
            serviceName: "com.amazonaws.us-east-1.s3",
            routeTableIds: ["rtb-networkvpcprivate1", "rtb-networkvpcprivate2", "rtb-networkvpcprivate3"],
            tags: { Name: "spywatcher-prod-s3" },
        });
    });

    it("has the interface endpoints that are asked for, open to the VPC alone", async () => {
        const plan = await planOf("prod", {
            network: { kind: "create", interfaceEndpoints: ["ecr.api", "sts"] },
        });
        const interfaces = ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").filter(
            ({ inputs }) => inputs["vpcEndpointType"] === "Interface",
        );
        assert.deepEqual(
            interfaces.map(({ inputs }) => inputs["serviceName"]),
            ["com.amazonaws.us-east-1.ecr.api", "com.amazonaws.us-east-1.sts"],
        );
        for (const { inputs } of interfaces) {
            assert.equal(inputs["privateDnsEnabled"], true);
            assert.deepEqual(inputs["securityGroupIds"], ["network-endpoints-id"]);
        }
        assert.deepEqual(
            byName(plan, "aws:ec2/securityGroup:SecurityGroup", "network-endpoints").inputs["ingress"],
            [
                {
                    protocol: "tcp",
                    fromPort: 443,
                    toPort: 443,
                    cidrBlocks: ["10.0.0.0/16"],
                    description: "HTTPS from the VPC",
                },
            ],
        );
    });

    it("names China's endpoints as that partition does", async () => {
        const plan = await planOf("prod", {
            aws: { region: "cn-north-1" },
            // Any will do here.
            data: { kind: "aws", postgres: { caCertificate: rdsRootCertificate("us-east-1") } },
            network: {
                kind: "create",
                availabilityZones: ["cn-north-1a", "cn-north-1b"],
                interfaceEndpoints: [],
            },
        });
        assert.deepEqual(
            ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs["serviceName"]),
            ["cn.com.amazonaws.cn-north-1.s3"],
        );
    });

    it("leaves its default security group without a rule", async () => {
        const group = byName(
            await planOf("prod"),
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "network-default-security-group",
        );
        assert.deepEqual([group.inputs["ingress"], group.inputs["egress"]], [[], []]);
    });

    it("keeps encrypted flow logs of all traffic for as long as configured", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(byName(plan, "aws:cloudwatch/logGroup:LogGroup", "network-flow-log-group").inputs, {
            name: "/aws/vpc/spywatcher-prod/flow-logs",
            retentionInDays: 30,
            kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/log-key-id",
        });
        const flowLog = byName(plan, "aws:ec2/flowLog:FlowLog", "network-flow-log");
        assert.deepEqual(flowLog.inputs, {
            vpcId: "vpc-networkvpc",
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination:
                "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/spywatcher-prod/flow-logs",
            iamRoleArn: "arn:aws:iam::123456789012:role/spywatcher-prod-flow-logs",
            maxAggregationInterval: 60,
            tags: { Name: "spywatcher-prod-flow-logs" },
        });
    });

    it("can be one that exists: nothing is made in it", async () => {
        const plan = await planOf("prod", {
            network: {
                kind: "existing",
                vpcId: "vpc-0123456789abcdef0",
                publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
                privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
                databaseSubnetIds: ["subnet-00000005", "subnet-00000006"],
                databaseCidrs: ["10.9.2.0/24", "10.9.3.0/24"],
                loadBalancerCidrs: ["10.9.0.0/24", "10.9.1.0/24"],
            },
        });
        assert.deepEqual(
            plan.resources
                .filter(({ type }) => /^(aws:ec2\/(?!launchTemplate)|awsx:)/.test(type))
                .map(({ name }) => name),
            // The data stores' own security groups.
            ["data-postgres", "data-redis"],
        );
        const cluster = byName(plan, "eks:index:Cluster", "cluster-control-plane");
        assert.equal(cluster.inputs["vpcId"], "vpc-0123456789abcdef0");
        assert.deepEqual(cluster.inputs["privateSubnetIds"], ["subnet-00000003", "subnet-00000004"]);
    });
});
