import assert from "node:assert/strict";

import { eksKubeconfig } from "../../infra/cluster/kubeconfig.ts";
import { planOf } from "../support/plans.ts";
import { byName, comesAfter, ofType } from "../support/resources.ts";

/** The SDK adds what it takes for the defaults. */
const disabled = {
    enabled: false,
    resolveConflictsOnCreate: "OVERWRITE",
    resolveConflictsOnUpdate: "OVERWRITE",
};

const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";

describe("the control plane", () => {
    it("of prod is private first, encrypted, logged and protected", async () => {
        const { inputs, protect } = byName(
            await planOf("prod"),
            "eks:index:Cluster",
            "cluster-control-plane",
        );
        assert.deepEqual(inputs, {
            name: "spywatcher-prod",
            version: "1.36",
            vpcId: "vpc-networkvpc",
            privateSubnetIds: [
                "subnet-networkvpcprivate1",
                "subnet-networkvpcprivate2",
                "subnet-networkvpcprivate3",
            ],
            authenticationMode: "API",
            endpointPrivateAccess: true,
            endpointPublicAccess: true,
            publicAccessCidrs: ["203.0.113.0/24"],
            encryptionConfigKeyArn: "arn:aws:kms:us-east-1:123456789012:key/secrets-key-id",
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: true,
            skipDefaultSecurityGroups: true,
            skipDefaultNodeGroup: true,
            createInstanceRole: false,
            bootstrapSelfManagedAddons: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: disabled,
            corednsAddonOptions: disabled,
            providerCredentialOpts: {},
            clusterTags: { Name: "spywatcher-prod" },
        });
        assert.equal(protect, true);
    });

    it("has no public endpoint when no network is named", async () => {
        const plan = await planOf("prod", { cluster: { kind: "eks", endpoint: { publicCidrs: [] } } });
        const { inputs } = byName(plan, "eks:index:Cluster", "cluster-control-plane");
        assert.equal(inputs["endpointPublicAccess"], false);
        assert.equal(inputs["endpointPrivateAccess"], true);
        assert.equal("publicAccessCidrs" in inputs, false);
    });

    it("writes to a log group that is there first, encrypted and kept for 90 days", async () => {
        const plan = await planOf("prod");
        assert.deepEqual(byName(plan, "aws:cloudwatch/logGroup:LogGroup", "cluster-logs").inputs, {
            name: "/aws/eks/spywatcher-prod/cluster",
            retentionInDays: 90,
            kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/log-key-id",
        });
    });

    it("has keys that rotate each year", async () => {
        const keys = ofType(await planOf("prod"), "aws:kms/key:Key");
        assert.deepEqual(
            keys.map(({ name, inputs }) => [
                name,
                inputs["enableKeyRotation"],
                inputs["deletionWindowInDays"],
            ]),
            [
                ["alerts-key", true, 30],
                ["data-key", true, 30],
                ["log-key", true, 30],
                ["secrets-key", true, 30],
            ],
        );
    });
});

