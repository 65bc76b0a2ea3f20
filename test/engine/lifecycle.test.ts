import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { readEvents } from "../../ops/changes/eventFile.ts";
import { changesOfEvents } from "../../ops/changes/fromEvents.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { ApiServer } from "../support/apiServer.ts";
import { annotateNewPods } from "../support/podAnnotations.ts";
import { poll } from "../support/poll.ts";
import { childrenOf } from "../support/processes.ts";
import { ProductionProject } from "../support/productionProject.ts";
import { refuseDeployments } from "../support/refusedDeployments.ts";

const pods = "/api/v1/namespaces/spywatcher/pods?labelSelector=tier%3Dmigration";
const deployments = "/apis/apps/v1/namespaces/spywatcher/deployments";

interface Result {
    result: string;
    exitCode: number;
    message: string;
    changes: Record<string, number>;
    steps: { op: string; type: string; urn: string }[];
    slowest: { seconds: number }[];
    outputs: Record<string, unknown>;
}

describe("the life of a production stack", () => {
    let project: ProductionProject;
    let server: ApiServer;
    let release: (() => Promise<void>) | undefined;

    before(async () => {
        project = await ProductionProject.create();
        // What is protected cannot be deleted at all; here the guard is what counts.
        project.unprotect();
        await project.initialise();
        server = await ApiServer.connect();
    });
    afterEach(async () => {
        await release?.();
    });
    after(async () => {
        await project.run("unlock", "prod", "--yes");
        await project.run("destroy", "prod", "--yes");
        project.remove();
    });

    async function json(...args: string[]): Promise<Result> {
        const { code, stdout, stderr } = await project.run(...args, "--json");
        const result = JSON.parse(stdout) as Result;
        assert.equal(code, result.exitCode, stderr);
        assert.equal(`${stdout}${stderr}`.includes("not-a-real"), false);
        return result;
    }
    const changedTypes = ({ steps }: Result): string[] =>
        [...new Set(steps.map(({ op, type }) => `${op} ${type.split(":").at(-1) ?? ""}`))].sort();
    const setImage = (tag: string): void => {
        project.change((config) => {
            Object.assign(config["spywatcher:app"]?.["backend"] ?? {}, {
                image: `ghcr.io/subculture-collective/spywatcher-backend:${tag}`,
            });
        });
    };
    const setBot = (enabled: boolean): void => {
        project.change((config) => {
            Object.assign(config["spywatcher:app"] ?? {}, { bot: { enabled } });
        });
    };

    /** Makes updates wait for their schema job until `release`. */
    async function holdUpdates(): Promise<void> {
        const stop = await annotateNewPods(server, "migration", { "kwok.x-k8s.io/run-duration": "1h" });
        release = async () => {
            release = undefined;
            await stop();
            // The Job makes another pod, which does not wait.
            assert.equal((await server.send("DELETE", pods)).status, 200);
        };
    }

    it("that is killed in the middle of its first update leaves a lock, and says whose", async () => {
        await holdUpdates();
        const first = project.start("up", "prod", "--yes");
        await poll("the schema job's pod", 120, async () => {
            const { items } = await server.get<{ items: unknown[] }>(pods);
            return items.length > 0 ? true : undefined;
        });
        const [engine = 0] = childrenOf(first.child.pid ?? 0);
        // With the engine alive, nobody else gets in, and its lock is not taken away.
        const second = await project.run("up", "prod", "--yes");
        assert.equal(second.code, exitCodes.locked, second.stdout + second.stderr);
        assert.match(second.stderr, /^Another operation of this stack is running; nothing was changed\./);
        assert.match(second.stderr, new RegExp(`created by .* \\(pid ${engine}\\)`));
        const refused = await project.run("unlock", "prod", "--yes");
        assert.equal(refused.code, exitCodes.refused, refused.stderr);
        assert.match(refused.stderr, new RegExp(`still runs here: process ${engine} since`));

        // Providers are in process groups of their own and would outlive an engine that cannot end them.
        const providers = childrenOf(engine);
        process.kill(first.child.pid ?? 0, "SIGKILL");
        process.kill(-engine, "SIGKILL");
        for (const provider of providers) process.kill(provider, "SIGKILL");
        await first.result;
        await release?.();
        const locked = await project.run("up", "prod", "--yes");
        assert.equal(locked.code, exitCodes.locked, locked.stdout + locked.stderr);
    });

    it("goes on when the lock is taken away", async () => {
        const unlocked = await project.run("unlock", "prod", "--yes");
        assert.equal(unlocked.code, 0, unlocked.stderr);
        assert.match(unlocked.stdout, /prod has no lock\. The next up goes on where the last one ended\./);
        const { result, outputs, slowest } = await json("up", "prod", "--yes");
        assert.equal(result, "succeeded");
        assert.equal(outputs["environment"], "prod");
        assert.ok(slowest.length <= 10);
    });

    it("has nothing to change the second time", async () => {
        const { result, changes, steps } = await json("up", "prod", "--yes", "--expect-no-changes");
        assert.equal(result, "succeeded");
        assert.deepEqual(Object.keys(changes), ["same"]);
        assert.deepEqual(steps, []);
    });

    it("does only what a reviewed plan says", async () => {
        setImage("v2.0.0");
        const plan = join(project.folder, "plan.json");
        const planned = await json("preview", "prod", "--save-plan", plan);
        assert.equal(planned.result, "succeeded");
        assert.equal(readFileSync(plan, "utf8").includes("not-a-real"), false);

        setImage("v2.0.1");
        const refused = await json("up", "prod", "--yes", "--plan", plan);
        assert.equal(refused.exitCode, exitCodes.refused, refused.message);
        assert.match(refused.message, /The plan allows something else than what would be done now/);

        setImage("v2.0.0");
        const events = join(project.folder, "events.jsonl");
        const applied = await json("up", "prod", "--yes", "--plan", plan, "--events", events);
        assert.equal(applied.result, "succeeded", applied.message);
        assert.deepEqual(changedTypes(applied), changedTypes(planned));

        assert.equal(statSync(events).mode & 0o777, 0o600);
        const text = readFileSync(events, "utf8");
        assert.equal(text.includes("not-a-real"), false);
        const told = changesOfEvents("spywatcher", "prod", readEvents(events));
        assert.equal(told.source, "update");
        assert.equal(told.failed, false);
        const backend = told.resources.find(({ name }) => name === "app-backend-deployment");
        assert.deepEqual(
            backend?.properties.map(({ path, new: image }) => [path, image]),
            [
                [
                    "spec.template.spec.containers[0].image",
                    "ghcr.io/subculture-collective/spywatcher-backend:v2.0.0",
                ],
            ],
        );
    });

    it("tells by its exit code that something would change", async () => {
        setImage("v2.1.0");
        const { exitCode, message } = await json("preview", "prod", "--expect-no-changes");
        assert.equal(exitCode, exitCodes.changesFound);
        assert.match(message, /^No changes were expected, but there are \d+\.$/);
    });

    it("stops cleanly in the middle when its time is over, and goes on later", async () => {
        // The schema job does not end before.
        await holdUpdates();
        const { exitCode, message, steps } = await json("up", "prod", "--yes", "--timeout", "60s");
        assert.equal(exitCode, exitCodes.timedOut, message);
        assert.match(
            message,
            /^The update took longer than the command's 1 min: the engine has stopped the update cleanly\. Run it again to go on\./,
        );
        assert.ok(
            steps.some(({ type }) => type === "kubernetes:batch/v1:Job"),
            JSON.stringify(steps),
        );
        const { items } = await server.get<{ items: unknown[] }>(pods);
        assert.ok(items.length > 0);
        await release?.();
        const again = await json("up", "prod", "--yes");
        assert.equal(again.result, "succeeded", again.message);
    });

    it("waits for another's lock when it is asked to", async () => {
        setImage("v2.2.0");
        await holdUpdates();
        const first = project.start("up", "prod", "--yes");
        await poll("the lock", 60, () =>
            first.output().includes("kubernetes:batch/v1:Job") && childrenOf(first.child.pid ?? 0).length > 0
                ? true
                : undefined,
        );
        const waiting = project.start("up", "prod", "--yes", "--lock-timeout", "3m");
        await poll("the second one waits", 60, () =>
            waiting.output().includes("waiting up to") ? true : undefined,
        );
        await release?.();
        const second = await waiting.result;
        assert.equal(second.code, 0, second.stdout + second.stderr);
        assert.match(second.stdout, /^waiting up to (?:3 min|2 min \d+ s) for the lock of .*: created by /m);
        assert.match(second.stdout, /^0 changes: \d+ unchanged/m);
        assert.equal((await first.result).code, 0);
    });

    it("keeps what is in use when an update fails, and recovers", async () => {
        const lift = await refuseDeployments(server, "spywatcher-bot");
        try {
            setBot(true);
            const failed = await json("up", "prod", "--yes");
            assert.equal(failed.exitCode, exitCodes.failed);
            assert.match(failed.message, /^The update failed\.\n.*not in this test/s);
            const { items } = await server.get<{ items: { metadata: { name: string } }[] }>(deployments);
            assert.deepEqual(items.map(({ metadata }) => metadata.name).sort(), [
                "spywatcher-backend",
                "spywatcher-frontend",
            ]);
        } finally {
            await lift();
        }
        const again = await json("up", "prod", "--yes");
        assert.equal(again.result, "succeeded", again.message);
        assert.equal((await server.send("GET", `${deployments}/spywatcher-bot`)).status, 200);
    });

    it("deletes no Deployment unless it is named", async () => {
        setBot(false);
        const refused = await json("up", "prod", "--yes");
        assert.equal(refused.exitCode, exitCodes.refused);
        const urn = /--allow-replace '(.*)'$/m.exec(refused.message)?.[1] ?? "";
        assert.match(urn, /kubernetes:apps\/v1:Deployment::app-bot-deployment$/);
        assert.equal((await server.send("GET", `${deployments}/spywatcher-bot`)).status, 200);

        const allowed = await json("up", "prod", "--yes", "--allow-replace", urn);
        assert.equal(allowed.result, "succeeded", allowed.message);
        assert.equal((await server.send("GET", `${deployments}/spywatcher-bot`)).status, 404);
    });

    it("takes into its state what others have changed, when it is asked to", async () => {
        const budget = "/apis/policy/v1/namespaces/spywatcher/poddisruptionbudgets/spywatcher-frontend-pdb";
        assert.equal((await server.send("DELETE", budget)).status, 200);
        const { result, steps } = await json("refresh", "prod", "--yes");
        assert.equal(result, "succeeded");
        assert.deepEqual(steps, []);
        assert.equal(project.state.includes("app-frontend-pdb"), false);
        const again = await json("up", "prod", "--yes");
        assert.deepEqual(changedTypes(again), ["create PodDisruptionBudget"]);
    });

    it("changes only what it is limited to", async () => {
        setImage("v2.3.0");
        const { steps } = await json("preview", "prod");
        const urn = steps.find(({ urn: each }) => each.endsWith("app-backend-deployment"))?.urn ?? "";
        const limited = await json("up", "prod", "--yes", "--target", urn);
        assert.equal(limited.result, "succeeded", limited.message);
        assert.deepEqual(changedTypes(limited), ["update Deployment"]);
    });

    it("replaces what is named, and nothing without", async () => {
        project.change((config) => {
            Object.assign(config["spywatcher:app"] ?? {}, { namespace: "spywatcher-next" });
        });
        const statusOf = async (namespace: string): Promise<number> =>
            (await server.send("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/spywatcher-backend`))
                .status;
        const refused = await json("up", "prod", "--yes");
        assert.equal(refused.exitCode, exitCodes.refused, refused.message);
        const urns = [...refused.message.matchAll(/--allow-replace '(.*)'$/gm)].map(([, urn = ""]) => urn);
        const types = urns.map((urn) => urn.split("::").at(-2)?.split("$").at(-1)?.split(":").at(-1));
        assert.deepEqual([...new Set(types)].sort(), ["Deployment", "Ingress", "Namespace", "Service"]);
        assert.deepEqual([await statusOf("spywatcher"), await statusOf("spywatcher-next")], [200, 404]);

        const allow = urns.flatMap((urn) => ["--allow-replace", urn]);
        const replaced = await json("up", "prod", "--yes", ...allow);
        assert.equal(replaced.result, "succeeded", replaced.message);
        assert.ok((replaced.changes["replace"] ?? 0) >= urns.length, JSON.stringify(replaced.changes));
        assert.deepEqual([await statusOf("spywatcher"), await statusOf("spywatcher-next")], [404, 200]);
    });
});
