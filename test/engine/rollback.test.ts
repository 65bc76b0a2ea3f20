import assert from "node:assert/strict";

import { exitCodes } from "../../ops/exitCodes.ts";
import { ApiServer } from "../support/apiServer.ts";
import { annotateNewPods } from "../support/podAnnotations.ts";
import { ProductionProject } from "../support/productionProject.ts";

const apps = "/apis/apps/v1/namespaces/spywatcher/deployments";
const jobs = "/apis/batch/v1/namespaces/spywatcher/jobs";
const repository = "ghcr.io/subculture-collective/spywatcher";

interface Result {
    result: string;
    exitCode: number;
    message?: string;
    images?: { backend: string; frontend: string };
    outputs?: { images: { backend: string; frontend: string } };
    stackFile?: string[];
}

interface Workload {
    spec: { template: { spec: { containers: { image: string }[] } } };
}

describe("rollback", () => {
    let project: ProductionProject;
    let server: ApiServer;

    before(async () => {
        project = await ProductionProject.create();
        project.unprotect();
        await project.initialise();
        server = await ApiServer.connect();
        await deploy("v1", 0);
        await deploy("v2", 0);
    });
    after(async () => {
        await project.run("destroy", "prod", "--yes");
        project.remove();
    });

    const images = (tag: string) => ({
        backend: `${repository}-backend:${tag}`,
        frontend: `${repository}-frontend:${tag}`,
    });

    async function deploy(tag: string, expected: number): Promise<void> {
        const { backend, frontend } = images(tag);
        project.change((config) => {
            Object.assign(config["spywatcher:app"]?.["backend"] ?? {}, { image: backend });
            Object.assign(config["spywatcher:app"]?.["frontend"] ?? {}, { image: frontend });
        });
        const { code, stdout, stderr } = await project.run("up", "prod", "--yes");
        assert.equal(code, expected, stdout + stderr);
    }

    async function rollback(...args: string[]): Promise<Result> {
        const { code, stdout, stderr } = await project.run("rollback", "prod", "--json", ...args);
        const result = JSON.parse(stdout) as Result;
        assert.equal(code, result.exitCode, stderr);
        return result;
    }

    async function running(): Promise<{ backend: string; frontend: string }> {
        const imageOf = async (name: string): Promise<string> => {
            const { spec } = await server.get<Workload>(`${apps}/${name}`);
            return spec.template.spec.containers[0]?.image ?? "";
        };
        return {
            backend: await imageOf("spywatcher-backend"),
            frontend: await imageOf("spywatcher-frontend"),
        };
    }

    /** Images of the schema jobs there are. */
    async function schemas(): Promise<string[]> {
        const { items } = await server.get<{ items: Workload[] }>(jobs);
        return items.map(({ spec }) => spec.template.spec.containers[0]?.image ?? "");
    }

    it("lists the updates there were, newest first", async () => {
        const { code, stdout, stderr } = await project.run("rollback", "prod", "--list");
        assert.equal(code, 0, stderr);
        const rows = [...stdout.matchAll(/^│ (\d+) +│ [\d-]+ [\d:]+ +│ (\S+) +│ (\S+)/gm)].map((row) =>
            row.slice(1),
        );
        assert.deepEqual(rows, [
            ["1", "succeeded", images("v2").backend],
            ["2", "succeeded", images("v1").backend],
        ]);
    });

    it("asks before it changes anything", async () => {
        const { exitCode, message } = await rollback();
        assert.equal(exitCode, exitCodes.refused);
        assert.match(message ?? "", /^Roll prod back\? There is no terminal to ask on: add --yes\.$/);
        assert.deepEqual(await running(), images("v2"));
    });

    it("brings the last good images back, without their schema, and says what the stack file needs", async () => {
        const file = project.stackFile;
        const result = await rollback("--yes");
        assert.equal(result.result, "succeeded", result.message);
        assert.deepEqual(result.images, images("v1"));
        assert.deepEqual(result.outputs?.images, images("v1"));
        assert.deepEqual(await running(), images("v1"));
        assert.deepEqual(await schemas(), []);
        assert.equal(project.stackFile, file);
        assert.deepEqual(
            result.stackFile?.map((line) => line.replace(/:\d+:/, ":N:")),
            [
                "The stack file still says otherwise. Before the next up, which goes by it, change and commit:",
                `  Pulumi.prod.yaml:N: app.backend.image: ${images("v1").backend}`,
                `  Pulumi.prod.yaml:N: app.frontend.image: ${images("v1").frontend}`,
                "  Pulumi.prod.yaml: app.migration.enabled: false",
                "The schema of the database was left as it is. Take app.migration.enabled away again with the next newer image.",
            ],
        );
    });

    it("leaves nothing to change for an up of the stack file that it asks for", async () => {
        project.change((config) => {
            Object.assign(config["spywatcher:app"]?.["backend"] ?? {}, { image: images("v1").backend });
            Object.assign(config["spywatcher:app"]?.["frontend"] ?? {}, { image: images("v1").frontend });
            Object.assign(config["spywatcher:app"] ?? {}, { migration: { enabled: false } });
        });
        const { code, stdout } = await project.run("preview", "prod", "--expect-no-changes");
        assert.equal(code, 0, stdout);
    });

    it("does not bring the bad images back when it is repeated", async () => {
        const { exitCode, message } = await rollback("--yes");
        assert.equal(exitCode, exitCodes.refused);
        assert.match(message ?? "", /^There are no other images that were good before\./);
        assert.deepEqual(await running(), images("v1"));
    });

    it("undoes an update that failed, although the schema job would fail again", async () => {
        project.change((config) => {
            delete config["spywatcher:app"]?.["migration"];
        });
        const stopFailing = await annotateNewPods(server, "migration", { "kwok.x-k8s.io/exit-code": "1" });
        try {
            await deploy("v3", exitCodes.failed);
            const result = await rollback("--yes");
            assert.equal(result.result, "succeeded", result.message);
            assert.deepEqual(result.images, images("v1"));
            assert.deepEqual(await running(), images("v1"));
            assert.deepEqual(await schemas(), []);
        } finally {
            await stopFailing();
        }
    });

    it("goes to images that people name, and refuses what is none", async () => {
        const wrong = await rollback("--yes", "--backend-image", `${repository}-backend:latest`);
        assert.equal(wrong.exitCode, exitCodes.badConfig);
        assert.match(wrong.message ?? "", /^--backend-image .*:latest: must not be latest/);
        const result = await rollback("--yes", "--frontend-image", images("v2").frontend);
        assert.equal(result.result, "succeeded", result.message);
        assert.deepEqual(await running(), { backend: images("v1").backend, frontend: images("v2").frontend });
    });
});
