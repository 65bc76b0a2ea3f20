import assert from "node:assert/strict";

import { karpenterPlan, Earlier, ofType, one } from "../support/karpenter.ts";
import { ancestors, object, resource } from "../support/plans.ts";

const release = "kubernetes:helm.sh/v3:Release";

describe("Karpenter's releases", () => {
    it("install the definitions so that they outlive the release", async () => {
        assert.deepEqual(one(await karpenterPlan(), release, "karpenter-crd").inputs, {
            name: "karpenter-crd",
            namespace: "kube-system",
            chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
            version: "1.14.1",
            values: { additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
            maxHistory: 5,
            cleanupOnFail: false,
            compat: "true",
        });
    });

    it("install the controller on system nodes, with the queue and without the definitions", async () => {
        assert.deepEqual(one(await karpenterPlan(), release, "karpenter-controller").inputs, {
            name: "karpenter",
            namespace: "kube-system",
            chart: "oci://public.ecr.aws/karpenter/karpenter",
            version: "1.14.1",
            skipCrds: true,
            values: {
                settings: { clusterName: "blue", interruptionQueue: "blue-karpenter" },
                serviceMonitor: { enabled: false },
                serviceAccount: { name: "karpenter" },
                replicas: 2,
                controller: {
                    resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
                },
                nodeSelector: { "spywatcher/role": "system" },
                tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "topology.kubernetes.io/zone",
                        whenUnsatisfiable: "DoNotSchedule",
                    },
                ],
            },
            maxHistory: 5,
            cleanupOnFail: true,
            compat: "true",
        });
    });
});

describe("Karpenter's node class", () => {
    it("selects by id, asks for IMDSv2 and encrypts", async () => {
        const { apiVersion, metadata, spec } = object(await karpenterPlan(), "EC2NodeClass", "default");
        assert.equal(apiVersion, "karpenter.k8s.aws/v1");
        assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "condition=Ready" });
        assert.deepEqual(spec, {
            role: "blue-karpenter-node",
            amiSelectorTerms: [{ alias: "al2023@v20260923" }],
            securityGroupSelectorTerms: [{ id: "sg-0a" }],
            subnetSelectorTerms: [{ id: "subnet-0a" }, { id: "subnet-0b" }],
            metadataOptions: {
                httpEndpoint: "enabled",
                httpProtocolIPv6: "disabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            },
            blockDeviceMappings: [
                {
                    deviceName: "/dev/xvda",
                    ebs: {
                        volumeSize: "40Gi",
                        volumeType: "gp3",
                        encrypted: true,
                        deleteOnTermination: true,
                    },
                },
            ],
            tags: { environment: "dev" },
        });
    });

    it("gives Bottlerocket's data volume the size, and encrypts both", async () => {
        const plan = await karpenterPlan({ nodes: { amiAlias: "bottlerocket@v1.50.0" } });
        const mappings = object(plan, "EC2NodeClass", "default").spec.blockDeviceMappings;
        assert.deepEqual(
            mappings.map(({ deviceName, ebs }: any) => [deviceName, ebs.volumeSize, ebs.encrypted]),
            [
                ["/dev/xvda", "4Gi", true],
                ["/dev/xvdb", "40Gi", true],
            ],
        );
    });

    it("refuses an image whose volumes it does not know", async () => {
        for (const amiAlias of ["al2@v20260923", "ami-0123", "windows2025@latest"]) {
            await assert.rejects(karpenterPlan({ nodes: { amiAlias } }), {
                message: `The image ${amiAlias} of nodes is neither al2023@… nor bottlerocket@….`,
            });
        }
    });
});

