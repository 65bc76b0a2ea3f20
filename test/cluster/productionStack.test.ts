import assert from "node:assert/strict";
import { ApiServer } from "../support/apiServer.ts";
import { clusterObjects } from "../support/clusterObjects.ts";
import type { CommandResult } from "../support/command.ts";
import { ProductionProject } from "../support/productionProject.ts";

describe("the stack prod by the README, on a cluster that exists", () => {
    let project: ProductionProject;
    let server: ApiServer;

    const run = (...args: string[]): Promise<CommandResult> => project.run(...args);

    before(async () => {
        project = await ProductionProject.create();
        server = await ApiServer.connect();
    });
    after(() => {
        project.remove();
    });

    it("asks for its secrets before anything else", async () => {
        const { code, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 4);
        assert.match(stderr, /^The configuration has 6 problems; nothing was changed\./);
    });

    it("takes them encrypted by the Pulumi CLI", async () => {
        await project.initialise();
        const file = project.stackFile;
        assert.equal(file.includes("not-a-real"), false);
        const { code, stdout, stderr } = await run("config", "check", "prod");
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^environment: prod$/m);
    });

    it("does nothing without a yes", async () => {
        const { code, stdout, stderr } = await run("up", "prod");
        assert.equal(code, 6, stdout);
        assert.match(stderr, /Apply this to prod\? There is no terminal to ask on: add --yes\./);
        assert.equal((await server.send("GET", "/api/v1/namespaces/spywatcher")).status, 404);
    });

    it("comes up, waiting for the load balancer's address", async () => {
        const { code, stdout, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^loadBalancerHostname: spywatcher-ingress-spywatcher\.elb\.localhost$/m);
        const order = ["app-ingress", "app-schema-job", "app-backend-deployment", "app-backend-hpa"].map(
            (name) => stdout.indexOf(` ${name}`),
        );
        assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
        );
        assert.equal(order.includes(-1), false);
    });

    it("keeps its secrets out of state and output", async () => {
        assert.equal(project.state.includes("not-a-real"), false);
        const { stdout } = await run("preview", "prod");
        assert.equal(stdout.includes("not-a-real"), false);
        assert.match(stdout, /^0 changes: \d+ unchanged/m);
    });

    it("has nothing to change the second time", async () => {
        const { code, stdout, stderr } = await run("up", "prod", "--yes");
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^0 changes: \d+ unchanged/m);
    });

    it("is deleted when it is named, and its file stays as it is", async () => {
        const before = await clusterObjects(server);
        const file = project.stackFile;
        const refused = await run("destroy", "prod", "--yes");
        assert.equal(refused.code, 6, refused.stdout);
        assert.match(refused.stderr, /^Nothing was deleted: prod is protected.* Add --confirm prod/);
        assert.deepEqual(await clusterObjects(server), before);

        const destroyed = await run("destroy", "prod", "--yes", "--confirm", "prod");
        assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
        assert.match(destroyed.stdout, /^Protections are off: spywatcher-namespace, app-ingress$/m);
        assert.equal((await server.send("GET", "/api/v1/namespaces/spywatcher")).status, 404);
        assert.equal(project.stackFile, file);
    });
});
