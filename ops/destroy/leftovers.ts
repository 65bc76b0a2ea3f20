import type { TagFilter } from "@aws-sdk/client-resource-groups-tagging-api";

/** What of a stack AWS still knows. */
export interface Leftovers {
    /** ARNs of what should not be there any more. */
    unexpected: string[];
    /** ARNs of what stays on purpose, or until AWS deletes it. */
    kept: string[];
}

export interface LeftoverArgs {
    region: string;
    stack: string;
    clusterName: string;
    signal: AbortSignal;
}

/** What stays on purpose: final snapshots and backups, keys and secrets that wait to be deleted, the access logs. */
const keptArn =
    /^arn:[\w-]+:(?:rds:[^:]*:\d*:(?:snapshot|auto-backup):|elasticache:[^:]*:\d*:snapshot:|kms:[^:]*:\d*:key\/|secretsmanager:|s3:::[^:]*-access-logs-)/;

/** Tags by which each kind of owner marks what it makes: this program, the load balancer controller, Karpenter, EKS. */
export function ownerTags(stack: string, clusterName: string): TagFilter[][] {
    return [
        [
            { Key: "Project", Values: ["spywatcher"] },
            { Key: "Stack", Values: [stack] },
        ],
        [{ Key: "elbv2.k8s.aws/cluster", Values: [clusterName] }],
        [{ Key: "eks:eks-cluster-name", Values: [clusterName] }],
        [{ Key: `kubernetes.io/cluster/${clusterName}`, Values: ["owned"] }],
    ];
}

/** Sorts ARNs into what stays on purpose and what should be gone. */
export function sortLeftovers(arns: readonly string[]): Leftovers {
    const all = [...new Set(arns)].sort();
    return {
        unexpected: all.filter((arn) => !keptArn.test(arn)),
        kept: all.filter((arn) => keptArn.test(arn)),
    };
}

/** Asks AWS for everything that bears a tag of the stack. */
export async function findLeftovers({
    region,
    stack,
    clusterName,
    signal,
}: LeftoverArgs): Promise<Leftovers> {
    const { paginateGetResources, ResourceGroupsTaggingAPIClient } =
        await import("@aws-sdk/client-resource-groups-tagging-api");
    const client = new ResourceGroupsTaggingAPIClient({ region });
    const arns: string[] = [];
    try {
        for (const TagFilters of ownerTags(stack, clusterName)) {
            const pages = paginateGetResources({ client }, { TagFilters }, { abortSignal: signal });
            for await (const { ResourceTagMappingList = [] } of pages) {
                arns.push(...ResourceTagMappingList.flatMap(({ ResourceARN }) => ResourceARN ?? []));
            }
        }
        return sortLeftovers(arns);
    } finally {
        client.destroy();
    }
}

/** The commands that look for the same things. */
export function leftoverCommands(region: string, stack: string, clusterName: string): string[] {
    return ownerTags(stack, clusterName).map((filters) => {
        const tags = filters.map(({ Key, Values = [] }) => `Key=${Key},Values=${Values.join(",")}`).join(" ");
        return `aws resourcegroupstaggingapi get-resources --region ${region} --tag-filters ${tags} --query 'ResourceTagMappingList[].ResourceARN' --output text`;
    });
}

/** What was found, in lines for people. */
export function formatLeftovers({ unexpected, kept }: Leftovers): string[] {
    return [
        ...(kept.length > 0
            ? ["Stays on purpose, or until AWS deletes it:", ...kept.map((arn) => `  ${arn}`)]
            : []),
        ...(unexpected.length > 0
            ? [
                  "Left behind; AWS tells of some things for minutes after they are gone, so look again before you delete them:",
                  ...unexpected.map((arn) => `  ${arn}`),
              ]
            : ["Nothing is left behind."]),
    ];
}
