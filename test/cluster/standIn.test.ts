import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { kubeconfigPath } from "../../local/paths.ts";
import program from "../../stacks/index.ts";
import { ApiServer } from "../support/apiServer.ts";
import { copyProject } from "../support/projectCopy.ts";
import { replaceCharts } from "../support/standin/charts.ts";
import { cloudEvents, livingResources } from "../support/standin/cloud.ts";
import { installStandIns, type StandIns } from "../support/standin/install.ts";
import { openStandInStack, pendingOperations, stateFile } from "../support/standin/openStack.ts";
import { keepReady } from "../support/standin/ready.ts";

const secrets: Record<string, string> = {
    discordBotToken: "not-a-real-token-of-production-not-a-real-token-of-",
    discordClientSecret: "not-a-real-client-secret-of-production",
    jwtSecret: "not-a-real-secret-for-access-tokens-of-production",
    jwtRefreshSecret: "not-a-real-secret-for-refresh-tokens-of-production",
    postgresPassword: "not-a-real-password-of-production",
    redisPassword: "not-a-real-password-of-production-either",
};

for (const name of ["dev", "prod"]) {
    describe(`the whole stack ${name}, with stand-ins for AWS`, () => {
        let folder: string;
        let standIns: StandIns;
        let server: ApiServer;
        let stack: Stack;
        let stopReady: () => void;
        const { PATH } = process.env;

        before(async () => {
            folder = copyProject(name, () => undefined);
            standIns = installStandIns(kubeconfigPath());
            // The program looks for the AWS CLI.
            process.env["PATH"] = standIns.path;
            server = await ApiServer.connect();
            stopReady = keepReady(server);
            stack = await openStandInStack({
                project: "spywatcher",
                stack: name,
                folder,
                standIns,
                program: async () => {
                    replaceCharts();
                    return program();
                },
            });
            const values = Object.entries(secrets).map(([key, value]) => [
                `spywatcher:secrets.${key}`,
                { value, secret: true },
            ]);
            await stack.setAllConfig(Object.fromEntries(values), true);
        });
        after(() => {
            stopReady();
            process.env["PATH"] = PATH;
            standIns.remove();
            rmSync(folder, { recursive: true });
        });

        it("comes up", async () => {
            const { outputs, summary } = await stack.up({ onOutput: console.log });
            console.log(outputs, summary.resourceChanges);
        });

        it("has nothing to change the second time", async () => {
            const up = await stack.up({ onOutput: console.log });
            assert.deepEqual(Object.keys(up.summary.resourceChanges ?? {}), ["same"]);
            const refresh = await stack.refresh();
            assert.deepEqual(Object.keys(refresh.summary.resourceChanges ?? {}), ["same"]);
        });

        it("keeps its secrets encrypted", async () => {
            const state = readFileSync(stateFile({ folder, project: "spywatcher", stack: name }), "utf8");
            assert.equal(state.includes("not-a-real"), false);
            assert.deepEqual(await pendingOperations(stack), []);
        });

        it("is deleted from the top, without anything left", async () => {
            const file = join(folder, `Pulumi.${name}.yaml`);
            writeFileSync(
                file,
                readFileSync(file, "utf8")
                    .replace(/spywatcher:protect: .*/, "spywatcher:protect: false")
                    .replaceAll("deletionProtection: true", "deletionProtection: false"),
            );
            if (name === "prod") await stack.up();
            await stack.destroy({ onOutput: console.log });
            assert.deepEqual(livingResources(standIns.log), []);
            assert.deepEqual(
                cloudEvents(standIns.log).filter(({ op }) => op === "refused"),
                [],
            );
            assert.equal((await server.send("GET", "/api/v1/namespaces/spywatcher")).status, 404);
        });
    });
}
