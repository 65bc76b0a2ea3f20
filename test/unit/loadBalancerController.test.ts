import assert from "node:assert/strict";

import { managedPolicyLimit, policyDocument, type Statement } from "../../infra/aws/policyDocument.ts";
import {
    controllerPolicies,
    policyVersion,
} from "../../infra/platform/loadBalancerController/controllerPolicies.ts";
import { charts } from "../../infra/versions.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { objects, planOf } from "../support/plans.ts";
import { byName } from "../support/resources.ts";

const release = "kubernetes:helm.sh/v3:Release";

const controller = (plan: Plan) => byName(plan, release, "load-balancer-controller-release").inputs;
const values = (plan: Plan) => controller(plan)["values"] as Record<string, unknown>;

describe("the load balancer controller's release", () => {
    it("has exactly these values in prod", async () => {
        assert.deepEqual(controller(await planOf("prod")), {
            name: "aws-load-balancer-controller",
            namespace: "kube-system",
            chart: "aws-load-balancer-controller",
            version: "3.5.0",
            repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
            skipCrds: true,
            maxHistory: 5,
            cleanupOnFail: true,
            compat: "true",
            values: {
                clusterName: "spywatcher-prod",
                region: "us-east-1",
                vpcId: "vpc-networkvpc",
                replicaCount: 2,
                serviceAccount: { create: true, name: "aws-load-balancer-controller" },
                resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
                priorityClassName: "system-cluster-critical",
                nodeSelector: { "eks.amazonaws.com/nodegroup": "system" },
                tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "DoNotSchedule",
                        labelSelector: {
                            matchLabels: {
                                "app.kubernetes.io/name": "aws-load-balancer-controller",
                                "app.kubernetes.io/instance": "aws-load-balancer-controller",
                            },
                        },
                        matchLabelKeys: ["pod-template-hash"],
                    },
                ],
                podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
                ingressClass: "alb",
                createIngressClassResource: true,
                keepTLSSecret: true,
                enableServiceMutatorWebhook: false,
                podMutatorWebhookConfig: { failurePolicy: "Fail" },
                objectSelector: {
                    matchLabels: { app: "spywatcher" },
                    matchExpressions: [{ key: "tier", operator: "In", values: ["backend", "frontend"] }],
                },
                enableShield: false,
                enableWaf: false,
                enableWafv2: true,
                controllerConfig: {
                    featureGates: { ALBGatewayAPI: false, NLBGatewayAPI: false, GatewayListenerSet: false },
                },
                defaultTags: {
                    Project: "spywatcher",
                    Environment: "prod",
                    Stack: "prod",
                    ManagedBy: "pulumi",
                    Owner: "platform",
                    CostCenter: "spywatcher",
                },
                serviceMonitor: { enabled: true },
            },
        });
    });

    it("is watched only where the definition of a ServiceMonitor is", async () => {
        const without = await planOf("dev", { monitoring: { enabled: false } });
        assert.deepEqual(values(without)["serviceMonitor"], { enabled: false });
    });

    it("asks WAF only when there is a web ACL", async () => {
        const wafAclArn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b";
        assert.equal(values(await planOf("dev"))["enableWafv2"], false);
        assert.equal(values(await planOf("dev", { edge: { wafAclArn } }))["enableWafv2"], true);
    });

    it("has one replica on one node", async () => {
        const plan = await planOf("dev", { cluster: { kind: "eks", systemNodes: { count: 1 } } });
        assert.equal(values(plan)["replicaCount"], 1);
    });

    it("comes from a mirror with its repository and version", async () => {
        const override = { repository: "https://charts.example.com/eks", version: "3.5.1" };
        const plan = await planOf("prod", {
            platform: { charts: { "aws-load-balancer-controller": override } },
        });
        const { version, repositoryOpts } = controller(plan);
        assert.deepEqual([version, repositoryOpts], ["3.5.1", { repo: override.repository }]);
        assert.match(JSON.stringify(objects(plan, "Job")), /aws-load-balancer-controller\/v3\.5\.1\/helm/);
    });

    it("leaves the definitions to Helm when told so", async () => {
        const plan = await planOf("prod", {
            platform: { loadBalancerController: { updateDefinitions: false } },
        });
        assert.equal(controller(plan)["skipCrds"], false);
        assert.deepEqual(
            objects(plan, "Job").map(({ metadata }) => metadata.namespace),
            ["spywatcher"],
        );
    });

    it("is left to others when switched off, and in a cluster that exists", async () => {
        const plan = await planOf("prod", { platform: { loadBalancerController: { enabled: false } } });
        for (const { urn } of [...plan.resources, ...(await planOf("local")).resources]) {
            assert.doesNotMatch(urn, /load-balancer-controller/);
        }
    });
});

