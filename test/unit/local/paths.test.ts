import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";

import { cacheFolder, clusterFolder, kubeconfigPath } from "../../../local/paths.ts";

const names = ["SPYWATCHER_CACHE", "XDG_CACHE_HOME"] as const;

describe("local/paths", () => {
    let saved: (string | undefined)[] = [];

    beforeEach(() => {
        saved = names.map((name) => process.env[name]);
        for (const name of names) {
            process.env[name] = "";
        }
    });

    afterEach(() => {
        for (const [index, name] of names.entries()) {
            process.env[name] = saved[index] ?? "";
        }
    });

    it("puts a cluster below the home folder", () => {
        assert.equal(clusterFolder(), join(homedir(), ".spywatcher", "local"));
        assert.equal(kubeconfigPath("test"), join(homedir(), ".spywatcher", "test", "kubeconfig"));
    });

    it("uses SPYWATCHER_CACHE before XDG_CACHE_HOME before the user's cache folder", () => {
        const user = process.platform === "darwin" ? join("Library", "Caches") : ".cache";
        assert.equal(cacheFolder(), join(homedir(), user, "spywatcher"));
        process.env["XDG_CACHE_HOME"] = "/xdg";
        assert.equal(cacheFolder(), "/xdg/spywatcher");
        process.env["SPYWATCHER_CACHE"] = "/chosen";
        assert.equal(cacheFolder(), "/chosen");
    });
});
