import assert from "node:assert/strict";

import { exitCodes } from "../../ops/exitCodes.ts";
import { ApiServer } from "../support/apiServer.ts";
import { clusterObjects } from "../support/clusterObjects.ts";
import { poll } from "../support/poll.ts";
import { ProductionProject } from "../support/productionProject.ts";

describe("the destroy of a protected stack with data in the cluster", () => {
    let project: ProductionProject;
    let server: ApiServer;
    let objectsBefore: string[];

    const run = (...args: string[]) => project.run("destroy", "prod", ...args);
    const volumes = async (): Promise<number> =>
        (await server.get<{ items: unknown[] }>("/api/v1/persistentvolumes")).items.length;

    before(async () => {
        project = await ProductionProject.create();
        project.change((config) => {
            Object.assign(config, { "spywatcher:data": { kind: "in-cluster" } });
        });
        await project.initialise();
        server = await ApiServer.connect();
        objectsBefore = await clusterObjects(server);
        const { code, stdout, stderr } = await project.run("up", "prod", "--yes");
        assert.equal(code, 0, stdout + stderr);
        assert.equal(await volumes(), 2);
    });
    after(() => {
        project.remove();
    });

    it("is refused unless the stack is named", async () => {
        const before = await clusterObjects(server);
        const refusals: [args: string[], message: RegExp][] = [
            [[], /Add --confirm prod\.$/m],
            [["--yes"], /Add --confirm prod; --yes does not do for it\.$/m],
            [["--yes", "--confirm", "dev"], /--confirm names dev, but the stack is prod\.$/m],
        ];
        for (const [args, message] of refusals) {
            const { code, stdout, stderr } = await run(...args);
            assert.equal(code, exitCodes.refused, stdout + stderr);
            assert.match(stderr, message);
            assert.match(stdout, /^prod holds \d+ in Kubernetes\.$/m);
            assert.match(
                stdout,
                /^ {2}kubernetes:apps\/v1:StatefulSet data-postgres.*: deleted with its volumes: the data is lost$/m,
            );
        }
        assert.deepEqual(await clusterObjects(server), before);
    });

    it("takes protections off only when nothing else would change", async () => {
        const [file, state] = [project.stackFile, project.state];
        project.change((config) => {
            Object.assign(config["spywatcher:app"]?.["ingress"] ?? {}, { idleTimeoutSeconds: 61 });
        });
        const { code, stdout, stderr } = await run("--confirm", "prod");
        assert.equal(code, exitCodes.refused, stdout + stderr);
        assert.match(
            stderr,
            /^Nothing was deleted: taking the protections off would change more than them.*\n {2}update kubernetes:networking\.k8s\.io\/v1:Ingress app-ingress \(metadata\.annotations/,
        );
        assert.equal(project.state, state);
        project.change((config) => {
            Object.assign(config["spywatcher:app"]?.["ingress"] ?? {}, { idleTimeoutSeconds: undefined });
        });
        assert.equal(project.stackFile, file);
    });

    it("says how to go on when it is interrupted, and goes on", async () => {
        const file = project.stackFile;
        const interrupted = project.start("destroy", "prod", "--confirm", "prod");
        await poll("protections are off", 120, () =>
            interrupted.output().includes("Protections are off") ? true : undefined,
        );
        interrupted.child.kill("SIGINT");
        const { code, stderr } = await interrupted.result;
        assert.equal(code, exitCodes.interrupted, interrupted.output());
        assert.match(stderr, /Interrupted.*(npm run destroy -- prod|Run it again to go on)/);

        const { code: second, stdout, stderr: errors } = await run("--confirm", "prod");
        assert.equal(second, 0, stdout + errors);
        assert.doesNotMatch(stdout, /^Protections are off/m);
        const order = [
            "deleted kubernetes:apps/v1:StatefulSet",
            "deleted kubernetes:core/v1:Namespace",
            "Waiting until the volumes are deleted",
        ];
        const places = order.map((text) => stdout.lastIndexOf(text));
        assert.deepEqual(
            places,
            places.toSorted((a, b) => a - b),
        );
        assert.equal(places.includes(-1), false, stdout);
        assert.equal(await volumes(), 0);
        assert.equal(project.stackFile, file);
        await poll("the cluster holds nothing that was not there before", 60, async () => {
            const objects = await clusterObjects(server);
            return objects.every((each) => objectsBefore.includes(each)) ? true : undefined;
        });
    });

    it("has nothing to do the second time", async () => {
        const { code, stdout, stderr } = await run("--confirm", "prod");
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^prod holds nothing\.$/m);
    });
});
