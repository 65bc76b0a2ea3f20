import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clusterFolder } from "../../local/paths.ts";
import { ops, startOps } from "../support/command.ts";
import { poll } from "../support/poll.ts";
import { processesWith } from "../support/processes.ts";

describe("ops simulate", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-simulation-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const leftovers = (): string[] => processesWith(clusterFolder("simulation"));

    it("runs the stack beside a changed one, reports both and leaves nothing behind", async () => {
        const { code, stdout, stderr } = await ops([
            ...["simulate", "prod", "--tier", "frontend", "--rps", "20", "--duration", "15", "--svg"],
            ...["--set", "app.frontend.autoscaling.minReplicas=3", "--report", folder],
        ]);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /prod: 11 s · 20\/20 requests\/s .* pods 2\/2 \(2–5\)/);
        const files = readdirSync(folder);
        assert.deepEqual(files.map((file) => file.split(".").at(-1)).sort(), ["html", "json", "svg"]);
        const json = files.find((file) => file.endsWith(".json")) ?? "";
        const { results } = JSON.parse(readFileSync(join(folder, json), "utf8"));
        assert.deepEqual(
            results.map(({ run, figures }: any) => [
                run.label,
                run.workload.minReplicas,
                figures.fewestReady,
                figures.failed,
            ]),
            [
                ["prod", 2, 2, 0],
                ["minReplicas=3", 3, 3, 0],
            ],
        );
        assert.deepEqual(leftovers(), []);
    });

    it("is what load-test --simulate --spike does, which Ctrl-C ends in the middle, with the report of what was", async () => {
        const reports = join(folder, "interrupted");
        const { child, result, output } = startOps([
            ...["load-test", "local", "--simulate", "--spike", "--startup", "1", "--report", reports],
        ]);
        // Of the five minutes the first part: past the warm-up and the pause, in the increase to 50 requests per second.
        await poll("45 seconds of load", 300, () => (output().includes("46 s · 50/50 ") ? true : undefined));
        child.kill("SIGINT");
        const { code, stdout, stderr } = await result;
        assert.equal(code, 130, stdout + stderr);
        assert.match(stdout, /\nlocal \(ended before its time\)/);
        assert.match(stdout, /6 s · 20\/20 requests\/s .* pods 2\/2 \(2–10\)/);
        const json = readdirSync(reports).find((file) => file.endsWith(".json")) ?? "";
        const [{ run }] = JSON.parse(readFileSync(join(reports, json), "utf8")).results;
        assert.deepEqual(
            [run.kind, run.interrupted, run.profile.length, run.samples.length >= 46],
            ["simulation", true, 7, true],
        );
        assert.deepEqual(
            [0, 29, 30, 39, 40].map((second) => run.samples[second].intended),
            [20, 20, 0, 0, 50],
        );
        assert.deepEqual(leftovers(), []);
    });

    it("ends on Ctrl-C before the load began, with its cluster", async () => {
        const { child, result, output } = startOps(["simulate", "--duration", "60", "--report", folder]);
        await poll("a cluster", 60, () =>
            output().includes("waiting for the first pods") ? true : undefined,
        );
        child.kill("SIGINT");
        const { code, stdout, stderr } = await result;
        assert.equal(code, 130, stdout + stderr);
        assert.match(stderr, /Interrupted\.\n$/);
        assert.deepEqual(leftovers(), []);
    });
});
