import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { kubeconfigPath, readKubeconfig } from "../../stacks/kubeconfig.ts";

describe("readKubeconfig", () => {
    let folder: string;
    let file: string;
    let server: Server;
    let port: number;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "spywatcher-kubeconfig-"));
        file = join(folder, "config");
        server = createServer();
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        ({ port } = server.address() as { port: number });
    });
    after(() => {
        server.close();
        rmSync(folder, { recursive: true });
    });

    function write(text: string): string {
        writeFileSync(file, text);
        return text;
    }

    function clusterAt(url: string): string {
        return write(
            `current-context: here\ncontexts: [{name: here, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "${url}"}}]\n`,
        );
    }

    async function refusal(context?: string, path = file): Promise<string> {
        try {
            await readKubeconfig(path, context, folder);
        } catch (error) {
            assert.equal((error as Error).name, "KubeconfigError");
            return (error as Error).message;
        }
        return "";
    }

    it("gives the content when the API server accepts connections", async () => {
        const text = clusterAt(`https://127.0.0.1:${port}`);
        assert.equal(await readKubeconfig("config", undefined, folder), text);
        assert.equal(await readKubeconfig(file, "here", "/"), text);
    });

    it("names the key and the file when there is none", async () => {
        assert.equal(
            await refusal(undefined, "/nowhere/kubeconfig"),
            "spywatcher:cluster.kubeconfig: there is no file /nowhere/kubeconfig. Start the embedded cluster (`npm run local:up`) or set the key to your cluster's kubeconfig.",
        );
    });

    it("says which API server does not answer", async () => {
        const closed = createServer();
        await new Promise<void>((done) => closed.listen(0, "127.0.0.1", done));
        const unused = (closed.address() as { port: number }).port;
        await new Promise((done) => closed.close(done));
        clusterAt(`https://127.0.0.1:${unused}`);
        assert.equal(
            await refusal(),
            `spywatcher:cluster.kubeconfig: the API server https://127.0.0.1:${unused} does not answer (ECONNREFUSED). Start the cluster (embedded: \`npm run local:up\`) or point the key to another kubeconfig.`,
        );
    });

    it("names the contexts there are when the wanted one is not", async () => {
        clusterAt(`https://127.0.0.1:${port}`);
        assert.equal(
            await refusal("there"),
            `spywatcher:cluster.kubeconfig: ${file} has no context "there"; its contexts: here. Set spywatcher:cluster.context to one of them.`,
        );
    });

    it("says when a context leads to no API server", async () => {
        write("current-context: here\ncontexts: [{name: here, context: {cluster: c}}]\n");
        assert.equal(
            await refusal(),
            `spywatcher:cluster.kubeconfig: ${file} names no API server for cluster "c".`,
        );
    });

    it("refuses what is not YAML, and an empty file", async () => {
        write("clusters: [");
        assert.match(await refusal(), /^spywatcher:cluster\.kubeconfig: \/.*\/config is not YAML: /);
        write("");
        assert.match(await refusal(), /has no context ""; its contexts: none\./);
    });

    it("takes ~ for the home folder and relative paths from the project", () => {
        assert.equal(kubeconfigPath("~/.kube/config", "/project"), join(homedir(), ".kube/config"));
        assert.equal(kubeconfigPath("kubeconfig", "/project"), "/project/kubeconfig");
        assert.equal(kubeconfigPath("/etc/kubeconfig", "/project"), "/etc/kubeconfig");
    });
});
