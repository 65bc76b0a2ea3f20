import { runSimulation } from "@cloud-copilot/iam-simulate";

export interface AccessRequest {
    action: string;
    /** ARN, or "*" for actions without a resource. */
    resource: string;
    context?: Record<string, string | string[]>;
    /** ARN of who asks. Default: some role of the account. */
    principal?: string;
    /** The policy of the resource itself, as a role's trust policy. Default: that of a key; none for others. */
    resourcePolicy?: string;
}

/** A key's own policy, as every key here has it: it leaves the decision to the account's policies. */
const keyPolicy = {
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
        },
    ],
};

/** What IAM would answer somebody who has these policies, by a simulator that knows AWS's own lists of actions. */
export async function answer(
    policies: Record<string, string>,
    {
        action,
        resource,
        context = {},
        principal = "arn:aws:iam::123456789012:role/tested",
        resourcePolicy,
    }: AccessRequest,
): Promise<string> {
    const ownPolicy: unknown =
        resourcePolicy === undefined
            ? /:kms:.*:key\//.test(resource) && keyPolicy
            : JSON.parse(resourcePolicy);
    const result = await runSimulation(
        {
            request: {
                principal,
                action,
                resource: { resource, accountId: "123456789012" },
                contextVariables: { "aws:RequestedRegion": "us-east-1", ...context },
            },
            identityPolicies: Object.entries(policies).map(([name, policy]) => ({
                name,
                policy: JSON.parse(policy) as unknown,
            })),
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            ...(ownPolicy !== false && { resourcePolicy: ownPolicy }),
        },
        {},
    );
    if (result.resultType === "error") return `error: ${JSON.stringify(result.errors)}`;
    return result.overallResult;
}
