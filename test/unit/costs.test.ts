import assert from "node:assert/strict";

import { costsMarkdown, formatCosts } from "../../ops/costs/format.ts";
import { instancePrice } from "../../ops/costs/listPrices.ts";
import { monthlyCosts } from "../../ops/costs/monthlyCosts.ts";
import { workloadNodes } from "../../ops/costs/workloadNodes.ts";
import { planOf } from "../support/plans.ts";
import { planOfSketches, type ResourceSketch } from "../support/syntheticPlans.ts";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

function several(type: string, count: number, inputs: Record<string, unknown> = {}): ResourceSketch[] {
    return Array.from({ length: count }, (_, index) => ({ type, name: `${type}-${index}`, inputs }));
}

function lines(sketches: ResourceSketch[]): [string, number, number][] {
    return monthlyCosts(planOfSketches(sketches)).items.map(({ item, quantity, monthlyUsd }) => [
        item,
        quantity,
        monthlyUsd,
    ]);
}

const vpc: ResourceSketch = {
    type: "awsx:ec2:Vpc",
    name: "vpc",
    component: true,
    inputs: { availabilityZoneNames: zones },
};
const ingress: ResourceSketch = {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    name: "ingress",
    inputs: {
        metadata: { annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing" } },
        spec: { ingressClassName: "alb" },
    },
};

function deployment(name: string, cpu: string, memory: string, apart: boolean): ResourceSketch {
    return {
        type: "kubernetes:apps/v1:Deployment",
        name,
        inputs: {
            metadata: { name, namespace: "x" },
            spec: {
                template: {
                    spec: {
                        containers: [{ resources: { requests: { cpu, memory } } }],
                        ...(apart && { affinity: { podAntiAffinity: {} } }),
                    },
                },
            },
        },
    };
}

function autoscaler(name: string, minReplicas: number): ResourceSketch {
    return {
        type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        name: `${name}-hpa`,
        inputs: {
            metadata: { name: `${name}-hpa`, namespace: "x" },
            spec: { scaleTargetRef: { name }, minReplicas, maxReplicas: 9 },
        },
    };
}

function pool(name: string, weight: number, capacityType: string, instanceTypes: string[]): ResourceSketch {
    return {
        type: "kubernetes:karpenter.sh/v1:NodePool",
        name,
        inputs: {
            metadata: { name },
            spec: {
                weight,
                template: {
                    spec: {
                        nodeClassRef: { name: "default" },
                        requirements: [
                            { key: "karpenter.sh/capacity-type", values: [capacityType] },
                            { key: "node.kubernetes.io/instance-type", values: instanceTypes },
                        ],
                    },
                },
            },
        },
    };
}

const nodeClass: ResourceSketch = {
    type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    name: "class",
    inputs: {
        metadata: { name: "default" },
        spec: { blockDeviceMappings: [{ ebs: { volumeSize: "4Gi" } }, { ebs: { volumeSize: "30Gi" } }] },
    },
};

describe("monthly costs", () => {
    it("of a network in three zones", () => {
        const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
        assert.deepEqual(
            lines([
                vpc,
                ...several("aws:ec2/natGateway:NatGateway", 3),
                ...several("aws:ec2/eip:Eip", 3),
                { type: endpoint, name: "s3", inputs: { vpcEndpointType: "Gateway" } },
                { type: endpoint, name: "ecr", inputs: { vpcEndpointType: "Interface", subnetIds: zones } },
                { type: endpoint, name: "sts", inputs: { vpcEndpointType: "Interface" } },
            ]),
            [
                ["NAT gateways", 3, 98.55],
                ["Public addresses of NAT gateways", 3, 10.95],
                ["Interface endpoints, in each zone", 6, 43.8],
            ],
        );
    });

    it("of the load balancer, its addresses and the web ACL", () => {
        const webAcl = { type: "aws:wafv2/webAcl:WebAcl", name: "acl", inputs: { rules: [{}, {}, {}] } };
        const balancer = [
            ["Application Load Balancer", 1, 16.43],
            ["Load balancer capacity units", 1, 5.84],
        ];
        assert.deepEqual(lines([vpc, ingress, webAcl]), [
            ...balancer,
            ["Public addresses of the load balancer", 3, 10.95],
            ["Web ACL", 1, 5],
            ["Rules of the web ACL", 3, 3],
        ]);
        assert.deepEqual(lines([ingress]), [...balancer, ["Public addresses of the load balancer", 2, 7.3]]);
        const other = { ...ingress, inputs: { spec: { ingressClassName: "nginx" } } };
        assert.deepEqual(lines([other]), []);
    });

    it("of control plane, nodes and their volumes", () => {
        const template: ResourceSketch = {
            type: "aws:ec2/launchTemplate:LaunchTemplate",
            name: "template",
            inputs: { blockDeviceMappings: [{ ebs: { volumeSize: 40 } }] },
        };
        const group: ResourceSketch = {
            type: "aws:eks/nodeGroup:NodeGroup",
            name: "nodes",
            inputs: {
                nodeGroupName: "system",
                instanceTypes: ["t3.medium"],
                scalingConfig: { desiredSize: 2 },
            },
            dependsOn: ["template"],
        };
        assert.deepEqual(
            lines([{ type: "eks:index:Cluster", name: "c", component: true }, template, group]),
            [
                ["EKS control plane", 1, 73],
                ["Nodes of group system, t3.medium", 2, 60.74],
                ["Volumes of group system, GB", 80, 6.4],
            ],
        );
    });

    it("of data stores, keys, logs and alarms", () => {
        assert.deepEqual(
            lines([
                {
                    type: "aws:rds/instance:Instance",
                    name: "database",
                    inputs: { instanceClass: "db.t4g.medium", multiAz: true, allocatedStorage: 100 },
                },
                {
                    type: "aws:elasticache/replicationGroup:ReplicationGroup",
                    name: "cache",
                    inputs: { nodeType: "cache.t4g.micro", engine: "valkey", numCacheClusters: 2 },
                },
                ...several("aws:kms/key:Key", 2),
                ...several("aws:cloudwatch/logGroup:LogGroup", 2),
                ...several("aws:cloudwatch/metricAlarm:MetricAlarm", 7),
            ]),
            [
                ["PostgreSQL db.t4g.medium in two zones", 1, 94.9],
                ["PostgreSQL storage in two zones, GB", 100, 23],
                ["Cache nodes cache.t4g.micro, valkey", 2, 18.69],
                ["KMS keys", 2, 2],
                ["Logs taken in, GB", 10, 5],
                ["Alarms", 7, 0.7],
            ],
        );
    });

    it("say which items have no listed price and leave them out of the total", () => {
        const costs = monthlyCosts(
            planOfSketches([
                {
                    type: "aws:rds/instance:Instance",
                    name: "database",
                    inputs: { instanceClass: "db.x9.large" },
                },
                ...several("aws:kms/key:Key", 3),
            ]),
        );
        assert.deepEqual([costs.totalUsd, costs.unpriced], [3, ["PostgreSQL db.x9.large in one zone"]]);
        const table = formatCosts(costs);
        assert.match(table, /│ PostgreSQL db\.x9\.large in one zone │ +1 │ +not listed │ +\? │/);
        assert.match(table, /│ Total of what is listed +│ +│ +│ +3\.00 │/);
    });

    it("are nothing for local, whatever its Ingress says", async () => {
        const costs = monthlyCosts(await planOf("local"));
        assert.deepEqual(costs, { items: [], totalUsd: 0, unpriced: [] });
        assert.equal(formatCosts(costs), "Nothing of this stack is billed by AWS.\n");
    });

    it("print as a Markdown table", () => {
        assert.deepEqual(
            costsMarkdown(monthlyCosts(planOfSketches(several("aws:kms/key:Key", 2)))).split("\n"),
            [
                "| Item | Quantity | USD | USD a month | Assumption |",
                "| --- | ---: | ---: | ---: | --- |",
                "| KMS keys | 2 | 1 / month | 2.00 |  |",
                "| **Total** |  |  | **2.00** |  |",
            ],
        );
    });
});

describe("the nodes for the fewest pods", () => {
    const nodesFor = (...sketches: ResourceSketch[]) => {
        const nodes = workloadNodes(planOfSketches(sketches));
        return nodes && [nodes.instanceType, nodes.count, nodes.pool.name, nodes.pool.volumeGiB];
    };
    const pods = [deployment("web", "500m", "512Mi", false), autoscaler("web", 3)];

    it("are counted only with a node pool", () => {
        assert.equal(nodesFor(...pods), undefined);
    });

    it("are the cheapest of the preferred pool that hold the requests", () => {
        const types = ["m6i.large", "m6i.xlarge"];
        const pools = [pool("second", 1, "spot", ["t3.medium"]), pool("first", 2, "on-demand", types)];
        assert.deepEqual(nodesFor(...pods, ...pools, nodeClass), ["m6i.large", 1, "first", 34]);
        // 12 x 500m: four of 1.68 cores cost 0.384, two of 3.67 cores the same; the first listed wins.
        const many = [deployment("web", "500m", "512Mi", false), autoscaler("web", 12)];
        assert.deepEqual(nodesFor(...many, ...pools), ["m6i.large", 4, "first", 20]);
    });

    it("are as many as there are pods that avoid each other", () => {
        const apart = [deployment("web", "100m", "128Mi", true), autoscaler("web", 3)];
        const pools = [pool("first", 2, "on-demand", ["m6i.large"])];
        assert.deepEqual(nodesFor(...apart, ...pools), ["m6i.large", 3, "first", 20]);
    });

    it("cost their instances and volumes, at the on-demand price", () => {
        const pools = [pool("first", 2, "spot", ["m6i.large"])];
        const { items } = monthlyCosts(planOfSketches([...pods, ...pools, nodeClass]));
        assert.deepEqual(
            items.map(({ item, quantity, monthlyUsd, assumption }) => [
                item,
                quantity,
                monthlyUsd,
                assumption,
            ]),
            [
                [
                    "Nodes for the workloads, m6i.large",
                    1,
                    70.08,
                    "fewest pods; at the on-demand price, spot is often 50–65 % less",
                ],
                ["Volumes of these nodes, GB", 34, 2.72, undefined],
            ],
        );
    });
});

describe("prices of instances", () => {
    it("double from size to size and are unknown for other families", () => {
        assert.equal(instancePrice("t3.medium")?.usd, 0.0416);
        assert.equal(instancePrice("t3.small")?.usd, 0.0208);
        assert.equal(instancePrice("m6i.xlarge")?.usd, 0.192);
        assert.equal(instancePrice("z9.large"), undefined);
        assert.equal(instancePrice("m6i.metal"), undefined);
    });
});
