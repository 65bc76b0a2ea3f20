import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { alertGroups } from "../../infra/observability/ruleGroups.ts";
import { planOf, projectFolder } from "../support/plans.ts";
import { ofType } from "../support/resources.ts";
import { everyone } from "../support/routing.ts";
import { ruleArgs } from "../support/ruleArgs.ts";

const sections = new Map(
    readFileSync(join(projectFolder, "docs", "RUNBOOKS.md"), "utf8")
        .split(/^## /m)
        .slice(1)
        .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);
const alerts = alertGroups(ruleArgs).flatMap(({ rules }) => rules);

describe("runbooks", () => {
    it("there is a section for each alert and each alarm of AWS, and none besides", async () => {
        const alarms = ofType(await planOf("prod", everyone), "aws:cloudwatch/metricAlarm:MetricAlarm").map(
            ({ inputs }) => {
                const name = (inputs["name"] as string)
                    .replace(/^spywatcher-prod-/, "")
                    .replace(/-\d{3}-/, "-");
                const text = inputs["alarmDescription"] as string;
                assert.ok(text.endsWith(`\nRunbook: docs/RUNBOOKS.md#${name}`), text);
                return name;
            },
        );
        assert.ok(alarms.includes("certificate-expiry"));
        assert.deepEqual(
            [...sections.keys()].sort(),
            [...new Set([...alerts.map(({ alert }) => alert), ...alarms])].sort(),
        );
    });

    it("every alert links to its section", () => {
        for (const { alert, runbook } of alerts) {
            assert.equal(
                runbook,
                `https://example.com/infrastructure/docs/RUNBOOKS.md#${alert.toLowerCase()}`,
            );
        }
    });

    it("links are relative when no address is given", () => {
        const [first] = alertGroups({ ...ruleArgs, runbookBase: undefined })[0]?.rules ?? [];
        assert.equal(first?.runbook, "docs/RUNBOOKS.md#hpamaxedout");
    });

    it("every section has commands and says how to mend", () => {
        for (const [alert, section] of sections) {
            assert.match(section, /```sh\n(?:kubectl|aws) /, `${alert} has no commands`);
            assert.match(section, /^Mend: /m, `${alert} does not say how to mend`);
        }
    });

    it("links between sections lead somewhere", () => {
        const anchors = new Set([...sections.keys()].map((name) => name.toLowerCase()));
        for (const [alert, section] of sections) {
            for (const [, target] of section.matchAll(/\]\(#([^)]+)\)/g)) {
                assert.ok(anchors.has(target ?? ""), `${alert} links to #${target ?? ""}`);
            }
        }
    });

    it("commands name objects that the program makes", async () => {
        const { resources } = await planOf("prod");
        const made = new Set(
            resources.map(({ inputs }) => (inputs["metadata"] as { name?: string } | undefined)?.name),
        );
        const named = [...sections.values()].flatMap((section) => section.match(/spywatcher-[a-z-]+/g) ?? []);
        assert.ok(named.length > 10);
        assert.deepEqual(
            named.filter((name) => !made.has(name)),
            [],
        );
    });
});
