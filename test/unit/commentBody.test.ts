import assert from "node:assert/strict";

import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";
import fc from "fast-check";

import { changesOfEvents } from "../../ops/changes/fromEvents.ts";
import { commentBody, commentLimit, commentMarker, fullText } from "../../ops/comment/body.ts";
import { sizeOf } from "../../ops/comment/sections.ts";
import { clip, code, valueTexts } from "../../ops/comment/text.ts";
import { change, changeSet } from "../support/changes.ts";
import { assertGolden } from "../support/golden.ts";

/** Obviously fake credentials, of which nothing may be left. */
const planted = [
    `ghp_${"NotARealToken".repeat(3)}`,
    `AKIANOTAREALKEY00000`,
    `xoxb-not-a-real-token`,
    `MTIzNDU2Nzg5MDEyMzQ1Njc4.Gnotre.${"not-a-real-token".repeat(2)}`,
];

const hostile = [
    "```",
    "~~~",
    "</details>",
    "<details><summary>",
    "<!--",
    "-->",
    "@octocat",
    "\n\n# heading\n",
    "|",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "\ud83d",
    "\u202e",
    "\u0000",
    "[secret]",
    "`",
    "\\",
    '"',
];

const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...hostile) },
    { weight: 2, arbitrary: fc.constantFrom(...planted).map((each) => ` ${each} `) },
    { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    fc.constantFrom("`", "👩‍👩‍👧‍👦", "日本", "a b ").map((each) => each.repeat(700)),
);
const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
const op = fc.constantFrom<OpType>(
    ...(["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"] as const),
    ...(["read", "refresh", "import", "discard-replaced", "read-replacement"] as const),
);
const json = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.dictionary(text, text, { maxKeys: 3 }),
);
const diffKind = fc.constantFrom(
    "add",
    "delete",
    "update",
    "update-replace",
    "add-replace",
    "delete-replace",
);

const metadata = fc
    .record({
        op,
        name: fc.oneof(text, fc.constantFrom("a", "b")),
        type: fc.oneof(text, fc.constant("kubernetes:core/v1:Secret")),
        keys: fc.array(text, { maxLength: 3 }),
        diffs: fc.array(text, { maxLength: 3 }),
        detailed: fc.dictionary(text, fc.record({ diffKind, inputDiff: fc.boolean() }), { maxKeys: 4 }),
        old: fc.option(fc.dictionary(text, json, { maxKeys: 3 }), { nil: undefined }),
        next: fc.option(fc.dictionary(text, json, { maxKeys: 3 }), { nil: undefined }),
    })
    .map(({ name, detailed, old, next, ...step }) => {
        const urn = `urn:pulumi:prod::shop::t::${name}`;
        const state = (inputs: unknown) => ({
            urn,
            type: "",
            id: "",
            parent: "",
            provider: "",
            inputs,
            outputs: {},
        });
        return {
            ...step,
            urn,
            provider: "",
            detailedDiff: detailed,
            ...(old && { old: state(old) }),
            ...(next && { new: state(next) }),
        };
    });

const event = fc
    .oneof(
        { weight: 5, arbitrary: metadata.map((each) => ({ resourcePreEvent: { metadata: each } })) },
        metadata.map((each) => ({ resOutputsEvent: { metadata: each } })),
        metadata.map((each) => ({ resOpFailedEvent: { metadata: each, status: 1, steps: 1 } })),
        fc
            .record({
                severity: fc.constantFrom("error", "warning", "info", "debug"),
                message: fc.oneof(text, fc.constantFrom("```", "````\n```", "</details>")),
                urn: fc.oneof(text, fc.constant("")),
            })
            .map((each) => ({ diagnosticEvent: { ...each, color: "" } })),
        fc
            .record({ message: text, policyName: text, policyPackName: text, resourceUrn: text })
            .map((each) => ({ policyEvent: { ...each, enforcementLevel: "mandatory" } })),
        fc.constant({ summaryEvent: { durationSeconds: 1, resourceChanges: {}, isPreview: true } }),
    )
    .map((each, sequence = 0) => ({ sequence, timestamp: 0, ...each }) as unknown as EngineEvent);

