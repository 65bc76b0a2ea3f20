/** A resource as a rule sees it: what the program asks for, before the cloud has answered. */
export interface RuleResource {
    urn: string;
    /** Pulumi's type token. */
    type: string;
    name: string;
    props: Record<string, any>;
}

interface RuleBase {
    /** In kebab case; what the engine, and exceptions, call it. */
    name: string;
    /** What everything keeps to, and why. */
    description: string;
}

/** A rule about each resource by itself. */
export interface ResourceRule extends RuleBase {
    /** What is wrong with a resource; empty when nothing is. */
    check: (resource: RuleResource) => string[];
}

/** Something wrong with one resource. */
export interface Violation {
    urn: string;
    message: string;
}

/** A rule about resources together. */
export interface StackRule extends RuleBase {
    checkStack: (resources: readonly RuleResource[]) => Violation[];
}

export type Rule = ResourceRule | StackRule;

/** What a rule finds wrong with the resources of a stack. */
export function violations(rule: Rule, resources: readonly RuleResource[]): Violation[] {
    return "checkStack" in rule
        ? rule.checkStack(resources)
        : resources.flatMap((resource) =>
              rule.check(resource).map((message) => ({ urn: resource.urn, message })),
          );
}
