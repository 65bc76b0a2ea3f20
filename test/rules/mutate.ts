import { cases } from "./cases/index.ts";
import { mutants } from "./support/mutants.ts";
import { promtool, testRules } from "./support/promtool.ts";
import { alerts, alertTests } from "./support/promtoolTests.ts";

/** Alerts to change, by the beginning of their names. Default: all. */
const prefixes = process.argv.slice(2);

await promtool();
const began = performance.now();
const all = alerts
    .filter(({ alert }) => prefixes.length === 0 || prefixes.some((prefix) => alert.startsWith(prefix)))
    .flatMap(mutants);
const files = all.map(({ rule }, index) => {
    const own = cases.filter(({ alert }) => alert === rule.alert);
    return alertTests(`mutant-${index}`, rule, own);
});
// Two at a time: promtool itself uses one core.
const halves = [0, 1].map((half) => files.filter((_, index) => index % 2 === half).flat());
const results = new Map((await Promise.all(halves.map(testRules))).flatMap((each) => [...each]));
// An expression that cannot be parsed fails every test, which says nothing about the tests.
for (const [name, { output }] of results)
    if (/parse error/i.test(output)) throw new Error(`${name}: ${output}`);
const survivors = all.filter((_, index) =>
    files[index]?.every(({ name }) => results.get(name)?.passed === true),
);
for (const { rule, change } of survivors) console.log(`survived: ${rule.alert}: ${change}`);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${all.length} mutants of the alerts, ${survivors.length} survived, ${seconds} s`);
process.exitCode = survivors.length === 0 ? 0 : 1;
