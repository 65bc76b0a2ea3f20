import { type AwsAccount, iamArn, partition, regionalArn } from "../../aws/account.ts";
import type { Statement } from "../../aws/policyDocument.ts";
import { requestTags, resourceTags } from "../../aws/tagConditions.ts";

/**
 * Chart version whose reference policy (`docs/install/iam_policy.json` of the same tag) the statements are written after.
 * Controllers that got a new version without its policy stop with AccessDenied (eksctl-io/eksctl#8445).
 */
export const policyVersion = "3.5.0";

export interface ControllerPoliciesArgs {
    account: AwsAccount;
    clusterName: string;
    /** The cluster's VPC. */
    vpcId: string;
}

/** Tag with the cluster's name on all that the controller makes, but listeners and rules. */
const ownerTag = "elbv2.k8s.aws/cluster";

/**
 * What the AWS Load Balancer Controller may do, by policy: every action of the reference, in two because account, region
 * and cluster make it too long for one. Narrower in this: its own things are those with this cluster's name in the tag, not
 * with any; reads are in the region, ARNs in the account; security groups are made, changed and deleted in this VPC only,
 * foreign ones with this cluster's tag only: the two restrictions upstream advises (docs/deploy/installation.md).
 */
export function controllerPolicies({
    account,
    clusterName,
    vpcId,
}: ControllerPoliciesArgs): Record<"discovery" | "changes", Statement[]> {
    const { region, accountId } = account;
    const elb = (resource: string): string =>
        `arn:${partition(region)}:elasticloadbalancing:${region}:${accountId}:${resource}`;
    const securityGroups = regionalArn(account, "ec2", "security-group/*");
    // The VPC may be another account's, shared with this one.
    const vpc = `arn:${partition(region)}:ec2:${region}:*:vpc/${vpcId}`;
    const inVpc = { ArnLike: { "ec2:Vpc": vpc } };
    const inRegion = { StringEquals: { "aws:RequestedRegion": region } };
    const madeForCluster = requestTags({ [ownerTag]: clusterName });
    const ofCluster = resourceTags({ [ownerTag]: clusterName });
    // A request that sets the owner's tag would take over the resource.
    const owned: Statement["Condition"] = {
        StringEquals: ofCluster,
        Null: requestTags({ [ownerTag]: "true" }),
    };
    const tagged = ["targetgroup/*/*", "loadbalancer/net/*/*", "loadbalancer/app/*/*"].map(elb);
    const allow = (
        Sid: string,
        Action: Statement["Action"],
        Resource: Statement["Resource"] & {},
        Condition?: Statement["Condition"],
    ): Statement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
    return {
        discovery: [
            allow("Read", reads, "*", inRegion),
            // A list has no resource.
            allow("ListServerCertificates", "iam:ListServerCertificates", "*"),
            allow(
                "ReadServerCertificates",
                "iam:GetServerCertificate",
                iamArn(account, "server-certificate/*"),
            ),
        ],
        changes: [
            allow(
                "ServiceLinkedRole",
                "iam:CreateServiceLinkedRole",
                iamArn(account, "role/aws-service-role/elasticloadbalancing.amazonaws.com/*"),
                { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
            ),
            allow("Integrations", integrations, "*", inRegion),
            // Shield is a global service, which answers in this region only.
            allow("Shield", shield, "*", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }),
            allow("NodeSecurityGroupRules", securityGroupRules, "*", {
                ...inVpc,
                Null: resourceTags({ [`kubernetes.io/cluster/${clusterName}`]: "false" }),
            }),
            allow("CreateSecurityGroup", "ec2:CreateSecurityGroup", [securityGroups, vpc]),
            allow("TagNewSecurityGroup", "ec2:CreateTags", securityGroups, {
                StringEquals: { ...madeForCluster, "ec2:CreateAction": "CreateSecurityGroup" },
            }),
            allow("TagOwnSecurityGroup", ["ec2:CreateTags", "ec2:DeleteTags"], securityGroups, owned),
            allow("OwnSecurityGroups", [...securityGroupRules, "ec2:DeleteSecurityGroup"], "*", {
                ...inVpc,
                StringEquals: ofCluster,
            }),
            allow(
                "Create",
                ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
                "*",
                { StringEquals: madeForCluster },
            ),
            allow("Listeners", listeners, elb("*")),
            allow("TagOwn", tagging, tagged, owned),
            allow(
                "TagListeners",
                tagging,
                ["listener/net", "listener/app", "listener-rule/net", "listener-rule/app"].map((kind) =>
                    elb(`${kind}/*/*/*`),
                ),
            ),
            allow("ChangeOwn", changes, "*", { StringEquals: ofCluster }),
            allow("TagNew", "elasticloadbalancing:AddTags", tagged, {
                StringEquals: {
                    ...madeForCluster,
                    "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
                },
            }),
            allow(
                "Targets",
                ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
                elb("targetgroup/*/*"),
            ),
            allow("ChangeListeners", listenerChanges, elb("*")),
        ],
    };
}

const reads = [
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
] as const;

const integrations = [
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "cognito-idp:DescribeUserPoolClient",
    "waf-regional:AssociateWebACL",
    "waf-regional:DisassociateWebACL",
    "waf-regional:GetWebACL",
    "waf-regional:GetWebACLForResource",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
] as const;

const shield = [
    "shield:CreateProtection",
    "shield:DeleteProtection",
    "shield:DescribeProtection",
    "shield:GetSubscriptionState",
] as const;

const securityGroupRules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"] as const;

const tagging = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"] as const;

const listeners = [
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:CreateRule",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteRule",
] as const;

const changes = [
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyCapacityReservation",
    "elasticloadbalancing:ModifyIpPools",
    "elasticloadbalancing:ModifyListenerAttributes",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
] as const;

const listenerChanges = [
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:RemoveListenerCertificates",
    "elasticloadbalancing:SetRulePriorities",
    "elasticloadbalancing:SetWebAcl",
] as const;
