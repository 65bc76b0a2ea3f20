import type { ResourceRule } from "../rule.ts";
import { type DocumentStatement, listed, statements } from "./statements.ts";

const policyTypes = ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"];

/** Everything, everything of a service, or everything that changes rights. */
const wide = /^(?:\*|[\w-]+:\*)$/;

function principals({ Principal }: DocumentStatement): string[] {
    if (typeof Principal === "string") return [Principal];
    return Object.values((Principal ?? {}) as Record<string, string | string[]>).flat();
}

function trustsRuns({ Condition = {} }: DocumentStatement): boolean {
    const keys = Object.entries(Condition).filter(([operator]) => /^String(Equals|Like)$/.test(operator));
    const subjects = keys.flatMap(([, values]) =>
        Object.entries(values)
            .filter(([key]) => key.endsWith(":sub"))
            .flatMap(([, value]) => listed(value as string | string[])),
    );
    return subjects.length > 0 && subjects.every((each) => /^[^*?]+:[^*?]+:/.test(each));
}

/** Rights by name, for those who are named. */
export const rights: ResourceRule = {
    name: "rights-are-named",
    description:
        "IAM policies name actions, never * or all of a service. Roles trust who is named; one for workflows names their repository.",
    check: ({ type, props }) => {
        if (policyTypes.includes(type)) {
            return statements(props["policy"])
                .filter(({ Effect }) => Effect === "Allow")
                .flatMap(({ Action }) => listed(Action))
                .filter((action) => wide.test(action))
                .map((action) => `allows ${action}`);
        }
        if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
            const name = /:policy\/(\w*(?:Administrator|PowerUser|FullAccess)\w*)$/.exec(
                props["policyArn"] as string,
            )?.[1];
            return name === undefined ? [] : [`attaches ${name}`];
        }
        if (type !== "aws:iam/role:Role") return [];
        return statements(props["assumeRolePolicy"])
            .filter(({ Effect }) => Effect === "Allow")
            .flatMap((statement) => [
                ...(principals(statement).includes("*") ? ["trusts everybody"] : []),
                ...(listed(statement.Action).includes("sts:AssumeRoleWithWebIdentity") &&
                !trustsRuns(statement)
                    ? ["trusts tokens without naming their subjects"]
                    : []),
            ]);
    },
};
