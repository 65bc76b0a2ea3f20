type OneOrMore = string | readonly string[];

/** One statement of an IAM policy document. */
export interface Statement {
    readonly Sid?: string;
    readonly Effect: "Allow" | "Deny";
    readonly Principal?: "*" | Readonly<Record<string, OneOrMore>>;
    readonly Action: OneOrMore;
    /** ARNs; absent in trust policies. */
    readonly Resource?: OneOrMore;
    /** ARNs that it is not about, in place of `Resource`. */
    readonly NotResource?: OneOrMore;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** Characters AWS allows in a managed policy, white space not counted (IAM quotas). */
export const managedPolicyLimit = 6144;

/** Characters AWS allows in a role's trust policy, by default (IAM quotas). */
export const trustPolicyLimit = 2048;

/** A policy document as AWS takes it, without white space. */
export function policyDocument(statements: readonly Statement[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Lets an AWS service assume a role. */
export function serviceTrust(service: string): string {
    return policyDocument([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}
