/** The AWS account and region that a stack lives in. */
export interface AwsAccount {
    /** Account id of 12 digits. */
    readonly accountId: string;
    /** Region, such as `us-east-1`. */
    readonly region: string;
}

/** The partition a region belongs to, as it stands in ARNs: `aws`, `aws-cn` or `aws-us-gov`. */
export function partition(region: string): string {
    if (region.startsWith("cn-")) return "aws-cn";
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The domain of AWS service endpoints in a region's partition. */
export function dnsSuffix(region: string): string {
    return partition(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

/** An ARN in the account and region. */
export function regionalArn({ accountId, region }: AwsAccount, service: string, resource: string): string {
    return `arn:${partition(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The ARN of an IAM role, policy or other IAM resource of the account; IAM has no regions. */
export function iamArn({ accountId, region }: AwsAccount, resource: string): string {
    return `arn:${partition(region)}:iam::${accountId}:${resource}`;
}

/** The ARN of a policy that AWS manages, by its path and name. */
export function managedPolicyArn(region: string, name: string): string {
    return `arn:${partition(region)}:iam::aws:policy/${name}`;
}
