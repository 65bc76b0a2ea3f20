import type { RuleResource, StackRule, Violation } from "../rule.ts";
import { statements } from "./statements.ts";

const bucketType = "aws:s3/bucket:Bucket";
const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const policyType = "aws:s3/bucketPolicy:BucketPolicy";
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

function about(all: readonly RuleResource[], type: string, bucket: unknown): RuleResource[] {
    return all.filter((each) => each.type === type && each.props["bucket"] === bucket);
}

/** Buckets that nobody reaches who was not given rights. */
export const buckets: StackRule = {
    name: "bucket-is-private",
    description: "Buckets block public access in all four ways, and no policy lets everybody in.",
    checkStack: (all) => [
        ...all
            .filter(({ type }) => type === bucketType)
            .flatMap(({ urn, props }): Violation[] => {
                const own = about(all, blockType, props["bucket"]);
                const missing = blocks.filter((each) => !own.some((block) => block.props[each] === true));
                const acl = props["acl"] as string | undefined;
                return [
                    ...missing.map((each) => ({ urn, message: `has no public access block with ${each}` })),
                    ...(acl !== undefined && acl !== "private"
                        ? [{ urn, message: `has the ACL ${acl}` }]
                        : []),
                ];
            }),
        ...all
            .filter(({ type }) => type === policyType)
            .flatMap(({ urn, props }): Violation[] =>
                statements(props["policy"]).some(
                    ({ Effect, Principal, Condition }) =>
                        Effect === "Allow" &&
                        Condition === undefined &&
                        (Principal === "*" ||
                            (Principal as Record<string, unknown> | undefined)?.["AWS"] === "*"),
                )
                    ? [{ urn, message: "lets everybody in" }]
                    : [],
            ),
    ],
};
