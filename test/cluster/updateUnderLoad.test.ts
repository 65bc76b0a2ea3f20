import assert from "node:assert/strict";
import { rmSync } from "node:fs";

import { KubeConfig } from "@kubernetes/client-node";

import { kubeconfigPath } from "../../local/paths.ts";
import { loadOn } from "../support/availability.ts";
import { ops } from "../support/command.ts";
import { planOf } from "../support/plans.ts";
import { PodRecord } from "../support/podRecord.ts";
import { poll } from "../support/poll.ts";
import { copyProject } from "../support/projectCopy.ts";

describe("an update of the stack local in the middle of a spike", () => {
    const namespace = "spywatcher";
    let folder: string;
    let config: KubeConfig;

    before(async () => {
        folder = copyProject("local", (stack) => {
            Object.assign(stack["spywatcher:app"]?.["backend"] as object, {
                image: "ghcr.io/subculture-collective/spywatcher-backend:main-abcdef0",
            });
        });
        const { code, stdout, stderr } = await ops(["local", "up"]);
        assert.equal(code, 0, stdout + stderr);
        config = new KubeConfig();
        config.loadFromFile(kubeconfigPath());
    });
    after(async () => {
        rmSync(folder, { recursive: true });
        await ops(["destroy", "local", "--yes"]);
    });

    it("rolls all four pods that the HPA has made, and keeps four", async () => {
        const load = await loadOn(config, await planOf("local"), namespace, () => 100);
        await poll("four ready pods", 120, () => (load.watch.readyPods().length === 4 ? true : undefined));
        const record = await PodRecord.start({ config, namespace, selector: "tier=backend" });
        const old = new Set(record.pods().map(({ metadata }) => metadata?.name));
        const { code, stdout, stderr } = await ops(["up", "local"], { folder });
        assert.equal(code, 0, stdout + stderr);
        await poll("four new pods", 60, () => {
            const ready = record.ready().filter(({ metadata }) => !old.has(metadata?.name));
            return ready.length === 4 && record.pods().length === 4 ? true : undefined;
        });
        assert.deepEqual([record.fewestReady, record.most], [4, 5]);
        assert.equal(load.watch.state().desired, 4);
        assert.equal(load.failed(), 0);
        await load.stop();
        await record.stop();
    });
});
