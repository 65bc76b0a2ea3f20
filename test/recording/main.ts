/**
 * Records what the engine tells of ten kinds of change, on an embedded cluster of its own, into test/fixtures/events.
 * Run it after an upgrade of Pulumi or of the Kubernetes provider, and look at what differs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";

import { remove, start } from "../../local/cluster.ts";
import { cacheFolder, kubeconfigPath } from "../../local/paths.ts";
import { findPulumi, providerHome } from "../../local/pulumi.ts";
import { isolatedCommand } from "../../ops/engine/isolatedCommand.ts";
import { ApiServer } from "../support/apiServer.ts";
import { compact } from "./compact.ts";
import { shop, type Variant } from "./program.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "events");

type Operation = (options: { onEvent: (event: EngineEvent) => void }) => Promise<unknown>;

async function record(name: string, operation: Operation): Promise<void> {
    const events: EngineEvent[] = [];
    await operation({ onEvent: (event) => events.push(event) }).catch(() => undefined);
    const lines = compact(events).map((event) => `${JSON.stringify(event)}\n`);
    writeFileSync(join(fixtures, `${name}.jsonl`), lines.join(""));
    console.log(`${name}: ${lines.length} events`);
}

const hostile = [
    "```\n</details> @octocat closes #1 <!-- --> | \u202e~~~",
    "👩‍👩‍👧‍👦 ",
    `https://shop:not-a-real-password@db.example.com ghp_${"NotARealToken".repeat(3)}`,
].join(" ");

async function recordAll(stack: Stack, kubeconfig: string): Promise<void> {
    const preview = (name: string, variant: Variant): Promise<void> =>
        record(name, (options) => stack.preview({ ...options, program: shop(kubeconfig, variant) }));
    await preview("create", {});
    await stack.up({ program: shop(kubeconfig, {}) });
    await preview("unchanged", {});
    await preview("update", {
        image: "registry.example.com/shop:1.5.0",
        replicas: 3,
        labels: { "app.kubernetes.io/version": "1.5.0" },
    });
    await preview("replace-named", { selector: "shop-web", quota: "200" });
    await preview("replace-auto-named", { greeting: "good morning" });
    await preview("delete", { withService: false });
    await preview("secret", { token: "not-a-real-token-of-the-second-day" });
    await preview("hostile", { note: hostile });
    const server = await ApiServer.connect();
    await server.send(
        "PATCH",
        "/apis/apps/v1/namespaces/shop/deployments/web",
        { spec: { replicas: 5 } },
        "application/merge-patch+json",
    );
    await record("drift", (options) => stack.refresh({ ...options, previewOnly: true }));
    await record("failed", (options) =>
        stack.up({ ...options, program: shop(kubeconfig, { badKey: true, replicas: 4 }) }),
    );
    await record("destroy", (options) => stack.previewDestroy(options));
}

const home = mkdtempSync(join(tmpdir(), "spywatcher-recording-"));
process.env["SPYWATCHER_CACHE"] = cacheFolder();
const installation = await findPulumi();
const pulumiHome = await providerHome(installation);
process.env["HOME"] = home;
try {
    await start({ podStartupSeconds: 0 });
    mkdirSync(join(home, "state"));
    mkdirSync(fixtures, { recursive: true });
    const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: "review", projectName: "shop", program: () => Promise.resolve({}) },
        {
            pulumiCommand: await isolatedCommand(installation.root),
            ...(pulumiHome !== undefined && { pulumiHome }),
            envVars: {
                PULUMI_BACKEND_URL: pathToFileURL(join(home, "state")).href,
                PULUMI_CONFIG_PASSPHRASE: "not-a-real-passphrase",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        },
    );
    await recordAll(stack, readFileSync(kubeconfigPath(), "utf8"));
} finally {
    await remove();
    rmSync(home, { recursive: true, force: true });
}
