import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import { formatFindings } from "../../../ops/validate/formatFindings.ts";
import { formatUsage } from "../../../ops/validate/formatUsage.ts";
import { junit } from "../../../ops/validate/junit.ts";
import { kinds } from "../../../ops/validate/kinds.ts";
import type { Finding } from "../../../ops/validate/model.ts";
import { ReadError } from "../../../ops/validate/readError.ts";
import { formatJson, passes, selectChecks } from "../../../ops/validate/validateCommand.ts";
import { OptionError } from "../../../ops/errors.ts";
import { HealthyCluster } from "../../support/healthyCluster.ts";

const findings: Finding[] = [
    { check: "namespace", object: "Namespace spywatcher", status: "pass", message: "is there" },
    { check: "pdb", object: "PodDisruptionBudget one", status: "pass", message: "1 of 2 pods may go" },
    { check: "pdb", object: "PodDisruptionBudget two", status: "pass", message: "1 of 2 pods may go" },
    {
        check: "images",
        object: "Deployment one",
        status: "warn",
        message: "by tag",
        remedy: "Write <digest> & up.",
    },
    {
        check: "deployments",
        object: "Deployment one",
        status: "fail",
        message: "1 of 2 pods are ready, \u001b[31mwhatever\u001b[0m the others do about it",
        remedy: "Look at them.",
        tells: [{ object: "Deployment one", path: "spec" }],
    },
    { check: "targets", object: "Prometheus", status: "skip", message: "there is none" },
];
const plain = findings.map((each) => ({ ...each, message: stripVTControlCharacters(each.message) }));

describe("the output of validate", () => {
    it("is a table without colour or wrapping where no terminal is, one row for a check that passes", () => {
        assert.equal(
            formatFindings(plain, { width: undefined, colour: false }),
            [
                "┌──────┬─────────────┬──────────────────────┬────────────────────────────────────────────────────────┐",
                "│      │ Check       │ Object               │ Finding                                                │",
                "├──────┼─────────────┼──────────────────────┼────────────────────────────────────────────────────────┤",
                "│ pass │ namespace   │ Namespace spywatcher │ is there                                               │",
                "│ pass │ pdb         │ 2 objects            │ one, two                                               │",
                "│ warn │ images      │ Deployment one       │ by tag                                                 │",
                "│      │             │                      │ → Write <digest> & up.                                 │",
                "│ fail │ deployments │ Deployment one       │ 1 of 2 pods are ready, whatever the others do about it │",
                "│      │             │                      │ → Look at them.                                        │",
                "│ skip │ targets     │ Prometheus           │ there is none                                          │",
                "└──────┴─────────────┴──────────────────────┴────────────────────────────────────────────────────────┘",
                "3 pass, 1 fail, 1 warn, 1 skip",
                "",
            ].join("\n"),
        );
    });

    for (const width of [40, 60, 79, 80, 100, 200]) {
        it(`fits a terminal of ${width} columns and loses no word`, () => {
            const text = formatFindings(plain, { width, colour: false });
            for (const line of text.split("\n")) assert.ok(line.length <= width, `${line.length}: ${line}`);
            for (const word of ["deployments", "whatever", "<digest>"]) assert.ok(text.includes(word), word);
        });
    }

    it("divides a word that is longer than its column, and cuts nothing off", () => {
        const path = `metadata.annotations["alb.ingress.kubernetes.io/${"x".repeat(50)}"]`;
        const [, , , , failed] = plain;
        assert.ok(failed);
        const text = formatFindings([{ ...failed, message: path }], { width: 60, colour: false });
        const column = text.split("\n").map((line) => line.slice(8, -1).trim());
        assert.ok(column.join("").includes(path), text);
    });

    it("has a row for each object when it is verbose", () => {
        const text = formatFindings(plain, { width: undefined, colour: false }, true);
        assert.match(text, /pass │ pdb +│ PodDisruptionBudget two │ 1 of 2 pods may go/);
    });

    it("is coloured on a terminal", () => {
        const text = formatFindings(plain, { width: 120, colour: true });
        assert.ok(text.includes("\u001b[31mfail\u001b[39m"));
        assert.equal(stripVTControlCharacters(text), formatFindings(plain, { width: 120, colour: false }));
    });

    it("is JSON with the same keys everywhere", () => {
        const [first, , , , failed] = JSON.parse(formatJson(findings)) as object[];
        assert.deepEqual(first, {
            check: "namespace",
            object: "Namespace spywatcher",
            status: "pass",
            message: "is there",
            remedy: null,
        });
        assert.deepEqual(Object.keys(failed ?? {}), ["check", "object", "status", "message", "remedy"]);
    });

    it("is JUnit's XML, which holds no control characters", () => {
        assert.equal(
            junit(findings, { stack: "local", seconds: 1.25, strict: false }),
            `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="validate local" tests="6" failures="1" skipped="1" time="1.250">
    <testcase classname="validate.namespace" name="Namespace spywatcher"/>
    <testcase classname="validate.pdb" name="PodDisruptionBudget one"/>
    <testcase classname="validate.pdb" name="PodDisruptionBudget two"/>
    <testcase classname="validate.images" name="Deployment one">
      <system-out>warning: by tag
Write &lt;digest&gt; &amp; up.</system-out>
    </testcase>
    <testcase classname="validate.deployments" name="Deployment one">
      <failure type="fail" message="1 of 2 pods are ready, [31mwhatever[0m the others do about it">Look at them.</failure>
    </testcase>
    <testcase classname="validate.targets" name="Prometheus">
      <skipped message="there is none"/>
    </testcase>
  </testsuite>
</testsuites>`,
        );
    });

    it("counts warnings as failures when it is strict", () => {
        const warned = findings.filter(({ status }) => status !== "fail");
        assert.equal(passes(findings, false), false);
        assert.equal(passes(warned, false), true);
        assert.equal(passes(warned, true), false);
        const xml = junit(warned, { stack: "local", seconds: 1, strict: true });
        assert.match(xml, /failures="1"[^]*<failure type="warn" message="by tag">/);
    });

    it("ends with the pods' CPU and memory, or why they are not known", async () => {
        const cluster = await HealthyCluster.of("local");
        cluster.set(kinds.podMetrics, cluster.all(kinds.podMetrics).slice(0, 1));
        assert.match(formatUsage(cluster.context()), /│ spywatcher-frontend-0 │ 12m │ +20Mi │/);
        cluster.set(kinds.podMetrics, new ReadError("failed", "503", "wait"));
        assert.equal(formatUsage(cluster.context()), "Pod metrics: 503\n");
    });
});

describe("the choice of checks", () => {
    const names = (options: Parameters<typeof selectChecks>[0]) =>
        selectChecks(options).map(({ name }) => name);

    it("takes only some, or leaves some out", () => {
        assert.deepEqual(names({ only: ["plan", "pdb"] }), ["pdb", "plan"]);
        assert.equal(names({ skip: ["plan"] }).includes("plan"), false);
        assert.equal(names({ skip: ["plan"] }).length, names({}).length - 1);
    });

    it("refuses a name that is none, and nothing at all", () => {
        assert.throws(
            () => names({ only: ["pods"] }),
            new OptionError(`There is no check pods; there are: ${names({}).join(", ")}.`),
        );
        assert.throws(() => names({ only: ["pdb"], skip: ["pdb"] }), OptionError);
    });
});
