import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { parse, parseAllDocuments } from "yaml";

import { ensureCertificates } from "../../../local/certificates.ts";
import { clusterFiles, commandLines } from "../../../local/controlPlane.ts";
import { servedResources } from "../../../local/crds.ts";
import { writeKubeconfig } from "../../../local/kubeconfig.ts";
import { kwokConfig } from "../../../local/kwok.ts";
import { readState } from "../../../local/state.ts";
import { inTemporaryFolder, writeScript } from "./support.ts";

const ports = { etcd: 1, etcdPeer: 2, apiserver: 3, kwok: 4, metricsServer: 5 };

describe("local/controlPlane", () => {
    it("lets every server listen on the loopback address only", () => {
        const lines = commandLines(clusterFiles("/cluster"), ports);
        for (const component of [
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "metrics-server",
        ] as const) {
            assert.ok(lines[component].includes("--bind-address=127.0.0.1"), component);
        }
        assert.ok(lines.etcd.includes("--listen-client-urls=https://127.0.0.1:1"));
        assert.ok(lines.etcd.includes("--listen-peer-urls=https://127.0.0.1:2"));
        assert.ok(lines.kwok.includes("--server-address=127.0.0.1:4"));
        assert.equal(
            Object.values(lines)
                .flat()
                .some((flag) => flag.includes("insecure")),
            false,
        );
    });
});

describe("local/kwok", () => {
    it("sets the delays of the settings, in milliseconds", async () => {
        const text = await kwokConfig({ podStartupSeconds: 2.5, jobSeconds: 0 });
        const delays = new Map(
            parseAllDocuments(text).map((document) => {
                assert.deepEqual(document.errors, []);
                return [
                    document.getIn(["metadata", "name"]),
                    document.getIn(["spec", "delay", "durationMilliseconds"]),
                ];
            }),
        );
        assert.equal(delays.get("pod-ready"), 2500);
        assert.equal(delays.get("pod-complete"), 0);
        assert.equal(delays.get("pod-start"), undefined);
    });
});

describe("local/certificates", () => {
    it("makes certificates that their authority signed, with private keys for the owner only, once", () =>
        inTemporaryFolder(async (folder) => {
            await ensureCertificates(folder);
            const read = async (file: string): Promise<X509Certificate> =>
                new X509Certificate(await readFile(join(folder, file)));
            const [ca, server, admin] = await Promise.all(["ca.crt", "apiserver.crt", "admin.crt"].map(read));
            assert.ok(ca !== undefined && server !== undefined && admin !== undefined);
            assert.equal(server.checkIssued(ca) && server.verify(ca.publicKey), true);
            assert.equal(server.checkIP("127.0.0.1"), "127.0.0.1");
            assert.equal(server.checkIP("10.96.0.1"), "10.96.0.1");
            assert.equal(server.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
            assert.equal(admin.subject, "O=system:masters\nCN=spywatcher-admin");
            const keys = (await readdir(folder)).filter((file) => file.endsWith(".key"));
            assert.equal(keys.length, 12);
            for (const key of keys) {
                assert.equal((await stat(join(folder, key))).mode & 0o777, 0o600, key);
            }
            await ensureCertificates(folder);
            assert.equal((await read("admin.crt")).fingerprint256, admin.fingerprint256);
        }));

    it("writes a kubeconfig for the owner only, which verifies the server", () =>
        inTemporaryFolder(async (folder) => {
            await ensureCertificates(folder);
            const path = join(folder, "kubeconfig");
            await writeKubeconfig({
                path,
                context: "spywatcher-x",
                port: 1234,
                certificates: folder,
                identity: "admin",
            });
            assert.equal((await stat(path)).mode & 0o777, 0o600);
            const config = parse(await readFile(path, "utf8")) as {
                "current-context": string;
                clusters: { cluster: Record<string, string> }[];
            };
            assert.equal(config["current-context"], "spywatcher-x");
            assert.deepEqual(config.clusters[0]?.cluster, {
                server: "https://127.0.0.1:1234",
                "certificate-authority-data": (await readFile(join(folder, "ca.crt"))).toString("base64"),
            });
        }));
});

describe("local/crds", () => {
    it("names the paths at which definitions are served", () => {
        const definition = (
            plural: string,
            versions: object[],
        ): Parameters<typeof servedResources>[0][number] => ({
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: `${plural}.example.org` },
            spec: { group: "example.org", names: { plural }, versions },
        });
        assert.deepEqual(
            servedResources([
                definition("cars", [{ name: "v1", served: true }]),
                definition("ships", [
                    { name: "v1", served: true },
                    { name: "v1alpha1", served: false },
                ]),
            ]),
            [{ path: "/apis/example.org/v1", names: ["cars", "ships"] }],
        );
    });
});

describe("local/state", () => {
    it("takes a missing or damaged state file for none", () =>
        inTemporaryFolder(async (folder) => {
            assert.equal(await readState(join(folder, "cluster.json")), undefined);
            await writeScript(folder, "cluster.json", ["{"]);
            assert.equal(await readState(join(folder, "cluster.json")), undefined);
        }));
});
