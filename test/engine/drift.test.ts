import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { clusterFolder } from "../../local/paths.ts";
import type { Drift } from "../../ops/drift/model.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { ApiServer } from "../support/apiServer.ts";
import { ops } from "../support/command.ts";

const apps = "/apis/apps/v1/namespaces/spywatcher/deployments";
const budgets = "/apis/policy/v1/namespaces/spywatcher/poddisruptionbudgets";
const autoscalers = "/apis/autoscaling/v2/namespaces/spywatcher/horizontalpodautoscalers";
const mergePatch = "application/merge-patch+json";

interface Result extends Drift {
    command: string;
    result: string;
    exitCode: number;
    remedy: string[];
}

describe("drift", () => {
    let server: ApiServer;
    // The tests' home folder is known only when they run.
    const report = (): string => join(clusterFolder(), "drift.md");

    before(async () => {
        server = await ApiServer.connect();
        const { code, stdout, stderr } = await ops(["local", "up"]);
        assert.equal(code, 0, stdout + stderr);
    });
    after(async () => {
        await ops(["destroy", "local", "--yes"]);
        rmSync(report(), { force: true });
    });

    const state = (): string =>
        readFileSync(join(clusterFolder(), "pulumi/.pulumi/stacks/spywatcher/local.json"), "utf8");

    async function patch(path: string, body: unknown): Promise<void> {
        const answer = await server.send("PATCH", path, body, mergePatch);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
    }

    async function drift(...args: string[]): Promise<Result> {
        const { code, stdout, stderr } = await ops(["drift", "local", "--json", ...args]);
        const result = JSON.parse(stdout) as Result;
        assert.equal(code, result.exitCode, stderr);
        return result;
    }

    it("is none after an update, whatever the HPA scales and controllers write", async () => {
        await patch(`${apps}/spywatcher-backend/scale`, { spec: { replicas: 5 } });
        const { exitCode, drifted, resources } = await drift();
        assert.deepEqual(drifted, []);
        assert.equal(exitCode, exitCodes.ok);
        assert.ok(resources > 30, String(resources));
    });

    it("is what somebody has changed or deleted by hand, and no more", async () => {
        await patch(`${apps}/spywatcher-frontend`, {
            metadata: { annotations: { "example.com/looked-at": "by hand" } },
            spec: { revisionHistoryLimit: 1 },
        });
        await patch(`${autoscalers}/spywatcher-backend-hpa`, { spec: { maxReplicas: 20 } });
        const deleted = await server.send("DELETE", `${budgets}/spywatcher-backend-pdb`);
        assert.equal(deleted.status, 200);
        const before = state();

        const found = await drift("--report", report());
        assert.deepEqual(
            found.drifted.map(({ name, kind, properties }) => [
                kind,
                name,
                properties.map(({ path, old, new: now }) => [path, old, now]),
            ]),
            [
                ["gone", "app-backend-pdb", []],
                ["changed", "app-frontend-deployment", [["spec.revisionHistoryLimit", 10, 1]]],
                ["changed", "app-backend-hpa", [["spec.maxReplicas", 10, 20]]],
            ],
        );
        assert.equal(found.exitCode, exitCodes.changesFound);
        assert.equal(found.result, "succeeded");
        assert.equal(state(), before);

        const text = readFileSync(report(), "utf8");
        assert.match(text, /^### Drift of `spywatcher\/local`\n/);
        assert.match(text, /^- `app-backend-pdb` \(`kubernetes:policy\/v1:PodDisruptionBudget`\)$/m);
        assert.match(text, /^- spec\.maxReplicas: 10\n\+ spec\.maxReplicas: 20$/m);
        assert.equal(text.includes("not-a-real"), false);
    });

    it("is told to people with what to do", async () => {
        const { code, stdout, stderr } = await ops(["drift", "local"]);
        assert.equal(code, exitCodes.changesFound, stderr);
        assert.match(
            stdout,
            /^local: 1 resource is gone, 2 resources have changed, of \d+ resources, in \d+ s$/m,
        );
        assert.match(stdout, /gone +│ app-backend-pdb +│ [^│]+│ deleted behind the program's back/);
        assert.match(stdout, /spec\.maxReplicas +│ 10 → 20/);
        assert.match(
            stdout,
            /^Put it back as the program has it: PULUMI_K8S_ENABLE_PATCH_FORCE=true npm run up -- local --refresh$/m,
        );
    });

    it("is put back by up, asked to look first", async () => {
        const env = { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
        const { code, stdout, stderr } = await ops(["up", "local", "--refresh"], { env });
        assert.equal(code, 0, stdout + stderr);
        assert.equal((await server.send("GET", `${budgets}/spywatcher-backend-pdb`)).status, 200);
        const hpa = await server.get<{ spec: { maxReplicas: number } }>(
            `${autoscalers}/spywatcher-backend-hpa`,
        );
        assert.equal(hpa.spec.maxReplicas, 10);
        const frontend = await server.get<{ spec: { revisionHistoryLimit: number } }>(
            `${apps}/spywatcher-frontend`,
        );
        assert.equal(frontend.spec.revisionHistoryLimit, 10);
        assert.deepEqual((await drift()).drifted, []);
    });
});
