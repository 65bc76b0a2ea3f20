import type { ResourceRule } from "../rule.ts";

const needed = ["Project", "Environment", "Owner", "CostCenter", "ManagedBy"];

/** Tags by which costs and leftovers are found. */
export const tags: ResourceRule = {
    name: "provider-has-tags",
    description: `The provider of AWS gives every resource the tags ${needed.join(", ")}: costs and leftovers are found by them.`,
    check: ({ type, props }) => {
        if (type !== "pulumi:providers:aws") return [];
        const { defaultTags } = props;
        // A provider's properties reach the engine as JSON.
        const parsed = (typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags) as
            { tags?: Record<string, string> } | undefined;
        return needed.filter((each) => !parsed?.tags?.[each]).map((each) => `gives no tag ${each}`);
    },
};
