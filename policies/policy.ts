import type { Policies } from "@pulumi/policy";

import { type Rule, violations } from "./rule.ts";

/** A rule as the engine runs it. */
export function toPolicy(rule: Rule): Policies[number] {
    const { name, description } = rule;
    if ("checkStack" in rule) {
        return {
            name,
            description,
            validateStack: ({ resources }, report) => {
                for (const { urn, message } of violations(rule, resources)) report(message, urn);
            },
        };
    }
    return {
        name,
        description,
        validateResource: (resource, report) => {
            for (const message of rule.check(resource)) report(message);
        },
    };
}
