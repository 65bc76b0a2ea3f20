import assert from "node:assert/strict";

import { ruleGroups } from "../../infra/observability/ruleGroups.ts";
import { cases } from "./cases/index.ts";
import { allTargets } from "../support/dashboards.ts";
import { ruleArgs } from "../support/ruleArgs.ts";
import { checkRules, type PromtoolResult, testRules } from "./support/promtool.ts";
import { alerts, alertTests } from "./support/promtoolTests.ts";

describe("alert rules", () => {
    for (const group of ruleGroups(ruleArgs)) {
        it(`promtool finds no fault with the group ${group.name}`, async () => {
            const { passed, output } = await checkRules(group);
            assert.ok(passed, output);
        });
    }

    it("promtool finds no fault with the dashboards' queries either", async () => {
        const expressions = allTargets()
            .filter(({ target }) => target.datasource.type === "prometheus")
            .map(({ target }) => target.expr as string);
        const { passed, output } = await checkRules({
            name: "dashboards",
            rules: [...new Set(expressions)].map((expr, index) => ({ record: `query:${index}`, expr })),
        });
        assert.ok(passed, output);
    });

    it("every alert has a case in which it fires and one in which it is silent", () => {
        const missing = alerts.flatMap(({ alert }) => {
            const own = cases.filter((each) => each.alert === alert);
            return [
                ...(own.some(({ fires }) => fires) ? [] : [`${alert} fires in no case`]),
                ...(own.some(({ silentMinutes }) => silentMinutes) ? [] : [`${alert} is silent in no case`]),
            ];
        });
        assert.deepEqual(missing, []);
        const names = new Set(alerts.map(({ alert }) => alert));
        assert.equal(names.size, alerts.length);
        assert.deepEqual(
            cases.filter(({ alert }) => !names.has(alert)).map(({ alert }) => alert),
            [],
        );
    });

    describe("cases", () => {
        let results: Map<string, PromtoolResult>;

        before("run promtool once", async function () {
            this.timeout(5 * 60_000);
            results = await testRules(
                cases.flatMap((each, index) =>
                    alerts
                        .filter(({ alert }) => alert === each.alert)
                        .flatMap((rule) => alertTests(`case-${index}`, rule, [each])),
                ),
            );
        });

        for (const [index, each] of cases.entries()) {
            it(`${each.alert} ${each.fires ? "fires" : "is silent"} when ${each.when}`, () => {
                const result = results.get(`case-${index}-${each.stepMinutes ?? 1}m`);
                assert.ok(result?.passed, result?.output ?? "promtool did not run the case");
            });
        }
    });
});
