import * as pulumi from "@pulumi/pulumi";

import { partition } from "../infra/aws/account.ts";

const consoles: Record<string, string> = {
    aws: "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
};

/** Pages of the AWS console that show what the stack made. */
export function consoleLinks(
    region: string,
    clusterName: string,
    vpcId: pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
    const base = `https://${region}.${consoles[partition(region)] ?? ""}`;
    const page = (path: string): pulumi.Output<string> => pulumi.output(`${base}/${path}`);
    return {
        cluster: page(`eks/home?region=${region}#/clusters/${clusterName}`),
        vpc: pulumi.interpolate`${base}/vpcconsole/home?region=${region}#VpcDetails:VpcId=${vpcId}`,
        loadBalancers: page(`ec2/home?region=${region}#LoadBalancers:`),
        logs: page(`cloudwatch/home?region=${region}#logsV2:log-groups`),
    };
}
