import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { KubeConfig } from "@kubernetes/client-node";

import { type Client, openClient } from "../../../ops/validate/client.ts";
import type { Check } from "../../../ops/validate/model.ts";
import { Planned } from "../../../ops/validate/planned.ts";
import { ReadError, type ReadTarget, UnreachableError } from "../../../ops/validate/readError.ts";
import { runChecks, validate } from "../../../ops/validate/runChecks.ts";
import { HealthyCluster } from "../../support/healthyCluster.ts";

const pods: ReadTarget = { verb: "list", resource: "pods", namespace: "spywatcher" };

function clientOf(server: string): Client {
    const config = new KubeConfig();
    config.loadFromOptions({
        clusters: [{ name: "c", server, skipTLSVerify: true }],
        users: [{ name: "u", token: "not-a-real-token" }],
        contexts: [{ name: "x", cluster: "c", user: "u" }],
        currentContext: "x",
    });
    return openClient(config);
}

/** An address on which nobody listens any more. */
async function closedAddress(): Promise<string> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    return `http://127.0.0.1:${port}`;
}

describe("reading a cluster", () => {
    const servers: Server[] = [];

    async function serving(listener: RequestListener): Promise<Client> {
        const server = createServer(listener);
        servers.push(server);
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
    const answering = (status: number, body: unknown) =>
        serving((_request, response) => {
            response.statusCode = status;
            response.end(typeof body === "string" ? body : JSON.stringify(body));
        });
    async function failure(client: Client, target = pods): Promise<ReadError | UnreachableError> {
        const error = await client.read("/x", target).catch((reason: unknown) => reason);
        assert.ok(error instanceof ReadError || error instanceof UnreachableError);
        return error;
    }

    afterEach(() => {
        for (const server of servers.splice(0)) {
            server.closeAllConnections();
            server.close();
        }
    });

    it("gives the JSON, and shows the token", async () => {
        let authorization: string | undefined;
        const client = await serving((request, response) => {
            ({ authorization } = request.headers);
            response.end('{"items": [1]}');
        });
        assert.deepEqual(await client.read("/x", pods), { items: [1] });
        assert.equal(authorization, "Bearer not-a-real-token");
    });

    it("names verb, resource, namespace and role of what is forbidden", async () => {
        const client = await answering(403, {
            message: 'pods is forbidden: User "jane" cannot list resource "pods"',
        });
        const inNamespace = await failure(client);
        assert.equal(inNamespace.message, "user jane may not list pods in namespace spywatcher");
        assert.equal(
            inNamespace.remedy,
            "Bind the Role spywatcher-validate in namespace spywatcher to it: add a group of it to platform.validation.groups and bring the stack up.",
        );
        const everywhere = await failure(client, { ...pods, namespace: undefined });
        assert.equal(everywhere.message, "user jane may not list pods in the whole cluster");
        assert.match(everywhere.remedy, /^Bind the ClusterRole spywatcher-validate to it/);
        const proxy = await failure(client, {
            verb: "get",
            resource: "services/proxy",
            namespace: "monitoring",
        });
        assert.match(proxy.remedy, /^Bind the ClusterRole spywatcher-validate to it/);
    });

    it("tells a kind that is not known from other failures", async () => {
        const absent = await failure(await answering(404, "404 page not found"));
        assert.ok(absent instanceof ReadError);
        assert.deepEqual([absent.reason, absent.message], ["absent", "the cluster knows no pods"]);
        const failed = await failure(await answering(503, "service unavailable"));
        assert.ok(failed instanceof ReadError);
        assert.deepEqual(
            [failed.reason, failed.message],
            ["failed", "list pods in namespace spywatcher: 503 service unavailable"],
        );
        assert.match((await failure(await answering(200, "<html>"))).message, /: 200 <html>$/);
    });

    it("tells of credentials that nobody knows", async () => {
        const error = await failure(await answering(401, { message: "Unauthorized" }));
        assert.ok(error instanceof UnreachableError);
        assert.match(error.message, / does not know who asks \(401 Unauthorized\)$/);
    });

    it("tells of a server that is not there", async () => {
        const address = await closedAddress();
        const error = await failure(clientOf(address));
        assert.equal(error.message, `the API server ${address} does not answer (ECONNREFUSED)`);
        assert.match(error.remedy, /npm run local:up/);
    });

    it("is one finding when the cluster cannot be asked; everything else is skipped", async () => {
        const { config } = await HealthyCluster.of("local");
        const check: Check = { name: "one", title: "", run: () => assert.fail("it was run") };
        const address = await closedAddress();
        const { findings, context } = await validate({
            checks: [check],
            client: clientOf(address),
            contextName: "x",
            config,
            planned: new Planned([], "spywatcher"),
        });
        assert.equal(context, undefined);
        assert.deepEqual(
            findings.map((each) => [each.check, each.object, each.status, each.message]),
            [
                [
                    "prerequisites",
                    "Context x",
                    "fail",
                    `the API server ${address} does not answer (ECONNREFUSED)`,
                ],
                ["one", "-", "skip", "needs prerequisites, which failed"],
            ],
        );
    });
});

describe("running checks", () => {
    const check = (name: string, run: Check["run"], needs: string[] = []): Check => ({
        name,
        title: "",
        needs,
        run,
    });
    const fails = check("a", () => [{ object: "A", status: "fail", message: "broken" }]);

    it("skips one whose need has failed, and runs the others", async () => {
        const context = (await HealthyCluster.of("local")).context();
        const second = check("b", () => assert.fail("it was run"), ["a"]);
        const third = check("c", () => [{ object: "C", status: "warn", message: "odd" }]);
        const fourth = check("d", () => [], ["c", "not selected"]);
        assert.deepEqual(runChecks([fails, second, third, fourth], context), [
            { check: "a", object: "A", status: "fail", message: "broken" },
            { check: "b", object: "-", status: "skip", message: "needs a, which failed" },
            { check: "c", object: "C", status: "warn", message: "odd" },
            { check: "d", object: "-", status: "skip", message: "the stack has nothing for it" },
        ]);
    });

    it("makes a finding of what could not be read, and no secret of a fault of its own", async () => {
        const context = (await HealthyCluster.of("local")).context();
        const unread = check("a", () => {
            throw new ReadError("forbidden", "may not", "Bind it.");
        });
        assert.deepEqual(runChecks([unread], context), [
            { check: "a", object: "-", status: "fail", message: "may not", remedy: "Bind it." },
        ]);
        const faulty = check("a", () => {
            throw new TypeError("a fault");
        });
        assert.throws(() => runChecks([faulty], context), TypeError);
    });
});