describe("access to the cluster", () => {
    const access = {
        admins: ["arn:aws:iam::123456789012:role/admins"],
        viewers: ["arn:aws:iam::123456789012:user/team/viewer"],
        previewers: ["arn:aws:iam::123456789012:role/preview"],
        validators: ["arn:aws:iam::123456789012:role/ci"],
    };

    it("is given to the deployer, the admins, the viewers, the previewers and the validators, each by one entry", async () => {
        const plan = await planOf("prod", { cluster: { kind: "eks", access } });
        const policy = "arn:aws:eks::aws:cluster-access-policy";
        assert.deepEqual(
            ofType(plan, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").map(
                ({ inputs }) => inputs,
            ),
            [
                ["role/admins", "AmazonEKSClusterAdminPolicy"],
                ["role/spywatcher-deploy", "AmazonEKSClusterAdminPolicy"],
                ["role/preview", "AmazonEKSAdminViewPolicy"],
                ["user/team/viewer", "AmazonEKSViewPolicy"],
            ].map(([principal, name]) => ({
                clusterName: "spywatcher-prod",
                principalArn: `arn:aws:iam::123456789012:${principal}`,
                policyArn: `${policy}/${name}`,
                accessScope: { type: "cluster" },
            })),
        );
        const entries = ofType(plan, "aws:eks/accessEntry:AccessEntry").filter(
            ({ inputs }) => inputs["type"] === "STANDARD",
        );
        assert.deepEqual(
            entries.map(({ inputs }) => [inputs["principalArn"], inputs["kubernetesGroups"]]),
            [
                ["arn:aws:iam::123456789012:role/admins", undefined],
                ["arn:aws:iam::123456789012:role/spywatcher-deploy", undefined],
                ["arn:aws:iam::123456789012:role/preview", undefined],
                ["arn:aws:iam::123456789012:role/ci", ["spywatcher-validators"]],
                ["arn:aws:iam::123456789012:user/team/viewer", undefined],
            ],
        );
    });

    it("exists before, and until after, every Kubernetes object", async () => {
        const plan = await planOf("prod");
        const associations = ofType(plan, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation");
        const objects = plan.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        assert.ok(associations.length > 0 && objects.length > 25);
        for (const object of objects) {
            for (const association of associations) {
                assert.ok(comesAfter(plan, object, association), `${object.urn} after ${association.urn}`);
            }
        }
    });

    it("is by a token of the deploy role, without profile or credentials", () => {
        const kubeconfig = JSON.parse(
            eksKubeconfig({
                clusterName: "c",
                region: "eu-west-1",
                endpoint: "https://c.example",
                certificateAuthority: "Q0E=",
                roleArn: "arn:aws:iam::123456789012:role/deploy",
            }),
        ) as unknown;
        assert.deepEqual(kubeconfig, {
            apiVersion: "v1",
            kind: "Config",
            "current-context": "c",
            clusters: [
                { name: "c", cluster: { server: "https://c.example", "certificate-authority-data": "Q0E=" } },
            ],
            contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
            users: [
                {
                    name: "c",
                    user: {
                        exec: {
                            apiVersion: "client.authentication.k8s.io/v1beta1",
                            command: "aws",
                            args: [
                                "--region",
                                "eu-west-1",
                                "eks",
                                "get-token",
                                "--output",
                                "json",
                                "--cluster-name",
                                "c",
                                "--role-arn",
                                "arn:aws:iam::123456789012:role/deploy",
                            ],
                            interactiveMode: "Never",
                        },
                    },
                },
            ],
        });
    });
});

describe("the system nodes", () => {
    it("of prod are three on-demand nodes with a pinned image, a taint and repair", async () => {
        const { inputs } = byName(await planOf("prod"), nodeGroupType, "cluster-system");
        assert.deepEqual(inputs, {
            clusterName: "spywatcher-prod",
            nodeGroupName: "system",
            nodeRoleArn: "arn:aws:iam::123456789012:role/spywatcher-prod-system-node",
            subnetIds: [
                "subnet-networkvpcprivate1",
                "subnet-networkvpcprivate2",
                "subnet-networkvpcprivate3",
            ],
            version: "1.36",
            amiType: "AL2023_x86_64_STANDARD",
            releaseVersion: "1.36.4-20260923",
            capacityType: "ON_DEMAND",
            instanceTypes: ["m7i-flex.large"],
            scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 4 },
            updateConfig: { maxUnavailable: 1 },
            nodeRepairConfig: { enabled: true },
            launchTemplate: { id: "cluster-system-template-id", version: "1" },
            taints: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
        });
    });

    it("demand tokens of the metadata service at one hop, and encrypt their volume", async () => {
        const plan = await planOf("prod");
        const { inputs } = byName(plan, "aws:ec2/launchTemplate:LaunchTemplate", "cluster-system-template");
        assert.deepEqual(inputs["metadataOptions"], {
            httpEndpoint: "enabled",
            httpTokens: "required",
            httpPutResponseHopLimit: 1,
        });
        assert.deepEqual(inputs["blockDeviceMappings"], [
            {
                deviceName: "/dev/xvda",
                ebs: {
                    volumeSize: 30,
                    volumeType: "gp3",
                    encrypted: "true",
                    deleteOnTermination: "true",
                },
            },
        ]);
        // With a group of its own the nodes would not wear the cluster's.
        assert.equal("vpcSecurityGroupIds" in inputs, false);
        assert.equal("networkInterfaces" in inputs, false);
    });

    it("follow the architecture of their type and the operating system", async () => {
        const plan = await planOf("dev", {
            cluster: {
                kind: "eks",
                operatingSystem: "bottlerocket",
                systemNodes: { instanceType: "t4g.medium" },
                nodePools: { amiVersion: "v1.50.0" },
            },
        });
        const { inputs } = byName(plan, nodeGroupType, "cluster-system");
        assert.equal(inputs["amiType"], "BOTTLEROCKET_ARM_64");
        assert.equal("releaseVersion" in inputs, false);
        const template = byName(plan, "aws:ec2/launchTemplate:LaunchTemplate", "cluster-system-template");
        assert.equal(
            (template.inputs["blockDeviceMappings"] as { deviceName: string }[])[0]?.deviceName,
            "/dev/xvdb",
        );
        const nodeClass = plan.resources.find(({ type }) => type.endsWith(":EC2NodeClass"));
        assert.deepEqual((nodeClass?.inputs["spec"] as { amiSelectorTerms: unknown }).amiSelectorTerms, [
            { alias: "bottlerocket@v1.50.0" },
        ]);
    });

    it("come after what they need to join, and go before it", async () => {
        const plan = await planOf("prod");
        const group = byName(plan, nodeGroupType, "cluster-system");
        const earlier = [
            ...ofType(plan, "aws:ec2/route:Route"),
            ...ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
                name.startsWith("cluster-system-"),
            ),
            ...["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent"].map((each) =>
                byName(plan, "aws:eks/addon:Addon", `cluster-${each}`),
            ),
        ];
        assert.equal(earlier.length, 3 + 4 + 4);
        for (const each of earlier) assert.ok(comesAfter(plan, group, each), each.urn);
    });
});

