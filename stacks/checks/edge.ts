import { partition } from "../../infra/aws/account.ts";
import { accessLogsBucketName, bucketNameProblem } from "../../infra/edge/bucketName.ts";
import { zoneHolds } from "../../infra/edge/hostedZone.ts";
import { loadBalancerZoneId } from "../../infra/edge/loadBalancerZones.ts";
import type { Problem } from "../problems.ts";
import type { Config } from "../schema/index.ts";

/** The certificate and the web ACL are of the load balancer's account and region; it takes no others. */
export function edgeOfAccount({ aws, edge }: Config): Problem[] {
    if (!aws) return [];
    const { accountId, region } = aws;
    return (["certificateArn", "wafAclArn"] as const).flatMap((key): Problem[] => {
        const value = edge[key];
        if (value === undefined) return [];
        const [, inPartition, , inRegion, inAccount] = value.split(":");
        const path = ["edge", key];
        if (inPartition !== partition(region) || inRegion !== region) {
            return [{ path, message: `must be in aws.region, ${region}`, related: [["aws", "region"]] }];
        }
        return inAccount === accountId
            ? []
            : [
                  {
                      path,
                      message: `must be in the account aws.accountId, ${accountId}`,
                      related: [["aws", "accountId"]],
                  },
              ];
    });
}

/** Web ACLs for CloudFront have ARNs in us-east-1, but load balancers take regional ones only. */
export function regionalWebAcl({ edge }: Config): Problem[] {
    const [, , , , , resource] = edge.wafAclArn?.split(":") ?? [];
    return resource === undefined || resource.startsWith("regional/webacl/")
        ? []
        : [
              {
                  path: ["edge", "wafAclArn"],
                  message: "must be a regional web ACL, …:regional/webacl/…: load balancers take no other",
              },
          ];
}

/** A load balancer has one web ACL. */
export function oneWebAcl({ edge }: Config): Problem[] {
    return edge.wafAclArn !== undefined && edge.waf !== undefined
        ? [
              {
                  path: ["edge", "wafAclArn"],
                  message: "must not be given together with edge.waf: a load balancer has one web ACL",
                  related: [["edge", "waf"]],
              },
          ]
        : [];
}

/** Both hosts are in the zone. */
export function hostsInZone({ app, edge }: Config): Problem[] {
    const { hostedZone } = edge;
    if (!hostedZone) return [];
    return (["frontend", "api"] as const)
        .filter((name) => !zoneHolds(hostedZone.name, app.hosts[name]))
        .map((name) => ({
            path: ["app", "hosts", name],
            message: `must be in the hosted zone ${hostedZone.name}: its records and certificate go there`,
            related: [["edge", "hostedZone"]],
        }));
}

/** Characters ACM allows in the name of a certificate; its other names may be longer. */
const certificateNameLimit = 64;

/** ACM makes the certificate. */
export function certificateName({ app, edge }: Config): Problem[] {
    const makesOne = edge.hostedZone !== undefined && edge.certificateArn === undefined;
    return makesOne && app.hosts.frontend.length > certificateNameLimit
        ? [
              {
                  path: ["app", "hosts", "frontend"],
                  message: `must have at most ${certificateNameLimit} characters: the certificate is called after it; or give edge.certificateArn`,
                  related: [["edge", "hostedZone"]],
              },
          ]
        : [];
}

/** Records need the load balancer's address and its zone. */
export function recordsHaveTarget({ environment, app, aws, edge }: Config): Problem[] {
    if (!edge.hostedZone) return [];
    const problems: Problem[] = [];
    // In prod it must be true anyway.
    if (!app.ingress.waitForAddress && environment !== "prod") {
        problems.push({
            path: ["app", "ingress", "waitForAddress"],
            message: "must be true with edge.hostedZone: the records point to the address",
            related: [["edge", "hostedZone"]],
        });
    }
    if (aws && loadBalancerZoneId(aws.region) === undefined) {
        problems.push({
            path: ["aws", "region"],
            message: "is not a region whose load balancers' hosted zone is known; leave out edge.hostedZone",
            related: [["edge", "hostedZone"]],
        });
    }
    return problems;
}

/** The program makes things in AWS only where it makes the cluster. */
export function edgeNeedsAws({ cluster, edge }: Config): Problem[] {
    if (cluster.kind === "eks") return [];
    const made: [boolean, string[]][] = [
        [edge.hostedZone !== undefined, ["edge", "hostedZone"]],
        [edge.loadBalancerAlarms, ["edge", "loadBalancerAlarms"]],
        [edge.waf?.enabled === true, ["edge", "waf"]],
        [
            edge.accessLogs !== undefined && edge.accessLogs.bucket === undefined,
            ["edge", "accessLogs", "bucket"],
        ],
    ];
    return made
        .filter(([isMade]) => isMade)
        .map(([, path]) => ({
            path,
            message:
                path.at(-1) === "bucket"
                    ? "is required unless cluster.kind is eks: only there a bucket is made"
                    : "needs cluster.kind eks: only there the program makes things in AWS",
            related: [["cluster", "kind"]],
        }));
}

/** S3 takes the name that is made of the cluster's. */
export function accessLogsBucketNamed({ aws, cluster, edge }: Config): Problem[] {
    if (!aws || cluster.kind !== "eks" || !edge.accessLogs || edge.accessLogs.bucket !== undefined) return [];
    const name = accessLogsBucketName(cluster.name, aws.accountId);
    const problem = bucketNameProblem(name);
    return problem === undefined
        ? []
        : [
              {
                  path: ["cluster", "name"],
                  message: `the bucket for access logs \`${name}\` ${problem}`,
                  related: [["edge", "accessLogs"]],
              },
          ];
}