describe("Karpenter's node pools", () => {
    it("are one for each capacity type, the first one preferred", async () => {
        const plan = await karpenterPlan();
        const common = (capacityType: string, weight: number) => ({
            template: {
                spec: {
                    nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
                    requirements: [
                        { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
                        {
                            key: "node.kubernetes.io/instance-type",
                            operator: "In",
                            values: ["m6i.large", "m6i.xlarge"],
                        },
                    ],
                    expireAfter: "336h",
                    terminationGracePeriod: "15m",
                },
            },
            disruption: {
                consolidationPolicy: "WhenEmptyOrUnderutilized",
                consolidateAfter: "1m",
                budgets: [
                    { nodes: "1" },
                    {
                        nodes: "0",
                        reasons: ["Drifted"],
                        schedule: "0 8 * * mon-fri",
                        duration: "10h",
                    },
                ],
            },
            limits: { cpu: "32", memory: "128Gi" },
            weight,
        });
        assert.equal(ofType(plan, "kubernetes:karpenter.sh/v1:NodePool").length, 2);
        for (const [capacityType, weight] of [
            ["on-demand", 2],
            ["spot", 1],
        ] as const) {
            const { apiVersion, metadata, spec } = object(plan, "NodePool", capacityType);
            assert.equal(apiVersion, "karpenter.sh/v1");
            assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "condition=Ready" });
            assert.deepEqual(spec, common(capacityType, weight));
        }
    });

    it("follow the order of preference", async () => {
        const plan = await karpenterPlan({ nodes: { capacityTypes: ["spot", "on-demand"] } });
        assert.equal(object(plan, "NodePool", "spot").spec.weight, 2);
        assert.equal(object(plan, "NodePool", "on-demand").spec.weight, 1);
        const spotOnly = await karpenterPlan({ nodes: { capacityTypes: ["spot"] } });
        assert.deepEqual(
            ofType(spotOnly, "kubernetes:karpenter.sh/v1:NodePool").map(({ name }) => name),
            ["karpenter-spot"],
        );
    });

    it("have half an hour to drain", async () => {
        const plan = await karpenterPlan();
        for (const each of [
            resource(plan, "NodePool", "on-demand"),
            resource(plan, "NodePool", "spot"),
            resource(plan, "EC2NodeClass", "default"),
        ]) {
            assert.deepEqual(each.customTimeouts, { delete: "30m" }, each.urn);
        }
    });
});

describe("the order of Karpenter's parts", () => {
    it("is pools, class, controller, and only then what these need", async () => {
        const plan = await karpenterPlan();
        const controller = one(plan, release, "karpenter-controller");
        const nodeClass = resource(plan, "EC2NodeClass", "default");
        for (const capacityType of ["on-demand", "spot"]) {
            const pool = resource(plan, "NodePool", capacityType);
            assert.ok(pool.dependsOn.includes(nodeClass.urn), pool.urn);
        }
        assert.ok(nodeClass.dependsOn.includes(controller.urn));
        const needed = plan.resources.filter(
            ({ type, name }) =>
                type.startsWith("aws:") || name === "karpenter-crd" || type === "test:index:Earlier",
        );
        // 2 roles, 5 policies, 9 attachments, association, access entry, queue with policy, 5 rules with targets.
        assert.equal(needed.length, 30 + 1 + 2);
        const before = ancestors(plan, controller);
        for (const { urn } of needed) assert.ok(before.has(urn), `the controller must come after ${urn}`);
    });

    it("takes what to wait for as a list, too", async () => {
        const startAfter: Earlier[] = [];
        const plan = await karpenterPlan({ startAfter }, () => startAfter.push(new Earlier("gateway")));
        assert.equal(startAfter.length, 1);
        const before = ancestors(plan, one(plan, release, "karpenter-controller"));
        assert.ok(before.has(one(plan, "test:index:Earlier", "gateway").urn));
    });

    it("leaves nothing without the component as its parent, and one provider", async () => {
        const plan = await karpenterPlan();
        const components = new Set(
            plan.resources.filter(({ type }) => type.startsWith("spywatcher:")).map(({ urn }) => urn),
        );
        assert.equal(components.size, 4);
        for (const { type, parent, provider, urn } of plan.resources) {
            if (type.startsWith("aws:") || type.startsWith("kubernetes:")) {
                assert.ok(components.has(parent ?? ""), urn);
            }
            if (type.startsWith("kubernetes:")) {
                assert.equal(provider, one(plan, "pulumi:providers:kubernetes").urn, urn);
            }
        }
    });
});
