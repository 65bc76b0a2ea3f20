import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { UpdateSummary } from "@pulumi/pulumi/automation/index.js";

import { OperationError, OptionError } from "../../ops/errors.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { formatChoice, formatDeployments } from "../../ops/rollback/format.ts";
import { choose, deploymentsOf, type Wish } from "../../ops/rollback/history.ts";
import {
    type Images,
    imagesOf,
    imagesOfMessage,
    imagesOfOutputs,
    rollbackMessage,
} from "../../ops/rollback/images.ts";
import { neededLines } from "../../ops/rollback/stackFileLines.ts";
import { readStackFile } from "../../ops/stackFile.ts";
import { withImages } from "../../stacks/withImages.ts";
import { projectFolder } from "../support/plans.ts";

function images(tag: string): Images {
    return {
        backend: `registry.example.com/backend:${tag}`,
        frontend: `registry.example.com/frontend:${tag}`,
    };
}

function config(tag: string): UpdateSummary["config"] {
    const { backend, frontend } = images(tag);
    const app = { backend: { image: backend }, frontend: { image: frontend } };
    return { "spywatcher:app": { value: JSON.stringify(app), secret: false } };
}

interface Entry {
    tag?: string;
    kind?: UpdateSummary["kind"];
    result?: UpdateSummary["result"];
    message?: string;
    limited?: boolean;
}

/** A history, newest first. */
function history(...entries: Entry[]): UpdateSummary[] {
    return entries.map(({ tag, kind = "update", result = "succeeded", message = "", limited }, index) => {
        const at = new Date(Date.UTC(2026, 10, 28, 12 - index));
        const environment = { "exec.kind": "auto.inline", ...(limited && { "pulumi.flag.target": "set" }) };
        return {
            ...{ kind, result, message, environment, startTime: at, endTime: at },
            config: tag === undefined ? {} : config(tag),
            // As a backend of files gives it.
            version: 0,
        };
    });
}

function target(entries: Entry[], wish: Wish = {}): Images {
    return choose(deploymentsOf(history(...entries)), wish).to;
}

function refused(entries: Entry[], message: RegExp, wish: Wish = {}): void {
    assert.throws(
        () => target(entries, wish),
        (error) => {
            assert.ok(error instanceof OperationError, String(error));
            assert.match(error.message, message);
            assert.equal(error.exitCode, exitCodes.refused);
            return true;
        },
    );
}

/** A rollback's entry: its configuration tells the images of the stack file. */
function rollback(to: string, from: string): Entry {
    return { tag: from, message: rollbackMessage(images(to), images(from)) };
}

describe("the images of an update", () => {
    it("are read from its configuration, as text or as an object", () => {
        assert.deepEqual(imagesOf(config("1")), images("1"));
        assert.equal(imagesOf({}), undefined);
        assert.equal(imagesOf({ "spywatcher:app": { value: "[secret]", secret: true } }), undefined);
        assert.equal(imagesOf({ "spywatcher:app": { value: '{"backend":{}}', secret: false } }), undefined);
    });

    it("of a rollback are read from its message", () => {
        const message = rollbackMessage(images("1"), images("2"));
        assert.deepEqual(imagesOfMessage(message), { to: images("1"), from: images("2") });
        assert.equal(imagesOfMessage("Rollback to something else"), undefined);
        assert.equal(imagesOfMessage(`${message} and more`), undefined);
    });
});

