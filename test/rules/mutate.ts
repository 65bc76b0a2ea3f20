import { recordingRules } from "../../infra/observability/recordingRules.ts";
import { ruleArgs } from "../support/ruleArgs.ts";
import { cases } from "./cases/index.ts";
import { mutants, recordingMutants } from "./support/mutants.ts";
import { promtool, testRules } from "./support/promtool.ts";
import { alerts, alertTests } from "./support/promtoolTests.ts";

/** Alerts to change, by the beginning of their names. Default: all. */
const prefixes = process.argv.slice(2);

await promtool();
const began = performance.now();
const chosen = alerts.filter(
    ({ alert }) => prefixes.length === 0 || prefixes.some((prefix) => alert.startsWith(prefix)),
);
const all = chosen.flatMap(mutants);
const casesOf = (alert: string) => cases.filter((each) => each.alert === alert);
// A recorded series that no alert reads by its own name is a part of another one.
const recordings = recordingMutants(recordingRules(ruleArgs)).flatMap((mutant) => {
    const readers = chosen.filter(({ expr }) => expr.includes(mutant.record));
    return readers.length === 0 ? [] : [{ ...mutant, readers }];
});
const files = [
    ...all.map(({ rule }, index) => alertTests(`mutant-${index}`, rule, casesOf(rule.alert))),
    ...recordings.map(({ readers, group }, index) =>
        readers.flatMap((rule) =>
            alertTests(`recording-${index}-${rule.alert}`, rule, casesOf(rule.alert), group),
        ),
    ),
];
const names = [
    ...all.map(({ rule, change }) => `${rule.alert}: ${change}`),
    ...recordings.map(({ record, change }) => `${record}: ${change}`),
];
// Two at a time: promtool itself uses one core.
const halves = [0, 1].map((half) => files.filter((_, index) => index % 2 === half).flat());
const results = new Map((await Promise.all(halves.map(testRules))).flatMap((each) => [...each]));
// An expression that cannot be parsed fails every test, which says nothing about the tests.
for (const [name, { output }] of results)
    if (/parse error/i.test(output)) throw new Error(`${name}: ${output}`);
const survivors = names.filter((_, index) =>
    files[index]?.every(({ name }) => results.get(name)?.passed === true),
);
for (const survivor of survivors) console.log(`survived: ${survivor}`);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
    `${all.length} mutants of the alerts, ${recordings.length} of what they read, ${survivors.length} survived, ${seconds} s`,
);
process.exitCode = survivors.length === 0 ? 0 : 1;
