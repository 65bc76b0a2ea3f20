import { ec2, type Grant, passRole } from "./grants.ts";

/** Actions that types of the network: VPC, subnets, gateways, security groups need. */
export const networkAccess: Readonly<Record<string, readonly Grant[]>> = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2(
        ["DescribeSecurityGroups", "DescribeSecurityGroupRules"],
        ["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
    ),
    "aws:ec2/eip:Eip": ec2(
        ["DescribeAddresses", "DescribeAddressesAttribute"],
        ["AllocateAddress", "DisassociateAddress", "ReleaseAddress"],
    ),
    "aws:ec2/flowLog:FlowLog": [
        ...ec2(["DescribeFlowLogs"], ["CreateFlowLogs", "DeleteFlowLogs"]),
        { at: "region", write: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"] },
        passRole,
    ],
    "aws:ec2/internetGateway:InternetGateway": ec2(
        ["DescribeInternetGateways"],
        ["AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": ec2(
        ["DescribeLaunchTemplateVersions", "DescribeLaunchTemplates"],
        [
            "CreateLaunchTemplate",
            "CreateLaunchTemplateVersion",
            "DeleteLaunchTemplate",
            "ModifyLaunchTemplate",
        ],
    ),
    "aws:ec2/natGateway:NatGateway": ec2(
        ["DescribeNatGateways", "DescribeAddresses"],
        ["CreateNatGateway", "DeleteNatGateway", "DisassociateAddress"],
    ),
    "aws:ec2/route:Route": ec2(["DescribeRouteTables"], ["CreateRoute", "DeleteRoute", "ReplaceRoute"]),
    "aws:ec2/routeTable:RouteTable": ec2(
        ["DescribeRouteTables"],
        [
            "CreateRoute",
            "CreateRouteTable",
            "DeleteRoute",
            "DeleteRouteTable",
            "DisassociateRouteTable",
            "ReplaceRoute",
        ],
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2(
        ["DescribeRouteTables"],
        ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
    ),
    "aws:ec2/securityGroup:SecurityGroup": ec2(
        ["DescribeNetworkInterfaces", "DescribeSecurityGroupRules", "DescribeSecurityGroups"],
        [
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "UpdateSecurityGroupRuleDescriptionsEgress",
            "UpdateSecurityGroupRuleDescriptionsIngress",
        ],
    ),
    "aws:ec2/subnet:Subnet": ec2(
        ["DescribeAvailabilityZones", "DescribeNetworkInterfaces", "DescribeSubnets"],
        ["CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute"],
    ),
    "aws:ec2/vpc:Vpc": ec2(
        [
            "DescribeAccountAttributes",
            "DescribeAvailabilityZones",
            "DescribeNetworkAcls",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeVpcAttribute",
            "DescribeVpcs",
        ],
        ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute"],
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2(
        ["DescribePrefixLists", "DescribeVpcEndpoints"],
        ["CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"],
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2(
        ["DescribeSecurityGroupRules"],
        ["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "RevokeSecurityGroupIngress"],
    ),
};