/** A stream of events; some are as large as to need cutting. */
const stream = fc
    .tuple(fc.array(event, { maxLength: 40 }), fc.constantFrom(1, 1, 30))
    .map(([events, times]) => Array.from({ length: times }, (_, round) => renamed(events, round)).flat());

/** The same events of other resources. */
function renamed(events: EngineEvent[], round: number): EngineEvent[] {
    return events.map((each) => {
        const { resourcePreEvent } = each;
        if (!resourcePreEvent) return each;
        const { metadata: step } = resourcePreEvent;
        return { ...each, resourcePreEvent: { metadata: { ...step, urn: `${step.urn}-${round}` } } };
    });
}

interface Structure {
    /** Lines outside of blocks of code. */
    prose: string[];
    openFence: boolean;
    openDetails: number;
}

/** What Markdown makes of the lines: a block of code ends with the marks it began with, or more of them. */
function structureOf(body: string): Structure {
    let marks: string | undefined;
    const prose: string[] = [];
    for (const line of body.split("\n")) {
        const fence = /^(`{3,})\w*$/.exec(line)?.[1];
        if (marks === undefined && fence !== undefined) marks = fence;
        else if (marks !== undefined && /^`{3,}$/.test(line) && line.length >= marks.length)
            marks = undefined;
        else if (marks === undefined) prose.push(line);
    }
    const count = (tag: string): number => prose.filter((line) => line.startsWith(tag)).length;
    return {
        prose,
        openFence: marks !== undefined,
        openDetails: count("<details>") - count("</details>"),
    };
}

/** Lines of prose without what stands in code within them. */
function withoutCode(line: string): string {
    return line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
}

describe("the comment of any stream of events", function () {
    this.timeout(120_000);

    it("fits, is whole, tells every replacement and deletion or their number, and no secret", () => {
        fc.assert(
            fc.property(stream, (events) => {
                const changes = changesOfEvents("shop", "prod", events);
                const body = commentBody(changes);
                assert.ok(sizeOf(body) <= commentLimit, `${sizeOf(body)}`);
                assert.ok(Buffer.byteLength(body) <= 65_536 && body.isWellFormed());

                const { prose, openFence, openDetails } = structureOf(body);
                assert.equal(openFence, false);
                assert.equal(openDetails, 0);
                assert.equal(prose[0], "<!-- spywatcher-changes: shop/prod -->");
                for (const line of prose.slice(1).map(withoutCode)) {
                    assert.doesNotMatch(line, /@|<!--|<(?!\/?(?:details|summary)>)/);
                }

                const severe = changes.resources.filter(
                    (each) => each.op === "replace" || each.op === "delete",
                );
                const listed = prose.filter((line) => /^- \*\*(?:replace|delete)\*\* /.test(line)).length;
                const left = prose.map((line) => /^\*\*(\d+) more\*\* of the/.exec(line)?.[1]).find(Boolean);
                const count = prose.map(
                    (line) => /^\*\*(\d+) resources? replaced or deleted\*\*/.exec(line)?.[1],
                );
                assert.equal(listed + Number(left ?? count.find(Boolean) ?? 0), severe.length);
                for (const name of ["replace", "delete"] as const) {
                    const number = changes.counts[name];
                    if (number) assert.ok(prose.some((line) => line.includes(`${number} to ${name}`)));
                }

                for (const each of [body, fullText(changes), JSON.stringify(changes)]) {
                    for (const secret of planted) assert.equal(each.includes(secret), false);
                }
            }),
            { numRuns: 150 },
        );
    });
});