describe("the add-ons", () => {
    it("have pinned versions and sorted configuration", async () => {
        const addons = ofType(await planOf("prod"), "aws:eks/addon:Addon").map(({ inputs }) => [
            inputs["addonName"],
            inputs["addonVersion"],
            inputs["configurationValues"],
        ]);
        const tolerations = '[{"key":"CriticalAddonsOnly","operator":"Exists"}]';
        const nodeSelector = '{"eks.amazonaws.com/nodegroup":"system"}';
        assert.deepEqual(addons, [
            [
                "aws-ebs-csi-driver",
                "v1.66.0-eksbuild.1",
                `{"controller":{"nodeSelector":${nodeSelector},"region":"us-east-1","tolerations":${tolerations}}}`,
            ],
            [
                "coredns",
                "v1.14.7-eksbuild.11",
                `{"autoScaling":{"enabled":true,"maxReplicas":10,"minReplicas":2},"nodeSelector":${nodeSelector},"tolerations":${tolerations},"topologySpreadConstraints":[{"labelSelector":{"matchLabels":{"k8s-app":"kube-dns"}},"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"ScheduleAnyway"}]}`,
            ],
            ["eks-node-monitoring-agent", "v1.7.2-eksbuild.1", undefined],
            ["eks-pod-identity-agent", "v1.4.0-eksbuild.3", undefined],
            ["kube-proxy", "v1.36.0-eksbuild.45", undefined],
            [
                "vpc-cni",
                "v1.23.2-eksbuild.1",
                '{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}',
            ],
        ]);
    });

    it("that need nodes come after them, the volume driver after its role too", async () => {
        const plan = await planOf("prod");
        const group = byName(plan, nodeGroupType, "cluster-system");
        const dns = byName(plan, "aws:eks/addon:Addon", "cluster-coredns");
        const volumes = byName(plan, "aws:eks/addon:Addon", "cluster-aws-ebs-csi-driver");
        assert.ok(comesAfter(plan, dns, group));
        assert.ok(comesAfter(plan, volumes, group));
        assert.ok(
            comesAfter(
                plan,
                volumes,
                byName(
                    plan,
                    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                    "cluster-ebs-csi-association",
                ),
            ),
        );
    });

    it("go with the cluster's Kubernetes version", async () => {
        const plan = await planOf("dev", { cluster: { kind: "eks", kubernetesVersion: "1.35" } });
        assert.equal(
            byName(plan, "aws:eks/addon:Addon", "cluster-kube-proxy").inputs["addonVersion"],
            "v1.35.3-eksbuild.29",
        );
        const group = byName(plan, nodeGroupType, "cluster-system");
        assert.equal(group.inputs["releaseVersion"], "1.35.7-20260911");
    });
});

describe("volumes", () => {
    it("are encrypted gp3 by default, made in their pod's zone, and can grow", async () => {
        const classes = ofType(await planOf("prod"), "kubernetes:storage.k8s.io/v1:StorageClass");
        assert.equal(classes.length, 1);
        const { metadata, ...inputs } = classes[0]?.inputs ?? {};
        assert.deepEqual((metadata as { annotations: unknown }).annotations, {
            "storageclass.kubernetes.io/is-default-class": "true",
        });
        assert.deepEqual(inputs, {
            apiVersion: "storage.k8s.io/v1",
            kind: "StorageClass",
            provisioner: "ebs.csi.aws.com",
            parameters: {
                type: "gp3",
                encrypted: "true",
                "csi.storage.k8s.io/fstype": "ext4",
                tagSpecification_1: "Project=spywatcher",
                tagSpecification_2: "Environment=prod",
                tagSpecification_3: "Stack=prod",
                tagSpecification_4: "ManagedBy=pulumi",
                tagSpecification_5: "Owner=platform",
                tagSpecification_6: "CostCenter=spywatcher",
            },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: "Delete",
        });
    });
});

describe("the AWS provider", () => {
    it("is one, in the configured account and region, and tags everything", async () => {
        const plan = await planOf("prod");
        const providers = ofType(plan, "pulumi:providers:aws");
        assert.equal(providers.length, 1);
        const { region, allowedAccountIds, defaultTags } = providers[0]?.inputs ?? {};
        assert.equal(region, "us-east-1");
        assert.equal(allowedAccountIds, '["123456789012"]');
        assert.deepEqual(JSON.parse(String(defaultTags)), {
            tags: {
                Project: "spywatcher",
                Environment: "prod",
                Stack: "prod",
                ManagedBy: "pulumi",
                Owner: "platform",
                CostCenter: "spywatcher",
            },
        });
        for (const { type, provider, urn } of plan.resources) {
            if (type.startsWith("aws:")) assert.equal(provider, providers[0]?.urn, urn);
        }
    });
});
