import assert from "node:assert/strict";
import { mkdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";

import { findPulumi, providerHome } from "../../../local/pulumi.ts";
import { inTemporaryFolder, writeScript } from "./support.ts";

async function providerVersion(): Promise<string> {
    const path = join(import.meta.dirname, "../../../node_modules/@pulumi/kubernetes/package.json");
    return (JSON.parse(await readFile(path, "utf8")) as { version: string }).version;
}

describe("local/pulumi", () => {
    it("uses a fitting CLI on PATH and the provider that the user has", () =>
        inTemporaryFolder(async (temporary) => {
            const folder = await realpath(temporary);
            const plugin = join(folder, "home", "plugins", `resource-kubernetes-v${await providerVersion()}`);
            await mkdir(plugin, { recursive: true });
            await writeScript(plugin, "pulumi-resource-kubernetes", []);
            await mkdir(join(folder, "bin"));
            await writeScript(join(folder, "bin"), "pulumi", ["echo v3.300.1"]);
            const environment = {
                PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
                PULUMI_HOME: join(folder, "home"),
            };
            const hooks = { environment, cache: join(folder, "cache") };
            const pulumi = await findPulumi(hooks);
            assert.deepEqual(pulumi, {
                command: join(folder, "bin", "pulumi"),
                root: folder,
                version: "3.300.1",
                built: false,
            });
            assert.equal(await providerHome(pulumi, hooks), undefined);
        }));

    it("lets the CLI install the provider, and links to a CLI that lies in no bin folder", () =>
        inTemporaryFolder(async (temporary) => {
            const folder = await realpath(temporary);
            await writeScript(folder, "pulumi", ['echo "$@" >> "$MARKS"', "echo v3.300.1"]);
            const environment = {
                PATH: `${folder}:/usr/bin:/bin`,
                PULUMI_HOME: join(folder, "home"),
                MARKS: join(folder, "calls"),
            };
            const hooks = { environment, cache: join(folder, "cache") };
            const pulumi = await findPulumi(hooks);
            assert.equal(pulumi.command, join(pulumi.root, "bin", "pulumi"));
            assert.equal(await realpath(pulumi.command), join(folder, "pulumi"));
            assert.equal(await providerHome(pulumi, hooks), undefined);
            assert.equal(
                await readFile(join(folder, "calls"), "utf8"),
                `version\nplugin install resource kubernetes ${await providerVersion()}\n`,
            );
        }));
});