describe("a comment", () => {
    it("tells what failed and what policies found before the details", () => {
        const changes = changeSet({
            resources: [
                change({ op: "delete", name: "data", type: "aws:rds/instance:Instance" }),
                change({
                    op: "update",
                    name: "web",
                    properties: [
                        { path: "spec.replicas", kind: "update", old: 1, new: 2, forcesReplacement: false },
                        {
                            path: "note",
                            kind: "delete",
                            old: "a|b",
                            new: undefined,
                            forcesReplacement: false,
                        },
                    ],
                }),
                change({ op: "import", name: "zone" }),
            ],
            failed: true,
            findings: [
                { level: "advisory", policy: "aws/tags", resource: "", message: "no owner" },
                { level: "mandatory", policy: "aws/backup", resource: "data", message: "`keep` it" },
            ],
            diagnostics: [
                { severity: "warning", resource: "web", message: "deprecated" },
                { severity: "error", resource: "data", message: "refused\n\tby AWS" },
            ],
            notes: ["a note"],
            costs: {
                before: { items: [], totalUsd: 10, unpriced: [] },
                after: {
                    items: [
                        { item: "Nodes | spot", quantity: 1, price: undefined, monthlyUsd: 0 },
                        {
                            item: "Gateway",
                            quantity: 1,
                            price: { usd: 1, per: "month", source: "", date: "" },
                            monthlyUsd: 1,
                        },
                    ],
                    totalUsd: 8.5,
                    unpriced: ["Nodes | spot"],
                },
            },
            durationSeconds: 7,
        });
        assertGolden("comments/everything.md", commentBody(changes));
    });

    it("cuts details before the list of what is replaced, and says where the rest is", () => {
        const property = {
            kind: "update",
            old: "a".repeat(200),
            new: "b".repeat(200),
            forcesReplacement: false,
        } as const;
        const many = Array.from({ length: 400 }, (_, index) => [
            change({ op: "replace", name: `old-${index}`, replaceKeys: ["data"] }),
            change({ op: "update", name: `new-${index}`, properties: [{ ...property, path: "data" }] }),
        ]).flat();
        const changes = changeSet({ resources: many });
        const runUrl = "https://github.com/o/r/actions/runs/1";
        const body = commentBody(changes, { runUrl });
        assert.equal(body.match(/^- \*\*replace\*\*/gm)?.length, 400);
        assert.match(body, /^\d+ lines more in the full text\.$/m);
        assert.ok(body.endsWith(`Shortened: the full text is in an artifact of [the run](${runUrl}).\n`));
        assert.ok(sizeOf(body) > commentLimit - 1000 && sizeOf(body) <= commentLimit);
        assert.equal(fullText(changes).match(/^@@ update/gm)?.length, 400);
        const tiny = commentBody(changes, { limit: 330 });
        assert.match(tiny, /^\*\*400 to replace, 400 to update\*\*\.$/m);
        assert.match(tiny, /^\*\*400 resources replaced or deleted\*\*, in the full text\.$/m);
    });

    it("has a marker that no name can break or share", () => {
        assert.equal(commentMarker("shop", "prod"), "<!-- spywatcher-changes: shop/prod -->");
        assert.equal(commentMarker("a-->b", "\ud800"), "<!-- spywatcher-changes: a--%3Eb/%EF%BF%BD -->");
        assert.notEqual(commentMarker("a/b", "c"), commentMarker("a", "b/c"));
    });
});

describe("a text in a comment", () => {
    it("is cut between characters as people see them", () => {
        assert.equal(clip("abc", 3), "abc");
        assert.equal(clip("abcd", 3), "ab…");
        const family = "👩‍👩‍👧‍👦";
        assert.equal(clip(`a${family}b`, family.length + 1), "a…");
        assert.equal(clip(`${family}${family}`, family.length + 1), `${family}…`);
        assert.equal(clip("\ud83d\ude00".repeat(3), 4), "\ud83d\ude00…");
        assert.equal(clip(`a${"\u0301".repeat(50)}`, 10).isWellFormed(), true);
    });

    it("is code that its own marks cannot end", () => {
        assert.equal(code("plain"), "`plain`");
        assert.equal(code("a`b"), "``a`b``");
        assert.equal(code("`a``"), "``` `a`` ```");
        assert.equal(code(""), "`  `");
        assert.equal(code("a\nb\u202e"), "`a\\nb\\u202e`");
    });

    it("shows of two long values where they begin to differ", () => {
        const same = "x".repeat(500);
        const [left, right] = valueTexts(`${same}old`, `${same}new`, 60);
        assert.equal(left, `…${"x".repeat(40)}old"`);
        assert.equal(right, `…${"x".repeat(40)}new"`);
        assert.deepEqual(valueTexts(undefined, "[secret]", 60), ["", "[secret]"]);
    });
});