describe("the images to go back to", () => {
    it("are the last others, after an update that succeeded", () => {
        assert.deepEqual(target([{ tag: "3" }, { tag: "3" }, { tag: "2" }, { tag: "1" }]), images("2"));
    });

    it("are those of the last update that succeeded, after one that failed", () => {
        assert.deepEqual(
            target([{ tag: "3", result: "failed" }, { tag: "2", result: "failed" }, { tag: "1" }]),
            images("1"),
        );
        refused([{ tag: "1", result: "failed" }, { tag: "1" }], /no other images would help/);
        refused([{ tag: "1", result: "failed" }], /none before it succeeded/);
    });

    it("never are those of an update that failed", () => {
        assert.deepEqual(target([{ tag: "3" }, { tag: "2", result: "failed" }, { tag: "1" }]), images("1"));
    });

    it("are not the bad ones again after a rollback", () => {
        refused([rollback("1", "2"), { tag: "2" }, { tag: "1" }], /no other images that were good/);
        assert.deepEqual(target([rollback("2", "3"), { tag: "3" }, { tag: "2" }, { tag: "1" }]), images("1"));
        // The stack file was put right, and then another bad one came.
        assert.deepEqual(
            target([{ tag: "4" }, { tag: "2" }, rollback("2", "3"), { tag: "3" }, { tag: "2" }]),
            images("2"),
        );
    });

    it("do not count refreshes, and nothing before the stack was destroyed", () => {
        assert.deepEqual(target([{ kind: "refresh", tag: "9" }, { tag: "2" }, { tag: "1" }]), images("1"));
        refused(
            [{ tag: "2" }, { kind: "destroy", tag: "1" }, { tag: "1" }],
            /no other images that were good/,
        );
        refused([{ kind: "destroy", tag: "1" }, { tag: "1" }], /tells of no update/);
        refused([], /tells of no update/);
    });

    it("are not those of an update that was limited to some resources, which may have left them out", () => {
        assert.deepEqual(target([{ tag: "3" }, { tag: "2", limited: true }, { tag: "1" }]), images("1"));
        assert.deepEqual(
            target([{ tag: "3", result: "failed" }, { tag: "2", limited: true }, { tag: "1" }]),
            images("1"),
        );
        // With the last update limited, the one before it counts, too.
        assert.deepEqual(target([{ tag: "3", limited: true }, { tag: "2" }, { tag: "1" }]), images("2"));
    });

    it("are others than those that the stack outputs, but for an update that failed", () => {
        const output = (tag: string) => imagesOfOutputs({ images: { value: images(tag), secret: false } });
        const from = (entries: Entry[], tag: string) => {
            const choice = choose(deploymentsOf(history(...entries)), {}, output(tag));
            return [choice.from, choice.to];
        };
        assert.deepEqual(from([{ tag: "3" }, { tag: "2" }, { tag: "1" }], "2"), [images("2"), images("3")]);
        assert.deepEqual(from([{ tag: "3", result: "failed" }, { tag: "2" }], "2"), [
            images("3"),
            images("2"),
        ]);
        assert.equal(imagesOfOutputs({}), undefined);
    });

    it("are those of an update that people name", () => {
        const entries: Entry[] = [
            { tag: "3" },
            { tag: "2", result: "failed" },
            { tag: "2", limited: true },
            { tag: "1" },
        ];
        assert.deepEqual(target(entries, { to: 4 }), images("1"));
        const wrong =
            (to: number): (() => Images) =>
            () =>
                target(entries, { to });
        const good = "those that succeeded as a whole: 1, 4.";
        assert.throws(wrong(2), new OptionError(`--to 2: that update failed; ${good}`));
        assert.throws(
            wrong(3),
            new OptionError(`--to 3: that update was limited to some resources; ${good}`),
        );
        assert.throws(wrong(7), new OptionError(`--to 7: there is no such update; ${good}`));
    });

    it("are those that people name, the other one as it is", () => {
        assert.deepEqual(target([{ tag: "2" }, { tag: "1" }], { backendImage: "a:9" }), {
            backend: "a:9",
            frontend: images("2").frontend,
        });
        assert.deepEqual(target([{ tag: "2" }, { tag: "1" }], { to: 2, backendImage: "a:9" }), {
            backend: "a:9",
            frontend: images("1").frontend,
        });
    });

    it("are told with where they come from", () => {
        const deployments = deploymentsOf(history({ tag: "2" }, { tag: "1" }));
        assert.deepEqual(formatChoice(choose(deployments, {})), [
            "Back to the images of the update of 2026-11-28 11:00 UTC:",
            "  backend: registry.example.com/backend:2 → registry.example.com/backend:1",
            "  frontend: registry.example.com/frontend:2 → registry.example.com/frontend:1",
        ]);
        assert.deepEqual(formatChoice(choose(deployments, { backendImage: "a:9" })), [
            "To the images that are asked for:",
            "  backend: registry.example.com/backend:2 → a:9",
            "  frontend: registry.example.com/frontend:2, as it is",
        ]);
        const rows = formatDeployments(
            deploymentsOf(
                history(rollback("1", "2"), { tag: "2", result: "failed" }, { tag: "1", limited: true }),
            ),
        )
            .split("\n")
            .filter((line) => line.startsWith("│"))
            .map((line) =>
                line
                    .split("│")
                    .map((each) => each.trim())
                    .slice(1, 4),
            );
        assert.deepEqual(rows, [
            ["Number", "Began (UTC)", "Result"],
            ["1", "2026-11-28 12:00", "succeeded, rollback"],
            ["2", "2026-11-28 11:00", "failed"],
            ["3", "2026-11-28 10:00", "succeeded, limited"],
        ]);
    });
});

describe("a configuration with other images", () => {
    const { config: prod } = readStackFile(projectFolder, "prod");

    it("differs in nothing else", () => {
        const changed = withImages(prod, images("1"), { schemaJob: true });
        assert.deepEqual(
            {
                ...changed,
                app: {
                    ...changed.app,
                    backend: { ...changed.app.backend, image: prod.app.backend.image },
                    frontend: { ...changed.app.frontend, image: prod.app.frontend.image },
                },
            },
            prod,
        );
        assert.equal(changed.app.backend.image, images("1").backend);
        assert.equal(changed.app.frontend.image, images("1").frontend);
    });

    it("leaves the schema job out when asked to, and never brings it in", () => {
        assert.equal(withImages(prod, images("1"), { schemaJob: false }).app.migration.enabled, false);
        const without = withImages(prod, images("1"), { schemaJob: false });
        assert.equal(withImages(without, images("1"), { schemaJob: true }).app.migration.enabled, false);
    });
});

describe("lines of the stack file", () => {
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-lines-"));
    const file = join(folder, "Pulumi.prod.yaml");
    after(() => {
        rmSync(folder, { recursive: true });
    });

    it("are named with their number, unless they are right already or not there", () => {
        writeFileSync(
            file,
            "config:\n  spywatcher:app:\n    backend:\n      image: a:2\n    frontend: { image: b:1 }\n",
        );
        assert.deepEqual(
            neededLines(file, [
                { path: ["backend", "image"], value: "a:1" },
                { path: ["frontend", "image"], value: "b:1" },
                { path: ["migration", "enabled"], value: false },
            ]),
            ["Pulumi.prod.yaml:4: app.backend.image: a:1", "Pulumi.prod.yaml: app.migration.enabled: false"],
        );
    });
});
