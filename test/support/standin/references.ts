import type { Living } from "./cloud.ts";
import { isMadeUpId } from "./resources.ts";

/** A text somewhere in a resource's inputs, with the name of the property it stands in. */
export interface Reference {
    readonly key: string;
    readonly value: string;
}

/** Properties that hold the name of a resource of a type, which is also its id. */
const nameProperties: Readonly<Record<string, string>> = {
    clusterName: "aws:eks/cluster:Cluster",
    role: "aws:iam/role:Role",
    rule: "aws:cloudwatch/eventRule:EventRule",
};

/** Types whose id is the name they have in AWS. */
export const namedTypes: ReadonlySet<string> = new Set(Object.values(nameProperties));

function texts(value: unknown, key: string): Reference[] {
    if (typeof value === "string") return [{ key, value }];
    if (Array.isArray(value)) return value.flatMap((each) => texts(each, key));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, each]) => texts(each, name));
}

/** The texts that may refer to other resources. */
export function referencedBy({ inputs }: Pick<Living, "inputs">): Reference[] {
    return Object.entries(inputs)
        .filter(([key]) => key !== "tags")
        .flatMap(([key, value]) => texts(value, key));
}

/** True for what only a resource of this cloud can have given: ids made up here, and names of resources. */
export function needsResource({ key, value }: Reference): boolean {
    return isMadeUpId(value) || key in nameProperties;
}

/** What others can call a resource, beside the name of one of `namedTypes`. */
function handles({ type, id, inputs, outputs }: Living): unknown[] {
    const vpcConfig = outputs["vpcConfig"] as { clusterSecurityGroupId?: string } | undefined;
    // An ARN that a resource was given is another one's.
    const own = ["arn", "url", "allocationId", "keyId"]
        .filter((key) => !(key in inputs))
        .map((key) => outputs[key]);
    return [...own, vpcConfig?.clusterSecurityGroupId, namedTypes.has(type) ? undefined : id];
}

/** True when a reference is to the target. */
export function refersTo({ key, value }: Reference, target: Living): boolean {
    // A function of Lambda names its role by the ARN.
    const isName = nameProperties[key] === target.type && !value.startsWith("arn:");
    return isName ? value === target.id : handles(target).includes(value);
}