describe("readiness gates", () => {
    const selects = (labels: Record<string, string>): boolean =>
        labels["app"] === "spywatcher" && ["backend", "frontend"].includes(labels["tier"] ?? "");

    it("hold up pods behind the load balancer, and no other pod, while the controller is down", async () => {
        for (const stack of ["local", "prod"]) {
            const plan = await planOf(stack, { app: { bot: { enabled: true } } });
            const services = objects(plan, "Ingress").flatMap(({ spec }) =>
                spec.rules.flatMap((rule: any) =>
                    rule.http.paths.map((path: any) => path.backend.service.name as string),
                ),
            );
            for (const { kind, metadata, spec } of ["Deployment", "StatefulSet", "Job"].flatMap((each) =>
                objects(plan, each),
            )) {
                const behind = kind === "Deployment" && services.includes(metadata.name);
                assert.equal(selects(spec.template.metadata.labels), behind, metadata.name);
            }
        }
    });
});

describe("the definitions of the load balancer controller", () => {
    it("are brought to the chart's version by a Job", async () => {
        const plan = await planOf("prod");
        const job = byName(
            plan,
            "kubernetes:batch/v1:Job",
            "load-balancer-controller-definitions-job",
        ).inputs;
        const { metadata, spec } = job as { metadata: { namespace: string; name: string }; spec: any };
        assert.equal(metadata.namespace, "kube-system");
        assert.match(metadata.name, /^load-balancer-controller-definitions-[0-9a-f]{10}$/);
        const { containers, nodeSelector, serviceAccountName } = spec.template.spec;
        assert.deepEqual(containers[0].args, [
            "apply",
            "--server-side",
            "--force-conflicts",
            "-f",
            "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v3.5.0/helm/aws-load-balancer-controller/crds/crds.yaml",
        ]);
        assert.equal(containers[0].image, "registry.k8s.io/kubectl:v1.36.1");
        assert.deepEqual(nodeSelector, { "eks.amazonaws.com/nodegroup": "system" });
        assert.equal(serviceAccountName, "load-balancer-controller-definitions");
    });

    it("come from a mirror, and by its image, where the cluster has no way out", async () => {
        const definitionsUrl = "https://mirror.example.com/crds-3.5.0.yaml";
        const definitionsImage = "registry.example.com/kubectl:v1.36.1";
        const plan = await planOf("prod", {
            platform: { loadBalancerController: { definitionsUrl, definitionsImage } },
        });
        const { spec } = byName(plan, "kubernetes:batch/v1:Job", "load-balancer-controller-definitions-job")
            .inputs as { spec: any };
        const [{ args, image }] = spec.template.spec.containers;
        assert.deepEqual([args.at(-1), image], [definitionsUrl, definitionsImage]);
    });

    it("are all that the Job may change", async () => {
        const role = byName(
            await planOf("prod"),
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
            "load-balancer-controller-definitions-role",
        );
        const apiextensions = {
            apiGroups: ["apiextensions.k8s.io"],
            resources: ["customresourcedefinitions"],
        };
        assert.deepEqual(role.inputs["rules"], [
            {
                ...apiextensions,
                resourceNames: [
                    "albtargetcontrolconfigs.elbv2.k8s.aws",
                    "globalaccelerators.aga.k8s.aws",
                    "ingressclassparams.elbv2.k8s.aws",
                    "targetgroupbindings.elbv2.k8s.aws",
                ],
                verbs: ["get", "patch"],
            },
            { ...apiextensions, verbs: ["create"] },
        ]);
    });
});

/** Actions of `docs/install/iam_policy.json` at v3.5.0, sorted. */
const referenceActions = [
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "cognito-idp:DescribeUserPoolClient",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteTags",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeCoipPools",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeIpamPools",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
    "ec2:GetCoipPoolUsage",
    "ec2:GetSecurityGroupsForVpc",
    "ec2:RevokeSecurityGroupIngress",
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:CreateLoadBalancer",
    "elasticloadbalancing:CreateRule",
    "elasticloadbalancing:CreateTargetGroup",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteRule",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeSSLPolicies",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTrustStores",
    "elasticloadbalancing:ModifyCapacityReservation",
    "elasticloadbalancing:ModifyIpPools",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyListenerAttributes",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:RegisterTargets",
    "elasticloadbalancing:RemoveListenerCertificates",
    "elasticloadbalancing:RemoveTags",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetRulePriorities",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "elasticloadbalancing:SetWebAcl",
    "iam:CreateServiceLinkedRole",
    "iam:GetServerCertificate",
    "iam:ListServerCertificates",
    "shield:CreateProtection",
    "shield:DeleteProtection",
    "shield:DescribeProtection",
    "shield:GetSubscriptionState",
    "waf-regional:AssociateWebACL",
    "waf-regional:DisassociateWebACL",
    "waf-regional:GetWebACL",
    "waf-regional:GetWebACLForResource",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
];

