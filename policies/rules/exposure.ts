import type { ResourceRule } from "../rule.ts";

const anywhere = ["0.0.0.0/0", "::/0"];

function open(cidrs: unknown): string[] {
    return [cidrs ?? []].flat().filter((cidr): cidr is string => anywhere.includes(cidr as string));
}

/** Databases and API servers that the internet does not reach. */
export const exposure: ResourceRule = {
    name: "not-open-to-the-internet",
    description:
        "No database has a public address, no security group of the program lets the whole internet in, and neither does the API server.",
    check: ({ type, props }) => {
        switch (type) {
            case "aws:rds/instance:Instance":
                return props["publiclyAccessible"] === true ? ["has a public address"] : [];
            case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
                return open([props["cidrIpv4"], props["cidrIpv6"]]).map((cidr) => `lets ${cidr} in`);
            case "aws:ec2/securityGroup:SecurityGroup":
                return ((props["ingress"] ?? []) as Record<string, unknown>[]).flatMap((rule) =>
                    [...open(rule["cidrBlocks"]), ...open(rule["ipv6CidrBlocks"])].map(
                        (cidr) => `lets ${cidr} in`,
                    ),
                );
            case "aws:eks/cluster:Cluster": {
                const access = props["vpcConfig"] as
                    { endpointPublicAccess?: boolean; publicAccessCidrs?: string[] } | undefined;
                // Without networks AWS takes all.
                return access?.endpointPublicAccess === false
                    ? []
                    : open(access?.publicAccessCidrs ?? anywhere[0]).map(
                          (cidr) => `lets ${cidr} to the API server`,
                      );
            }
            case "eks:index:Cluster":
                return props["endpointPublicAccess"] === false
                    ? []
                    : open(props["publicAccessCidrs"] ?? anywhere[0]).map(
                          (cidr) => `lets ${cidr} to the API server`,
                      );
            default:
                return [];
        }
    },
};
