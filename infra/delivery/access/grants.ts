import type { PlaceName } from "./places.ts";

/** Actions at one place. */
export interface Grant {
    at: PlaceName;
    /** Actions by which it is looked at. */
    read?: readonly string[];
    /** Actions by which it is made, changed and deleted. */
    write?: readonly string[];
}

const ec2Tags = ["ec2:CreateTags", "ec2:DeleteTags"];
export const passRole: Grant = { at: "passedRoles", write: ["iam:PassRole"] };
export const linkedRole: Grant = { at: "linkedRoles", write: ["iam:CreateServiceLinkedRole"] };
/** What a service asks of the caller to encrypt with the caller's key. */
export const useKey: Grant = {
    at: "keys",
    write: ["kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"],
};
/** What a service asks of the caller to send its logs to CloudWatch. */
export const deliverLogs: Grant = {
    at: "region",
    write: [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ],
};
export const tagged = (service: string) => [`${service}:TagResource`, `${service}:UntagResource`];

export function ec2(read: readonly string[], write: readonly string[]): Grant[] {
    const prefixed = (actions: readonly string[]) => actions.map((action) => `ec2:${action}`);
    return [{ at: "region", read: prefixed(read), write: [...prefixed(write), ...ec2Tags] }];
}

export function bucket(read: string, write: string): Grant[] {
    return [{ at: "accessLogs", read: [`s3:${read}`], write: [`s3:${write}`] }];
}