const list = (value: string | readonly string[] | undefined): readonly string[] =>
    value === undefined ? [] : typeof value === "string" ? [value] : value;

describe("the load balancer controller's policies", () => {
    const clusterName = "a".repeat(34);
    const vpcId = "vpc-0123456789abcdef0";
    const vpc = `arn:aws-us-gov:ec2:us-gov-west-1:*:vpc/${vpcId}`;
    const inVpc = { ArnLike: { "ec2:Vpc": vpc } };
    const policies = controllerPolicies({
        account: { accountId: "123456789012", region: "us-gov-west-1" },
        clusterName,
        vpcId,
    });
    const statements: Statement[] = Object.values(policies).flat();

    it("are those of the chart's version", () => {
        assert.equal(
            charts["aws-load-balancer-controller"].version,
            policyVersion,
            "compare docs/install/iam_policy.json of both tags, then set policyVersion",
        );
    });

    it("allow the reference's 80 actions", () => {
        const actions = new Set(statements.flatMap(({ Action }) => list(Action)));
        assert.deepEqual([...actions].sort(), referenceActions);
        assert.equal(referenceActions.length, 80);
    });

    it("fit AWS's limit with the longest name and partition", () => {
        for (const [name, each] of Object.entries(policies)) {
            assert.ok(policyDocument(each).length <= managedPolicyLimit, name);
        }
    });

    it("stay in the partition, the region and, but for shared VPCs, the account", () => {
        const arns = statements
            .flatMap(({ Resource }) => list(Resource))
            .filter((resource) => resource !== "*");
        assert.ok(arns.length > 10);
        const prefix = /^arn:aws-us-gov:(iam::|(ec2|elasticloadbalancing):us-gov-west-1:)123456789012:/;
        assert.deepEqual(
            arns.filter((arn) => !prefix.test(arn)),
            [vpc],
        );
    });

    it("make security groups in this VPC only", async () => {
        const create = statements.find(({ Sid }) => Sid === "CreateSecurityGroup");
        assert.deepEqual(create?.Resource, [
            "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:security-group/*",
            vpc,
        ]);
        const made = byName(
            await planOf("prod"),
            "aws:iam/policy:Policy",
            "load-balancer-controller-identity-changes",
        );
        assert.match(String(made.inputs["policy"]), /:vpc\/vpc-networkvpc"/);
    });

    it("tell this cluster's load balancers from another's", () => {
        const condition = (sid: string) => statements.find(({ Sid }) => Sid === sid)?.Condition;
        const own = { "aws:ResourceTag/elbv2.k8s.aws/cluster": clusterName };
        const made = { "aws:RequestTag/elbv2.k8s.aws/cluster": clusterName };
        assert.deepEqual(condition("Create"), { StringEquals: made });
        assert.deepEqual(condition("ChangeOwn"), { StringEquals: own });
        assert.deepEqual(condition("OwnSecurityGroups"), { StringEquals: own, ...inVpc });
        for (const sid of ["TagOwn", "TagOwnSecurityGroup"]) {
            assert.deepEqual(condition(sid), {
                StringEquals: own,
                Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "true" },
            });
        }
        assert.deepEqual(condition("TagNew"), {
            StringEquals: {
                ...made,
                "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
            },
        });
        assert.deepEqual(condition("TagNewSecurityGroup"), {
            StringEquals: { ...made, "ec2:CreateAction": "CreateSecurityGroup" },
        });
    });

    it("change rules of foreign security groups only in the cluster's own", () => {
        const open = statements.filter(
            ({ Action, Sid }) =>
                list(Action).includes("ec2:AuthorizeSecurityGroupIngress") && Sid !== "OwnSecurityGroups",
        );
        assert.deepEqual(
            open.map(({ Condition }) => Condition),
            [{ ...inVpc, Null: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "false" } }],
        );
    });
});
