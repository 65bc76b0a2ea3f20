import assert from "node:assert/strict";

import { kinds, type Kind } from "../../../ops/validate/kinds.ts";
import { clusterRules, namespaceRules } from "../../../infra/platform/validationAccess.ts";
import { problems } from "../../support/configProblems.ts";
import { pluralOf } from "../../support/healthyCluster.ts";
import { object, objects, planOf, stacks } from "../../support/plans.ts";

const groupOf = (apiVersion: string): string =>
    apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

function allows(rules: typeof clusterRules, apiVersion: string, resource: string): boolean {
    return rules.some(
        (rule) =>
            rule.apiGroups.includes(groupOf(apiVersion)) &&
            rule.resources.includes(resource) &&
            rule.verbs.includes("list"),
    );
}

describe("the roles for validate", () => {
    it("allow every read of a check", () => {
        const refused = Object.values<Kind<unknown>>(kinds).filter(
            ({ apiVersion, resource, scope }) =>
                !allows(scope === "cluster" ? clusterRules : namespaceRules, apiVersion, resource) &&
                !allows(clusterRules, apiVersion, resource),
        );
        assert.deepEqual(refused, []);
    });

    for (const stack of stacks) {
        it(`allow to compare every object of ${stack} that is not a Secret`, async () => {
            const plan = await planOf(stack);
            const roles = new Set(objects(plan, "Role").map(({ metadata }) => metadata.namespace));
            const refused = plan.resources
                .map(({ inputs }) => inputs as any)
                .filter(
                    ({ apiVersion, kind }) =>
                        apiVersion !== undefined && kind !== undefined && kind !== "Secret",
                )
                .filter(({ apiVersion, kind, metadata }) => {
                    const resource = pluralOf(String(kind));
                    const inside =
                        roles.has(metadata.namespace) && allows(namespaceRules, apiVersion, resource);
                    return !inside && !allows(clusterRules, apiVersion, resource);
                })
                .map(({ kind, metadata }) => `${String(kind)} ${String(metadata.name)}`);
            assert.deepEqual(refused, []);
        });
    }

    it("read no Secret and change nothing", () => {
        for (const { resources, verbs, resourceNames } of [...clusterRules, ...namespaceRules]) {
            assert.equal(resources.includes("secrets") || resources.includes("*"), false);
            if (resources.includes("services/proxy")) {
                assert.deepEqual([verbs, resourceNames], [["get"], ["prometheus-operated:9090"]]);
            } else assert.deepEqual(verbs, ["list"]);
        }
    });

    it("are bound to nobody by default", async () => {
        for (const stack of stacks) {
            const plan = await planOf(stack);
            const bindings = [...objects(plan, "RoleBinding"), ...objects(plan, "ClusterRoleBinding")];
            assert.equal(
                bindings.filter(({ metadata }) => metadata.name === "spywatcher-validate").length,
                0,
            );
        }
    });

    it("are bound to the configured groups and the cluster's validators", async () => {
        const validators = ["arn:aws:iam::123456789012:role/ci"];
        const plan = await planOf("prod", {
            cluster: { kind: "eks", access: { validators } },
            platform: { validation: { groups: ["system:serviceaccounts:ci"] } },
        });
        const subjects = ["spywatcher-validators", "system:serviceaccounts:ci"].map((name) => ({
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Group",
            name,
        }));
        const binding = object(plan, "ClusterRoleBinding", "spywatcher-validate") as any;
        assert.deepEqual(binding.subjects, subjects);
        const inside = objects(plan, "RoleBinding") as any[];
        assert.deepEqual(
            inside
                .map((each) => [each.metadata.namespace, each.roleRef.kind, each.subjects])
                .sort(([one], [other]) => String(one).localeCompare(String(other))),
            [
                ["monitoring", "Role", subjects],
                ["spywatcher", "Role", subjects],
            ],
        );
    });

    it("are refused to everybody", () => {
        assert.deepEqual(problems({ platform: { validation: { groups: ["system:authenticated"] } } }), [
            'spywatcher:platform.validation.groups[0]: must be none of system:authenticated, system:unauthenticated, system:serviceaccounts (is "system:authenticated")',
        ]);
    });
});
