import assert from "node:assert/strict";

import { parseAllDocuments } from "yaml";

import { formatTable, formatYaml, kubernetesObjects } from "../../ops/plan/format.ts";
import { planOf, stacks } from "../support/plans.ts";

describe("a plan as YAML", () => {
    for (const stack of stacks) {
        it(`holds every Kubernetes object of ${stack}, each after what it needs`, async () => {
            const plan = await planOf(stack);
            const documents = parseAllDocuments(formatYaml(plan)).map(
                (document) => document.toJS() as unknown,
            );
            assert.deepEqual(documents, kubernetesObjects(plan));
            const registered = plan.resources.filter(
                ({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/"),
            );
            assert.equal(documents.length, registered.length);
            const position = new Map(registered.map(({ urn }, index) => [urn, index]));
            for (const { urn, dependsOn } of registered) {
                for (const earlier of dependsOn) {
                    if (!position.has(earlier)) continue;
                    assert.ok(
                        (position.get(earlier) ?? -1) < (position.get(urn) ?? 0),
                        `${earlier} before ${urn}`,
                    );
                }
            }
        });
    }
});

describe("a plan as a table", () => {
    it("shows each resource below its component, what is protected, and how many there are", async () => {
        const lines = formatTable(await planOf("prod")).split("\n");
        assert.ok(lines.some((line) => /│ spywatcher-prod +│ pulumi:pulumi:Stack +│ +│/.test(line)));
        assert.ok(
            lines.some((line) =>
                /│ {5}spywatcher-namespace \(protected\) +│ kubernetes:core\/v1:Namespace +│ spywatcher +│/.test(
                    line,
                ),
            ),
        );
        assert.ok(
            lines.some((line) =>
                /│ {5,}app-backend-hpa +│ kubernetes:autoscaling\/v2:HorizontalPodAutoscaler +│ spywatcher\/spywatcher-backend-hpa +│/.test(
                    line,
                ),
            ),
        );
        assert.equal(lines.at(-2), "212 resources in 38 components");
    });
});
